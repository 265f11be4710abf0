"""The check of what was written: everything that is wrong with it, each at its row and column, and nothing changed.

What makes a base another one than it was is a fault and stops all of it; where an old agreement deviates from the
regulation of today, that is remarked with its clause: it may be older than the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from stdnum.cn import uscc as uscc_number

from bases.existing import columns
from bases.existing.rows import Written
from bases.models import Agreement, Base, Recognition
from bases.models.recognition import STANDING
from core import clock, text
from core.calendar import term_end
from core.findings import out_of_order
from regulations.rules import check_many
from tenants import divisions, roles
from tenants.models import Organisation

GATE = "agreement.existing"
LONGEST = 30  # characters of a mentor's name


@dataclass
class Ready:
    """A base that may be entered: what was written, with the units it names. `partner` is None for a unit that is to be
    registered first, `base` for one that is not there at any level."""

    written: Written
    university: Organisation
    college: Organisation | None
    partner: Organisation | None
    uscc: str
    base: int | None = None

    @property
    def key(self) -> tuple:
        """What makes a base one and the same: university, partner unit, category."""
        return self.university.pk, self.uscc or f"#{self.partner.pk}", self.written.text("category")


@dataclass
class Check:
    """A check of many rows against what the portal has. What it asks of the database it asks once for all of them."""

    backfill: Any
    ready: dict[int, Ready] = field(default_factory=dict)  # by row, those without a fault
    _rows: dict[tuple, int] = field(default_factory=dict)  # the row in which a base, or a unit's name, stood first
    _names: dict[str, tuple[str, int]] = field(default_factory=dict)
    _places: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.profile, self.owner, self.today = self.backfill.profile, self.backfill.owner, clock.today()
        self.kinds, self.grades = columns.grades_of(self.profile)
        self.units = self._units()
        self.titles = {asked.key: asked.title for asked in columns.asked(self.backfill)}

    def run(self, written: Sequence[Written]) -> None:
        """Check rows; their faults stand with them. Rows of one sheet may come in several parts."""
        known = self._known(written)
        for row in written:
            self._days(row)
            self._grades(row)
            self._mentors(row)
            self._unit_names(row, known)
        self._terms(written)
        for row in written:
            entry = self._resolved(row, known)
            if entry is not None:
                self._once(entry, known)
                if not row.faulty:
                    self.ready[row.number] = entry

    # --- units ---------------------------------------------------------------------------------------------------------

    def _units(self) -> dict[int, Organisation]:
        """The owner's own units that a row may name: itself, its universities, their colleges."""
        rows = Organisation.objects.filter(active=True, kind__in=("university", "college"))
        if self.owner.kind == roles.UNIVERSITY:
            below = rows.filter(parent=self.owner)
        else:
            below = rows.filter(parent=self.owner) | rows.filter(parent__parent=self.owner)
        return {unit.pk: unit for unit in [self.owner, *below.select_related("parent")]}

    def _known(self, written: Sequence[Written]) -> dict[str, Any]:
        """What stands in the portal under the codes, numbers and names of these rows."""
        codes = {code for row in written if (code := text.code(row.text("uscc")))}
        partners = {unit.uscc: unit for unit in Organisation.objects.filter(uscc__in=codes)}
        chosen = {int(row.text("partner")) for row in written if row.text("partner").isdecimal()}
        by_pk = Organisation.objects.in_bulk(chosen) if chosen else {}
        names = {row.text("partner_name") for row in written} - {""}
        same = Organisation.objects.filter(kind=roles.PARTNER, name__in=names).values_list("name", "uscc")
        units = {unit.pk for unit in (*partners.values(), *by_pk.values())}
        bases = Base.objects.filter(university__in=self.units, partner__in=units)
        there = {(base.university_id, base.partner_id, base.category_code): base for base in bases}
        standing = Recognition.objects.filter(
            base__in=[base.pk for base in there.values()], level=self.backfill.level, state__in=STANDING
        )
        numbers = {row.text("former_number") for row in written} - {""}
        return {
            "partners": partners,
            "by_pk": by_pk,
            "names": dict(same),
            "bases": there,
            "standing": {pk: number for pk, number in standing.values_list("base_id", "number")},
            "numbers": dict(
                Base.objects.filter(former_number__in=numbers, university__in=self.units).values_list(
                    "former_number", "number"
                )
            ),
        }

    def _unit_names(self, row: Written, known: dict[str, Any]) -> None:
        code, name = text.code(row.text("uscc")), row.text("partner_name")
        if not code:
            return
        if not uscc_number.is_valid(code):
            row.fault("uscc", _("统一社会信用代码校验不通过（应为18位，末位为校验码），请对照证照核对。"))
            return
        unit = known["partners"].get(code)
        if unit is not None and unit.kind != roles.PARTNER:
            row.fault("uscc", _("该代码属于学校或主管部门“%(n)s”，不是合作单位。") % {"n": unit.name})
        elif unit is not None and not unit.active:
            row.fault("uscc", _("该合作单位已停用，请先恢复使用。"))
        elif unit is not None and text.folded(unit.name) != text.folded(name):
            message = _("该代码登记的单位是“%(n)s”，与所填名称不同。请核对代码；单位已更名的，请先在“合作单位”中更改。")
            row.fault("partner_name", message % {"n": unit.name})
        first, at = self._names.setdefault(code, (text.folded(name), row.number))
        if first != text.folded(name):
            row.fault("partner_name", _("同一代码在第%(r)s行写的是另一个单位名称。") % {"r": at})
        if unit is None and name in known["names"]:
            message = _("已有同名的合作单位，代码为%(c)s；将按所填代码新登记一个单位，请核对。")
            row.remark("partner_name", message % {"c": known["names"][name] or _("（未登记）")})
        if unit is None and not self._is_place(row.text("division")):
            row.fault("division", _("行政区划不存在，请填省份全称或6位代码。"))

    def _is_place(self, typed: str) -> bool:
        """Whether there is such a place; asked once for each that is written."""
        if typed not in self._places:
            try:
                divisions.code_of(typed)
                self._places[typed] = True
            except LookupError:
                self._places[typed] = False
        return self._places[typed]

    def _resolved(self, row: Written, known: dict[str, Any]) -> Ready | None:
        """The units that a row names, or None where one of them is missing."""
        university = self.owner
        if self.owner.kind == roles.DEPARTMENT:
            university = self.units.get(int(row.text("university") or 0))
        college = None
        named = row.text("college")
        if named and university is not None:
            college = self._college(university, named)
            if college is None:
                row.fault("college", _("“%(u)s”没有登记这个学院。") % {"u": university.name})
        partner, code = known["by_pk"].get(int(row.text("partner") or 0)), text.code(row.text("uscc"))
        if partner is not None:
            code = partner.uscc
        else:
            partner = known["partners"].get(code)
        if university is None or row.faulty or (partner is None and not code):
            return None
        return Ready(row, university, college, partner, code)

    def _college(self, university: Organisation, named: str) -> Organisation | None:
        if named.isdecimal() and (unit := self.units.get(int(named))) is not None:
            return unit if unit.parent_id == university.pk else None
        own = (unit for unit in self.units.values() if unit.kind == roles.COLLEGE and unit.parent_id == university.pk)
        return next((unit for unit in own if text.folded(unit.name) == text.folded(named)), None)

    def _once(self, entry: Ready, known: dict[str, Any]) -> None:
        """No base stands twice, in the sheet or in the portal."""
        row = entry.written
        first = self._rows.setdefault(entry.key, row.number)
        if first != row.number:
            row.fault("name", _("与第%(r)s行是同一个基地（同一学校、合作单位、类别）。") % {"r": first})
        if entry.partner is not None:
            base = known["bases"].get((entry.university.pk, entry.partner.pk, row.text("category")))
            entry.base = base.pk if base is not None else None
            if base is not None and base.pk in known["standing"]:
                message = _("该基地已在台账中（%(n)s，%(b)s），不能重复补录。")
                row.fault("name", message % {"n": known["standing"][base.pk], "b": base.name})
        if (number := row.text("former_number")) in known["numbers"]:
            row.fault("former_number", _("原基地编号已登记于%(n)s。") % {"n": known["numbers"][number]})

    # --- days ------------------------------------------------------------------------------------------------------------

    def _days(self, row: Written) -> None:
        titles = self.titles
        for key in ("decided_on", "published_on", "signed_on", "plaque_on"):
            day = row.day(key)
            if day is not None and day > self.today:
                row.fault(key, _("“%(t)s”不能晚于今天。") % {"t": titles[key]})
        orders = (("decided_on", "published_on"), ("starts_on", "ends_on"), ("agreement_from", "agreement_to"))
        for order in (*orders, ("signed_on", "agreement_to")):
            for finding in out_of_order([(key, titles.get(key, key), row.day(key)) for key in order]):
                row.fault(finding.field, finding.message)
        self._agreement(row)
        self._plaque(row)
        self._construction(row)

    def _agreement(self, row: Written) -> None:
        keys = ("signed_on", "agreement_from", "agreement_to")
        given = [key for key in keys if row.day(key)]
        if (
            not given
            and any(row.text(key) for key in ("agreement_number", "signatories", "kept_at"))
            or 0 < len(given) < 3
        ):
            for key in keys:
                if key not in given and not any(fault.key == key for fault in row.faults):
                    row.fault(key, _("有现行协议的，“%(t)s”必须填写。") % {"t": self.titles[key]})
        last = row.day("agreement_to")
        if last is not None and last < self.today:
            row.remark("agreement_to", _("协议期限已届满；导入后列入到期事项，请续签或登记终止。"))
        first, signed = row.day("agreement_from"), row.day("signed_on")
        if first and signed and first < signed:
            row.remark("agreement_from", _("协议开始日期早于签订日期，请核对。"))

    def _plaque(self, row: Written) -> None:
        plaque, signed = row.day("plaque_on"), row.day("signed_on")
        declared = self.profile.recognition.plaque
        if row.text("plaque_to") and plaque is None:
            row.fault("plaque_on", _("写了牌匾接收人，请填写授牌日期。"))
        when = declared.when if declared is not None else None
        if plaque and signed and when is not None and when.value == "after_signing" and plaque < signed:
            row.remark("plaque_on", _("授牌日期早于协议签订日期。"), clause=when.clause or "")

    def _construction(self, row: Written) -> None:
        declared = self.profile.recognition.construction
        if declared is None:
            return
        start, end = row.day("starts_on"), row.day("ends_on")
        years = declared.years
        if start and end and years is not None and years.value and end != term_end(start, years=years.value):
            message = _("建设期与办法规定的%(n)s年不同，以所填日期为准。") % {"n": years.value}
            row.remark("ends_on", message, clause=years.clause or "")
        if end is not None and end < self.today:
            row.remark("ends_on", _("建设期已届满；届满时应办的考核不再补办。"))

    def _terms(self, written: Iterable[Written]) -> None:
        """The rules that the profile asks of an agreement that was there before; each is a remark with its clause."""
        agreements, rows = [], {}
        for row in written:
            first, last = row.day("agreement_from"), row.day("agreement_to")
            if first is None or last is None or last < first or row.day("signed_on") is None:
                continue
            rows[-row.number - 1] = row
            agreements.append(
                Agreement(
                    pk=-row.number - 1,
                    type="recorded",
                    on_paper=True,
                    regulation_version=self.backfill.regulation_version,
                    university=self.owner if self.owner.kind == roles.UNIVERSITY else None,
                    authority=self.owner if self.owner.kind == roles.DEPARTMENT else None,
                    signed_on=row.day("signed_on"),
                    starts_on=first,
                    ends_on=last,
                )
            )
        if not agreements:
            return
        found_by = check_many(self.profile, GATE, agreements, self.today, organisation=self.owner)
        for pk, findings in found_by.items():
            for finding in findings:
                rows[pk].remark("agreement_to", finding.message, clause=finding.clause)

    # --- grades and mentors ------------------------------------------------------------------------------------------------

    def _grades(self, row: Written) -> None:
        seen: set[tuple[str, int]] = set()
        for grade in row.grades:
            at, year = grade["at"], grade.get("year")
            year = int(year) if str(year or "").isdecimal() else None
            if year is None or not grade.get("grade"):
                missing = "year" if year is None else "grade"
                row.fault(f"{missing}_{at}", _("以往考核要写明年度和等次。"), "")
                continue
            if not 1990 <= year <= self.today.year:
                row.fault(f"year_{at}", _("考核年度应为1990至%(y)s。") % {"y": self.today.year}, year)
            kind = grade.get("kind") or (next(iter(self.kinds.values())) if len(self.kinds) == 1 else "")
            if len(self.kinds) > 1 and not kind:
                row.fault(f"kind_{at}", _("请写明考核类型。"), "")
            declared = self.profile.evaluations.get(kind)
            if declared is not None and grade["grade"] not in {known.code for known in declared.grades}:
                row.fault(f"grade_{at}", _("“%(k)s”没有这个等次。") % {"k": declared.title}, grade["grade"])
            if (kind, year) in seen:
                row.fault(f"year_{at}", _("同一年度的同类考核写了两次。"), year)
            seen.add((kind, year))
            day = clock.day_of(grade.get("graded_on"))
            if day is not None and (day > self.today or day.year not in (year, year + 1)):
                row.fault(f"graded_on_{at}", _("确认日期应在考核年度或次年，且不晚于今天。"), day)

    def _mentors(self, row: Written) -> None:
        for key in columns.MENTORS:
            names = row.mentors(key)
            if long := [name for name in names if len(name) > LONGEST]:
                row.fault(key, _("“%(n)s…”过长，请只写姓名，多人用顿号隔开。") % {"n": long[0][:10]}, long[0])
            if len(set(names)) < len(names):
                row.remark(key, _("同一姓名写了两次，只登记一次。"))


def graded_on(grade: dict[str, Any]) -> dt.date:
    """The day of an evaluation so far: the one that was written, else the last of its year."""
    return clock.day_of(grade.get("graded_on")) or dt.date(int(grade["year"]), 12, 31)
