"""One base as somebody wrote it: plain values by key, the same from a row of a sheet and from a form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bases.existing.columns import GRADES
from core import clock
from core.spreadsheets import Problem, SheetRow

BETWEEN = re.compile(r"[、,，;；/\n]+")


@dataclass(frozen=True)
class Fault:
    """Something about one value. `key` is the column's; what does not block is a remark. `clause`: where it stands."""

    key: str
    message: str
    value: str = ""
    blocking: bool = True
    clause: str = ""

    def as_data(self) -> list:
        """Plain values, as a row keeps them."""
        return [self.key, self.message, self.value, self.blocking, self.clause]


@dataclass
class Written:
    """What one row or form says. `number` is the row's in its sheet, 0 for a form."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def text(self, key: str) -> str:
        return str(self.values.get(key) or "").strip()

    def day(self, key: str) -> dt.date | None:
        return clock.day_of(self.values.get(key))

    def fault(self, key: str, message: str, value: Any = None, *, blocking: bool = True, clause: str = "") -> None:
        shown = self.values.get(key) if value is None else value
        shown = "" if shown is None or isinstance(shown, list | dict) else str(shown)
        self.faults.append(Fault(key, str(message), shown[:60], blocking, clause))

    def remark(self, key: str, message: str, *, clause: str = "") -> None:
        """Something to look at again, which does not stop the row."""
        self.fault(key, message, blocking=False, clause=clause)

    @property
    def faulty(self) -> bool:
        return any(fault.blocking for fault in self.faults)

    @property
    def grades(self) -> list[dict[str, Any]]:
        """The evaluations so far: kind, year, grade, graded_on, and `at`, the number that tells their columns."""
        return self.values.get("grades") or []

    def mentors(self, key: str) -> list[str]:
        """The names of one list."""
        return [name for part in BETWEEN.split(self.text(key)) if (name := " ".join(part.split()))]


def of_sheet_row(row: SheetRow) -> Written:
    """A row of a sheet as plain values; its columns of grades as one list."""
    values: dict[str, Any] = {key: _plain(value) for key, value in row.values.items() if value not in (None, "")}
    grades = []
    for number in range(1, GRADES + 1):
        keys = {name: f"{name}_{number}" for name in ("kind", "year", "grade", "graded_on")}
        given = {name: values.pop(key) for name, key in keys.items() if key in values}
        if given:
            grades.append({**given, "at": number})
    if grades:
        values["grades"] = grades
    return Written(row.number, values)


def of_form(answers: dict[str, Any]) -> Written:
    """The answers of the form as the same values."""
    values = {key: value for key, value in answers.items() if value not in (None, "", [])}
    grades = values.get("grades")
    if isinstance(grades, list):
        values["grades"] = [{**row, "at": number} for number, row in enumerate(grades, 1) if isinstance(row, dict)]
    return Written(0, values)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, int) else str(value)


def by_row(problems: Iterable[Problem], titles: dict[str, str]) -> dict[int, list[Fault]]:
    """What reading the sheet found, by row; `titles`: key by title of the columns. Row 0: the file as a whole."""
    found_in: dict[int, list[Fault]] = {}
    for problem in problems:
        fault = Fault(titles.get(problem.column, ""), problem.message, problem.value, problem.blocking)
        found_in.setdefault(problem.row, []).append(fault)
    return found_in
