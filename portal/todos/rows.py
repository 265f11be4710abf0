"""A to-do as pages show it, and the columns that every source gives of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import BigIntegerField, BooleanField, CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from core import clock
from portal.queries.words import case_url, kind_label

SOON = 7  # days within which a to-do counts as due soon


@dataclass
class Todo:
    """One thing that waits for the reader. `number` is the case's; `since` when it came, `due` until when; `estimated`
    that a year on the way to that day has no table of working days yet."""

    what: str
    case_title: str
    case_kind: str
    case_id: int
    step: str
    url: str
    number: str = ""
    since: dt.datetime | None = None
    due: dt.date | None = None
    estimated: bool = False
    from_unit: str = ""
    from_person: str = ""
    action: str = ""
    returned: bool = False
    seal: str = ""
    copies: str = ""
    step_key: str = ""

    @property
    def order(self) -> tuple:
        """Oldest deadline first; without one after all others, by arrival."""
        return (self.due or dt.date.max, self.since or clock.now())


@dataclass
class Counts:
    """How many to-dos there are of each sort."""

    total: int = 0
    overdue: int = 0
    soon: int = 0
    returned: int = 0

    def add(self, row: Todo) -> None:
        today = clock.today()
        self.total += 1
        self.returned += row.returned
        if row.due is not None:
            self.overdue += row.due < today
            self.soon += today <= row.due <= today + dt.timedelta(days=SOON)


@dataclass
class Todos(Counts):
    """The first to-dos, and how many there are of each sort."""

    rows: list[Todo] = field(default_factory=list)


class Line(NamedTuple):
    """A to-do as the database gives it: `mine` says that the reader's own role acts, `person` who sent it."""

    source: str
    case_kind: str
    case_id: int
    case_title: str
    number: str
    step: str
    step_key: str
    since: dt.datetime | None
    due: dt.date | None
    estimated: bool
    returned: bool
    mine: bool
    person: str

    def todo(self, step: str, action: str, *, place: str = "", **more) -> Todo:
        """The to-do with the word for its step and for its button; `place` is where on the case's page it is done."""
        given = {
            "what": kind_label(self.case_kind),
            "number": self.number,
            "since": self.since,
            "due": self.due,
            "estimated": bool(self.estimated),
            "from_person": self.person,
            "returned": self.returned,
            "url": case_url(self.case_kind, self.case_id) + place,
        }
        about = {"case_title": self.case_title, "case_kind": self.case_kind, "case_id": self.case_id}
        return Todo(step=step, action=action, **about, **given | more)


FIELDS = {
    "source": CharField(),
    "case_kind": CharField(),
    "case_id": BigIntegerField(),
    "case_title": CharField(),
    "number": CharField(),
    "step": CharField(),
    "step_key": CharField(),
    "since": DateTimeField(),
    "due": DateField(),
    "estimated": BooleanField(),
    "returned": BooleanField(),
    "mine": BooleanField(),
    "person": CharField(),
}
NOTHING = {"number": "", "step": "", "step_key": "", "due": None, "estimated": False}
NOTHING |= {"returned": False, "mine": True, "person": ""}


def column(name: str) -> str:
    """A column of `Line` as the rows of a source carry it, beside their model's own fields."""
    return f"todo_{name}"


def lines(rows: QuerySet, source: str, **given) -> QuerySet:
    """Rows of any model with the columns of `Line`: each `given` one is the path of a field, an expression, or a `Value`;
    the others are empty."""
    columns = {"source": Value(source), "case_kind": "case_kind", "case_id": "case_id", "case_title": "case_title"}
    columns |= {name: Value(value) for name, value in NOTHING.items()}
    columns |= given
    # Without the order of the model: a union has one of its own.
    return rows.order_by().annotate(**{column(name): _typed(columns[name], kind) for name, kind in FIELDS.items()})


def _typed(value, kind):
    """In a union every branch has to be of the same type, an empty column too."""
    return F(value) if isinstance(value, str) else Cast(value, kind) if isinstance(value, Value) else value
