"""The life of a base in dates: what happened, under which clause, each with the case behind it for whoever sees that.

A room tells its part by a source; those of rooms above enter themselves when they are ready:

    @source
    def evaluations(page):
        for row in Evaluation.objects.visible_to(page.membership).filter(recognition=page.case):
            yield Entry(row.confirmed_on, _("考核评价"), row.grade, about=row)

Every source costs a fixed number of queries, and tells nothing but what the reader of the page may know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from bases import origin, pastgrades
from bases.models import Agreement, Backfill, Incident, Recognition, Withdrawal
from casework import effects
from casework.models import Effect
from casework.models.regulated import with_regulation
from casework.pages import Page
from casework.pages.findings import clause as cited
from core import clock
from core.language import bracketed, listed
from core.pages import Clause
from core.state_styles import BLUE, GREEN, GREY, ORANGE, RED, YELLOW
from regulations import vocabulary, wording
from regulations.models import Adoption


@dataclass(frozen=True)
class Entry:
    """One event. `clause` is its code until the timeline cites it; `about` the case behind it, which the reader sees;
    `after` names a case (kind, pk) that it follows from, linked where the timeline shows that case too. `year` counts
    something over the year of the day instead of telling of the day."""

    on: dt.date
    what: str
    text: str = ""
    tone: str = BLUE
    icon: str = "dot"
    clause: str | Clause = ""
    about: Any = None
    after: tuple[str, int] | None = None
    year: bool = False
    url: str = ""
    entered: dt.date | None = None  # the day on which it was entered, of what happened before the portal (补录)

    @property
    def ahead(self) -> bool:
        """Whether it is still to come."""
        return self.on > clock.today()


Source = Callable[[Page], Iterable[Entry]]
_sources: list[Source] = []


def source(told: Source) -> Source:
    """Decorator: tell a further part of the life of a base."""
    _sources.append(told)
    return told


def timeline(page: Page) -> list[tuple[int, list[Entry]]]:
    """The events of the base by year, the latest first; what counts over a year stands before its days."""
    told = [entry for each in _sources for entry in each(page) if entry.on is not None]
    shown = {(entry.about.case_kind, entry.about.pk): entry.about for entry in told if entry.about is not None}
    cites: dict[tuple[int | None, str], Clause] = {}
    entries = []
    for entry in told:
        case = entry.about if entry.about is not None else shown.get(entry.after)
        under = entry.about if entry.clause and entry.about is not None else page.case
        key = (under.governing_version().pk, entry.clause)
        if key not in cites:
            cites[key] = cited(under, entry.clause)
        entries.append(replace(entry, clause=cites[key], url=case.get_absolute_url() if case is not None else ""))
    entries.reverse()  # of one day, what a source tells later stands first
    entries.sort(key=lambda entry: (entry.on.year, entry.year, entry.on), reverse=True)
    return [(year, list(rows)) for year, rows in groupby(entries, key=lambda entry: entry.on.year)]


# --- what this room knows ------------------------------------------------------------------------------------------


@source
def recognition(page: Page) -> Iterator[Entry]:
    """Approved, published, in force, plaque, end of the construction period; what became of its application."""
    case: Recognition = page.case
    declared = case.profile.recognition
    when = declared.active_when if declared else None
    plaque = declared.plaque.when if declared and declared.plaque else None
    construction = declared.construction.years if declared and declared.construction else None
    level = declared.level.clause if declared else ""
    entered = entered_on(case)
    text = bracketed(case.level_label, case.document_number)
    yield Entry(case.decided_on, _("批准"), text, GREEN, "check", level or "", entered=entered)
    if case.published_on:
        yield Entry(case.published_on, _("公布"), "", BLUE, "megaphone", entered=entered)
    if case.active_on:
        clause = (when.clause if when else "") or ""
        yield Entry(case.active_on, _("生效"), "", GREEN, "check-circle", clause, entered=entered)
    if case.plaque_on:
        to = _("接收人：%(who)s") % {"who": case.plaque_to} if case.plaque_to else ""
        clause = (plaque.clause if plaque else "") or ""
        earlier = entered if entered and case.plaque_on < entered else None
        yield Entry(case.plaque_on, _("授牌"), to, GREEN, "star", clause, entered=earlier)
    if case.ends_on:
        code = (construction.clause if construction else "") or ""
        yield Entry(case.ends_on, _("建设期届满"), "", GREY, "calendar", code)
    if case.ended_on:
        yield Entry(case.ended_on, _("终止"), case.end_label, RED, "lock", case.end_clause)


def entered_on(case: Recognition | Agreement) -> dt.date | None:
    """The day on which a base, or its agreement, was entered that was there before the portal; None for others."""
    return clock.local(case.created_at).date() if case.backfill_id else None


@source
def backfilled(page: Page) -> Iterator[Entry]:
    """Entered afterwards, and what it brought along: the grades that it had before."""
    case: Recognition = page.case
    if not case.backfill_id:
        return
    entered = entered_on(case)
    seen = Backfill.objects.visible_to(page.membership).filter(pk=case.backfill_id).first()
    yield Entry(entered, _("补录入台账"), seen.number if seen is not None else "", GREY, "history", about=seen)
    kinds_of = case.profile.evaluations
    for row in pastgrades.of([case]):
        kind = kinds_of.get(row.answers.get("kind") or "")
        grade = next((grade for grade in kind.grades if grade.code == row.code), None) if kind else None
        text = _("%(y)s年度：%(g)s") % {
            "y": row.answers["year"],
            "g": wording.words(grade.title) if grade else row.code,
        }
        tone, icon = (RED, "x-circle") if grade is not None and not grade.passed else (GREEN, "check-circle")
        yield Entry(row.on, row.title, text, tone, icon, entered=entered)


@source
def application(page: Page) -> Iterator[Entry]:
    """Handed in, for those who see the application."""
    if not page.case.application_id:
        return
    for case in origin.visible_to(page.membership).filter(pk=page.case.application_id):
        if case.submitted_on:
            yield Entry(case.submitted_on, _("申报送审"), case.number, BLUE, "clipboard", about=case)


@source
def other_levels(page: Page) -> Iterator[Entry]:
    """What the same base was recognised as beside this."""
    rows = Recognition.objects.visible_to(page.membership).filter(base=page.case.base_id).exclude(pk=page.case.pk)
    levels = dict(Adoption.LEVELS)
    for row in with_regulation(rows):
        level = str(levels[row.level])
        yield Entry(row.decided_on, _("其他级别批准"), bracketed(level, row.document_number), BLUE, "layers", about=row)
        if row.ended_on:
            yield Entry(row.ended_on, _("其他级别终止"), level, GREY, "lock", row.end_clause, about=row)


@source
def agreements(page: Page) -> Iterator[Entry]:
    """Signed, and ended."""
    rows = Agreement.objects.visible_to(page.membership).filter(recognition=page.case)
    for row in rows:
        kind = str(row.get_type_display())
        if row.signed_on:
            term = _("%(a)s 至 %(b)s") % {"a": row.starts_on or "…", "b": row.ends_on} if row.ends_on else ""
            text = listed(filter(None, (kind, term)), "，")
            yield Entry(row.signed_on, _("签订协议"), text, GREEN, "stamp", about=row, entered=entered_on(row))
        if row.ended_on:
            yield Entry(row.ended_on, _("协议终止"), row.end_reason, GREY, "stamp", about=row)


EFFECT_STYLES = {
    "title": (GREEN, "star"),
    "praise": (GREEN, "star"),
    "grant": (GREEN, "check"),
    "priority": (GREEN, "check"),
    "register": (GREEN, "layers"),
    "criticism": (RED, "megaphone"),
    "loss_of_title": (RED, "x-circle"),
    "recovery": (RED, "return"),
    "suspension": (ORANGE, "ban"),
    "intake_limit": (ORANGE, "flag"),
    "bar": (ORANGE, "ban"),
    "rectification": (ORANGE, "tasks"),  # no case: a kind of entry
    "task": (YELLOW, "tasks"),
}


@source
def consequences(page: Page) -> Iterator[Entry]:
    """Titles, grants, criticism, suspensions and the like, from when until when; lifted, by whom and why."""
    for row in Effect.about(page.case).filter(state="standing"):
        if effects.kind_of(row).ends:
            continue  # the end of the base tells of it
        tone, icon = EFFECT_STYLES.get(row.kind, (BLUE, "dot"))
        kind = str(vocabulary.EFFECTS.get(row.kind, row.title))
        origin_case = (row.source_kind, row.source_id) if row.source_id else None
        yield Entry(row.from_on, kind, _extent(row, kind), tone, icon, row.clause, after=origin_case)
        if row.lifted_on:
            text = listed(filter(None, (row.title, row.lift_reason)), "：")
            yield Entry(row.lifted_on, _("解除"), text, GREEN, "check", row.clause, after=origin_case)


def _extent(row: Effect, kind: str) -> str:
    """What it is called beyond its kind, how much, and until when."""
    amount = ""
    if row.amount is not None:
        unit = _("%(n)s人") if row.kind == "intake_limit" else _("%(n)s元")
        amount = unit % {"n": f"{row.amount.normalize():f}"}
    until = _("至%(day)s") % {"day": row.until_on} if row.until_on else ""
    if row.renewal:
        until = listed(filter(None, (until, _("须经重新批准方可恢复"))), "，")
    return listed(filter(None, (row.title if row.title != kind else "", amount, until)), "，")


@source
def incidents(page: Page) -> Iterator[Entry]:
    """What happened at the partner unit, reported, and how it was assessed."""
    verdict = {True: _("可以继续开展联合培养"), False: _("确无法继续开展联合培养")}
    rows = Incident.objects.visible_to(page.membership).filter(recognition=page.case).exclude(state="dropped")
    for row in with_regulation(rows):
        declared = row.declaration
        if row.reported_on:
            happened = _("发生于%(day)s") % {"day": row.happened_on} if row.happened_on else ""
            text = listed(filter(None, (row.type_label if row.type_code else "", happened)), "，")
            yield Entry(row.reported_on, _("报告重大事项"), text, ORANGE, "alert", declared.clause or "", about=row)
        if row.assessed_on:
            tone, code = (GREEN if row.can_continue else RED), declared.judged or declared.clause or ""
            yield Entry(
                row.assessed_on, _("重大事项研判"), verdict.get(row.can_continue, ""), tone, "search", code, row
            )


@source
def withdrawals(page: Page) -> Iterator[Entry]:
    """Given up by both sides: sent, and filed."""
    rows = Withdrawal.objects.visible_to(page.membership).filter(recognition=page.case)
    for row in with_regulation(rows):
        code = row.declaration.clause or ""
        if row.sent_on:
            yield Entry(row.sent_on, _("报送自主撤销"), row.number, ORANGE, "return", code, row)
        if row.filed_on:
            yield Entry(row.filed_on, _("自主撤销备案"), row.number, GREY, "check", code, row)
