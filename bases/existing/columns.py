"""What is asked of a base that existed before: said once, read as the columns of a spreadsheet and as the fields of a form.

Which of it is asked follows from the profile: construction period, plaque, grades, the agreement that a base is in force
by. Keys are the same in both; grades stand in several columns of a row and in one table of the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from casework.specs import PAPER, options
from core.spreadsheets import SheetColumn
from regulations import catalogues, wording
from tenants.models import Organisation
from tenants.roles import PARTNER_KINDS

CATEGORIES = "degree_categories_2022"
GRADES = 3  # evaluations so far that a row of the sheet has room for
CHECKED = "checked"  # the column of the marked-up sheet that says what was wrong; read over when it comes back
MENTORS = ("university_mentors", "base_mentors")
DAY = "2023-05-06"


@dataclass(frozen=True)
class Asked:
    """One thing that is asked. `kind` is the sheet's kind of column; `type` the form's type of field where it differs;
    `choices` title -> code, `offered` those of them that the sheet lists; `note` what the instructions say of it."""

    key: str
    title: str
    kind: str = "text"
    section: str = "base"
    required: bool = False
    type: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    most: int = 0
    unique: bool = False
    note: str = ""
    pattern: str = ""
    hint: str = ""
    more: dict = field(default_factory=dict)  # further keys of the form's field


SECTIONS = {
    "base": lambda: _("基地与合作单位"),
    "recognition": lambda: _("批准与建设期"),
    "agreement": lambda: _("现行协议"),
    "plaque": lambda: _("授牌"),
    "grades": lambda: _("以往考核结果"),
    "mentors": lambda: _("导师名单"),
}
TYPES = {"date": "date", "integer": "integer", "code": "text", "text": "text"}


def units_of(owner: Organisation, kind: str) -> dict[str, str]:
    """Name -> number of the units below the owner of the bases: its colleges, or a department's universities."""
    rows = Organisation.objects.filter(parent=owner, kind=kind, active=True).order_by("name")
    return {name: str(pk) for pk, name in rows.values_list("pk", "name")}


def grades_of(profile) -> tuple[dict[str, str], dict[str, str]]:
    """Kinds of evaluation of a regulation and the grades that they give, title -> code; ({}, {}) where it knows none."""
    kinds = {wording.words(kind.title): key for key, kind in profile.evaluations.items()}
    grades: dict[str, str] = {}
    for kind in profile.evaluations.values():
        for grade in kind.grades:
            grades.setdefault(wording.words(grade.title), grade.code)
    return kinds, grades


def asked(backfill) -> list[Asked]:
    """Everything that is asked of a base under the regulation, in the order of the sheet."""
    profile, owner = backfill.profile, backfill.owner
    return [
        *_base(backfill, owner),
        *_recognition(profile),
        *_agreement(profile),
        *_plaque(profile),
        *_mentors(),
    ]


