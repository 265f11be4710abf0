"""What the page of an office shows: its task list, who leads, what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.models import Office
from bases.recordparts import RecordKeeping
from casework import records
from casework.models import Record
from casework.pages import Page, kinds
from casework.pages.findings import clause
from core import clock, pages
from regulations import wording
from regulations.rules import check

# What rooms above show on the page of an office: (page) -> the part, None where there is nothing.
_parts: list[Callable[[OfficePage], pages.ExtraPart | None]] = []


def add_part(part: Callable[[OfficePage], pages.ExtraPart | None]):
    """Decorator: have a room above show a part on the page of an office."""
    _parts.append(part)
    return part


@dataclass
class Task:
    """One task of the list: when it was last marked, how often, by whom."""

    title: str
    cited: Any
    times: int = 0
    last: Record | None = None


@kinds.register(Office)
class OfficePage(RecordKeeping, Page):
    record_permission = "bases.office_record"
    careful = frozenset({"close"})

    def hints(self) -> list[pages.Hint]:
        """What the rules remark on the entries that stand, without refusing them: a budget over the cap, say."""
        office, remarks, seen = self.case, super().hints(), set()
        gates = {gate for rule in office.profile.rules for gate in rule.gate}
        for row in self.entries:
            gate = f"record.save:{row.type}"
            if gate not in gates or (row.type, row.code) in seen:
                continue
            seen.add((row.type, row.code))
            findings = check(office.profile, gate, office, clock.today(), answers={row.type: row.answers})
            title = f"{row.title}（{row.code or row.on}）"
            remarks += [
                pages.Hint(finding.message, "yellow", title=title) for finding in findings if not finding.blocks
            ]
        return remarks

    def tasks(self) -> list[Task]:
        """The task list with the entries that mark it. One query."""
        office = self.case
        own = office.declaration
        if own is None or own.record is None:
            return []
        rows = records.about(office.holder).filter(type=own.record).order_by("on", "pk")
        tasks = {task.code: Task(wording.words(task.label), clause(office, task.clause or "")) for task in own.tasks}
        for row in rows:
            if (task := tasks.get(row.code)) is not None:
                task.times, task.last = task.times + 1, row
        return list(tasks.values())

    def extras(self) -> list[pages.ExtraPart]:
        """The task list, and the log of what is kept."""
        office = self.case
        kept = self.kept_records(office.state == "open")
        log = reverse("bases:office_log", args=[office.pk])
        context = {**kept, "log": log, "layout": reverse("bases:layout")}
        own = office.declaration
        marks = own is not None and own.record in {key for key, _title, _clause in kept["types"]}
        listed = {"tasks": self.tasks(), "record": own.record if marks else "", **context}
        further = [shown for part in _parts if (shown := part(self)) is not None]
        tasks = pages.ExtraPart("tasks", _("工作任务"), "bases/parts/tasks.html", listed, place="tab")
        return [
            *further,
            *([tasks] if own is not None and own.tasks else []),
            pages.ExtraPart("kept", _("办公室记录"), "bases/parts/kept.html", context, place="tab"),
        ]
