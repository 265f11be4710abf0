"""What the office that runs the bases keeps beside its cases: its task list, and the records about its own organisation."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from regulations import vocabulary
from regulations.schema.base import Cited, Key, Option, Text


class Office(Cited):
    """The office that a regulation gives an organisation. It has a page of its own, where the records about that
    organisation are entered (`subject` of their type: `unit`). A task of its list is marked, with its day, by an entry of
    the type `record`, whose column `code` names the task."""

    title: Text
    unit: Literal["university", "authority"]
    role: str
    tasks: list[Option] = []
    record: Key | None = None

    @model_validator(mode="after")
    def _known(self):
        if self.role not in vocabulary.roles_of(self.unit):
            raise ValueError(f"no role «{self.role}» in unit «{self.unit}»")
        if bool(self.tasks) != (self.record is not None):
            raise ValueError(
                "a task list needs the type of record by which a task is marked (record), and the other way round"
            )
        return self