def _base(backfill, owner: Organisation) -> list[Asked]:
    declared = backfill.profile.recognition
    units: list[Asked] = []
    if owner.kind == "department":
        schools = units_of(owner, "university")
        note = _("本地区已登记的学校，见“目录”。")
        units.append(
            Asked(
                "university",
                _("学校"),
                choices=schools,
                offered=tuple(schools),
                required=True,
                type="choice",
                note=note,
            )
        )
        units.append(Asked("college", _("责任学院"), most=100, note=_("该校已登记的学院全称，可不填。")))
    else:
        colleges, wanted = units_of(owner, "college"), declared.responsible_college
        units.append(
            Asked(
                "college",
                _("责任学院"),
                choices=colleges,
                offered=tuple(colleges),
                required=wanted is not None and bool(wanted.value),
                type="choice",
                note=_("本校已登记的学院，见“目录”。"),
            )
        )
    names = catalogues.entries(CATEGORIES)
    titles = {f"{code} {name}": code for code, name in names.items()}
    kinds = {str(title): code for code, title in PARTNER_KINDS}
    return [
        Asked("name", _("基地名称"), required=True, most=100),
        *units,
        Asked(
            "category",
            _("专业学位类别"),
            "code",
            choices={**titles, **{name: code for code, name in names.items()}},
            offered=tuple(titles),
            type="catalogue",
            note=_("填代码、名称或从“目录”中选；没有的不填。"),
            more={"catalogue": CATEGORIES},
        ),
        Asked("partner_name", _("合作单位名称"), required=True, most=100, note=_("与证照一致的全称。")),
        Asked(
            "uscc",
            _("统一社会信用代码"),
            "code",
            required=True,
            type="uscc",
            note=_("18位。合作单位凭此代码对应，不凭名称；没有登记过的单位将按此代码新登记。"),
        ),
        Asked(
            "partner_kind",
            _("合作单位性质"),
            choices=kinds,
            offered=tuple(kinds),
            type="choice",
            note=_("新登记的单位填写；已登记的以登记为准。"),
        ),
        Asked("division", _("合作单位所在地"), most=40, note=_("省份全称或6位行政区划代码；新登记的单位填写。")),
        Asked("leader", _("负责人"), most=30),
        Asked("former_number", _("原基地编号"), "code", most=40, unique=True, note=_("本单位原来的编号，照原样填写。")),
    ]


def _recognition(profile) -> list[Asked]:
    declared, where = profile.recognition, {"section": "recognition"}
    document = declared.document is not None and bool(declared.document.value)
    days = [
        Asked("decided_on", _("批准日期"), "date", required=True, note=DAY, **where),
        Asked(
            "document_number", _("批准文号"), required=document, most=60, note=_("原文件的文号，照原样填写。"), **where
        ),
        Asked("published_on", _("公布日期"), "date", note=DAY, **where),
    ]
    if declared.construction is not None:
        text = _("不填则按办法推算。")
        days.append(Asked("starts_on", _("建设期开始"), "date", note=text, **where))
        days.append(Asked("ends_on", _("建设期结束"), "date", note=text, **where))
    return days


def _agreement(profile) -> list[Asked]:
    if profile.agreement is None:
        return []
    when, where = profile.recognition.active_when, {"section": "agreement"}
    needed = when is not None and when.value == "signed"
    note = DAY if needed else _("有现行协议的填写。")
    return [
        Asked("agreement_number", _("原协议编号"), "code", most=60, **where),
        Asked("signed_on", _("协议签订日期"), "date", required=needed, note=note, **where),
        Asked("agreement_from", _("协议开始日期"), "date", required=needed, note=note, **where),
        Asked("agreement_to", _("协议结束日期"), "date", required=needed, note=note, **where),
        Asked("signatories", _("协议签字人"), most=40, **where),
        Asked("kept_at", _("协议原件存放处"), most=40, **where),
    ]


def _plaque(profile) -> list[Asked]:
    if profile.recognition.plaque is None:
        return []
    return [
        Asked("plaque_on", _("授牌日期"), "date", section="plaque", note=DAY),
        Asked("plaque_to", _("牌匾接收人"), section="plaque", most=40),
    ]


def _mentors() -> list[Asked]:
    note = _("多人用顿号隔开。只是名单，聘任手续以后在导师管理中办理。")
    titles = zip(MENTORS, (_("校内导师"), _("基地导师")), strict=True)
    return [Asked(key, title, section="mentors", type="longtext", most=1000, note=note) for key, title in titles]


