"""Students by spreadsheet: a template, a check that leaves nothing behind but what it says, and all of them entered at once.

Like a sheet of bases that existed before (`bases.existing`), read by the same reader; students are plain rows, so no case is
made of it. What stands already under the same number and name is left as it is and said; another name is a fault.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, text
from core.door import Forbidden, Refused
from core.findings import Finding
from core.spreadsheets import SheetColumn, Table, catalogue, read_table, write_book
from regulations import catalogues
from tenants.models import Organisation
from tenants.services.acts import note, one_at_a_time
from trainees.models import Student, StudentSheet
from trainees.models.student import DEGREES, MODES
from trainees.services import MANAGE
from trainees.students import register, specs

MOST = 2000  # students in one sheet
MAX_BYTES = 10 * 1024 * 1024  # as the reader of spreadsheets has it
LISTS = ("category", "college")


def columns(own: dict) -> list[SheetColumn]:
    """The columns of the sheet; a university's names the college of each student."""
    codes = catalogues.entries(specs.CATALOGUE)
    made = [
        SheetColumn(
            "number", _("学号"), "code", required=True, unique=True, pattern=r"\S{1,30}", hint=_("最多30个字符")
        ),
        SheetColumn("name", _("姓名"), required=True, max_chars=60),
        SheetColumn("cohort", _("入学年份"), "integer"),
        SheetColumn(
            "category",
            _("专业学位类别"),
            choices={**{f"{code} {name}": code for code, name in codes.items()}, **{n: c for c, n in codes.items()}},
        ),
        SheetColumn("degree", _("学位类型"), choices={str(title): code for code, title in DEGREES}),
        SheetColumn("mode", _("学习方式"), choices={str(title): code for code, title in MODES}),
        SheetColumn("email", _("电子邮箱"), max_chars=100, unique=True),
        SheetColumn("phone", _("手机号"), "code", pattern=r"[0-9+\- ]{5,20}", hint=_("只写数字")),
    ]
    if own["college"] is None:
        colleges = specs.colleges_of(own["university"])
        if colleges:
            names = {college.name: str(college.pk) for college in colleges}
            made.insert(2, SheetColumn("college", _("学院"), required=True, choices=names))
    return made


def template(own: dict) -> bytes:
    """The sheet to fill in, with the lists to choose from."""
    asked = columns(own)
    names = [f"{code} {name}" for code, name in catalogues.entries(specs.CATALOGUE).items()]
    offered = {"category": tuple(names)}
    for column in asked:
        if column.key == "college":
            offered["college"] = tuple(column.choices)
    titles = {column.key: column.title for column in asked}
    lists, ranges = catalogue(_("目录"), offered, titles)
    shown = [
        SheetColumn(
            column.key,
            column.title,
            column.kind,
            required=column.required,
            choices=dict.fromkeys(offered.get(column.key, column.choices), ""),
        )
        for column in asked
    ]
    lines = [_("每行一名研究生；带*的列必填。不填写身份证号、家庭情况和政治面貌。全部检查无误后一次导入。")]
    main = Table(_("研究生名单"), shown, [], lines=lines, ranges=ranges)
    return write_book(_("研究生名单"), [main, lists])


def check(actor, own: dict, file_name: str, content: bytes) -> StudentSheet:
    """Read and check a sheet; no student is made. Every fault stands with row and column. Raises Forbidden."""
    if not actor.may(MANAGE, Student(**own)):
        raise Forbidden(_(register.WHO))
    asked = columns(own)
    read, problems = read_table(content, asked)
    faults = [[each.row, each.column, each.message, each.value, each.blocking] for each in problems]
    rows = [
        {"row": row.number, **{key: value for key, value in row.values.items() if value is not None}} for row in read
    ]
    if len(rows) > MOST:
        faults.append([0, "", _("一次最多导入%(n)s人，请分开导入。") % {"n": MOST}, str(len(rows)), True])
        rows = []
    elif not rows and not faults:
        faults.append([0, "", _("表中没有研究生。"), "", True])
    faults += _about(rows, own, {column.key: column.title for column in asked})
    faults.sort(key=lambda fault: (fault[0], fault[1]))
    state = "faulty" if any(fault[4] for fault in faults) else "checked"
    made = StudentSheet(**own, file_name=file_name[:200], rows=rows, problems=faults, made_by=actor, state=state)
    with transaction.atomic():
        # What was checked before and not entered holds names of people who may be no students here: it goes.
        StudentSheet.objects.filter(**own, made_by=actor).exclude(state="entered").delete()
        made.save()
    return made