def grade_columns(backfill) -> list[Asked]:
    """The columns of the evaluations so far: in the sheet after each other, `grade_2` the second."""
    kinds, grades = grades_of(backfill.profile)
    made: list[Asked] = []
    for number in range(1, GRADES + 1):
        if len(kinds) > 1:
            made.append(
                Asked(
                    f"kind_{number}",
                    _("考核类型%(n)s") % {"n": number},
                    choices=kinds,
                    offered=tuple(kinds),
                    section="grades",
                )
            )
        made += [
            Asked(
                f"year_{number}", _("考核年度%(n)s") % {"n": number}, "integer", section="grades", note=_("如2024。")
            ),
            Asked(
                f"grade_{number}",
                _("考核等次%(n)s") % {"n": number},
                choices=grades,
                offered=tuple(grades),
                section="grades",
                most=20,
            ),
            Asked(
                f"graded_on_{number}",
                _("考核确认日期%(n)s") % {"n": number},
                "date",
                section="grades",
                note=_("可不填。"),
            ),
        ]
    return made


# --- as a sheet -----------------------------------------------------------------------------------------------------


def of_sheet(backfill) -> list[Asked]:
    """What the sheet asks, column by column."""
    rows = asked(backfill)
    return [*(row for row in rows if row.section != "mentors"), *grade_columns(backfill), *_mentors()]


def sheet_columns(backfill) -> list[SheetColumn]:
    """The columns that a filled-in sheet is read by. That of an earlier check's remarks is known and read over."""
    columns = [
        SheetColumn(
            row.key,
            row.title,
            row.kind,
            required=row.required,
            choices=row.choices,
            unique=row.unique,
            max_chars=row.most,
            pattern=r".{1,60}" if row.kind == "code" else "",
            hint=_("最多60个字符"),
        )
        for row in of_sheet(backfill)
    ]
    return [*columns, SheetColumn(CHECKED, _("检查结果"))]


# --- as a form ------------------------------------------------------------------------------------------------------


def form_of(backfill) -> dict:
    """The form of one base, as data."""
    kinds, grades = grades_of(backfill.profile)
    by_section: dict[str, list[dict]] = {}
    for row in asked(backfill):
        by_section.setdefault(row.section, []).append(_field(row))
    if "agreement" in by_section:
        scan = {
            "key": "scan",
            "type": "file",
            "label": _("协议扫描件"),
            "accept": PAPER,
            "max_files": 40,
            "local": True,
        }
        by_section["agreement"].append(scan)
    by_section["grades"] = [_grades(kinds, grades)]
    sections = [
        {"key": key, "title": title(), "local": True, "fields": by_section[key]}
        for key, title in SECTIONS.items()
        if key in by_section
    ]
    return {"key": "existing", "title": _("存量基地补录"), "local": True, "sections": sections}


def _field(row: Asked) -> dict:
    kind = row.type or TYPES[row.kind]
    made = {"key": row.key, "type": kind, "label": row.title, "required": row.required, "local": True, **row.more}
    if row.note and row.note != DAY and kind not in ("choice", "catalogue"):
        made["help"] = row.note
    if kind == "choice":
        made["options"] = options((code, title) for title, code in row.choices.items())
    elif kind in ("text", "longtext") and row.most:
        made["max_chars"] = row.most
    return made


def _grades(kinds: dict[str, str], grades: dict[str, str]) -> dict:
    own = {"local": True}
    grade = {"type": "choice", "options": options((code, title) for title, code in grades.items())}
    columns = [
        {"key": "year", "type": "integer", "label": _("考核年度"), "required": True, "min": 1990, "max": 2199, **own},
        {"key": "grade", "label": _("考核等次"), "required": True, **own, **(grade if grades else {"type": "text"})},
        {"key": "graded_on", "type": "date", "label": _("考核确认日期"), **own},
    ]
    if len(kinds) > 1:
        pairs = options((code, title) for title, code in kinds.items())
        columns.insert(
            0, {"key": "kind", "type": "choice", "label": _("考核类型"), "required": True, "options": pairs, **own}
        )
    return {
        "key": "grades",
        "type": "table",
        "label": _("以往考核结果"),
        "max_rows": 10,
        "columns": columns,
        "help": _("只作历史记录；补录之前的考核不再补办。"),
        **own,
    }