def _about(rows: list[dict[str, Any]], own: dict, titles: dict[str, str]) -> list[list]:
    """What the single rows say against what stands already, and against reason."""
    numbers = [row["number"] for row in rows if "number" in row]
    standing = dict(
        Student.objects.filter(university=own["university"], number__in=numbers).values_list("number", "name")
    )
    emails = [row["email"].casefold() for row in rows if "email" in row]
    of_others = {
        email.casefold(): number
        for email, number in Student.objects.filter(university=own["university"], email__in=emails).values_list(
            "email", "number"
        )
    }
    faults: list[list] = []

    def fault(row: dict, key: str, message: str, *, blocking: bool = True) -> None:
        faults.append([row["row"], str(titles[key]), message, str(row.get(key, ""))[:60], blocking])

    for row in rows:
        number, cohort = row.get("number"), row.get("cohort")
        name = standing.get(number)
        if name is not None and name == row.get("name"):
            fault(row, "number", _("该研究生已登记，导入时跳过。"), blocking=False)
            continue
        if name is not None:
            fault(row, "number", _("学号已登记为%(name)s。") % {"name": name})
        if cohort is not None and not specs.FIRST_COHORT <= cohort <= clock.today().year + 1:
            fault(
                row,
                "cohort",
                _("入学年份应在%(a)s至%(b)s之间。") % {"a": specs.FIRST_COHORT, "b": clock.today().year + 1},
            )
        if "email" in row:
            row["email"] = text.address(row["email"])
            try:
                validate_email(row["email"])
            except ValidationError:
                fault(row, "email", _("不是电子邮箱地址。"))
            if of_others.get(row["email"].casefold(), number) != number:
                fault(row, "email", _("该邮箱已登记在学号%(n)s名下。") % {"n": of_others[row["email"].casefold()]})
    return faults


def enter(actor, sheet: StudentSheet) -> int:
    """Enter all students of a checked sheet at once, or none; says how many are new. Raises Forbidden, and Refused where it
    has faults, was entered already, or somebody entered one of its numbers under another name meanwhile."""
    own = {"university": sheet.university, "college": sheet.college}
    if not actor.may(MANAGE, Student(**own)):
        raise Forbidden(_(register.WHO))
    with one_at_a_time(sheet.university):
        sheet = StudentSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
        if sheet.state != "checked":
            raise Refused(_("该表%(state)s，不能导入。") % {"state": sheet.get_state_display()})
        known = dict(
            Student.objects.filter(
                university=sheet.university_id, number__in=[row["number"] for row in sheet.rows]
            ).values_list("number", "name")
        )
        clashes = [row for row in sheet.rows if known.get(row["number"], row["name"]) != row["name"]]
        if clashes:
            numbers = "、".join(row["number"] for row in clashes[:10])
            text_ = _("检查之后，学号%(n)s已由他人登记为其他姓名。请重新上传检查。") % {"n": numbers}
            raise Refused(Finding("", "hard", text_, {"numbers": numbers}))
        fresh = [row for row in sheet.rows if row["number"] not in known]
        names = catalogues.entries(specs.CATALOGUE)
        colleges = {str(college.pk): college for college in specs.colleges_of(own["university"])}
        Student.objects.bulk_create((_student(row, own, names, colleges) for row in fresh), batch_size=500)
        sheet.state, sheet.entered_at = StudentSheet.State.ENTERED, clock.now()
        sheet.number_entered, sheet.rows = len(fresh), []
        sheet.save(update_fields=["state", "entered_at", "number_entered", "rows"])
        unit = own["college"] or own["university"]
        note(unit, "students_imported", gettext_noop("导入研究生"), actor, file=sheet.file_name, number=len(fresh))
    return len(fresh)


def _student(row: dict[str, Any], own: dict, names: dict[str, str], colleges: dict[str, Organisation]) -> Student:
    code = row.get("category", "")
    return Student(
        university=own["university"],
        college=own["college"] or colleges.get(str(row.get("college", ""))),
        number=row["number"],
        name=row["name"],
        cohort=row.get("cohort"),
        category_code=code,
        category_name=names.get(code, ""),
        degree=row.get("degree", ""),
        mode=row.get("mode", ""),
        email=row.get("email", ""),
        phone=row.get("phone", ""),
    )
