"""Whose hand makes an act: the same words at the door, or, in the scenarios, over HTTP (tests/scenarios/house.py)."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pypdf import PdfWriter

from core.door import perform
from core.forms import store
from core.uploads import CheckedFile, store_document
from tenants.models import Membership


@dataclass(frozen=True)
class Attachment:
    """A file that an act brings along: empty pages under the name that is shown."""

    name: str
    pages: int = 1

    @property
    def file_name(self) -> str:
        return f"{self.name}.pdf"

    def content(self) -> bytes:
        writer, out = PdfWriter(), io.BytesIO()
        for _page in range(self.pages):
            writer.add_blank_page(595, 842)
        writer.write(out)
        return out.getvalue()


def fresh(case: Any) -> Any:
    """The case as it is now."""
    return type(case)._base_manager.get(pk=case.pk)


def with_files(answers: dict, file: Callable[[str, Attachment], Any]) -> dict:
    """The answers with each attachment as `file(field, attachment)` makes it of it."""
    return {key: file(key, value) if isinstance(value, Attachment) else value for key, value in answers.items()}


class Hand(ABC):
    """Somebody acting in one membership. Every act has to go through: a refusal is an error of the story."""

    membership: Membership

    @abstractmethod
    def do(self, case: Any, move: str, answers: dict | None = None, *, step: Any = None, **more: Any) -> None:
        """Make a move; `step` is the key of the open step it is made on, or the subject's primary key, `more` what the
        move reads beside its form."""

    @abstractmethod
    def fill(self, case: Any, form: str, answers: dict) -> None:
        """Fill in a form of the dossier; what was there and is not named stays."""

    def step(self, case: Any, key: str, answers: dict | None = None, outcome: str = "positive") -> None:
        """Act on an open step."""
        self.do(case, "act_on_step", {"outcome": outcome, **(answers or {})}, step=key)

    def record(self, case: Any, kind: str, answers: dict) -> None:
        """Enter a dated record of a type that the regulation asks for."""
        self.do(case, "enter_record", answers, type=kind)

    def match_all(self, case: Any) -> None:
        """Compare every stamped paper that waits, and say that it is the one that was printed."""
        for step in list(fresh(case).unmatched_steps()):
            self.do(case, "match_scan", {"result": "matched", "kept_at": "档案柜3"}, step=step.pk)


@dataclass
class DoorHand(Hand):
    """Acts at the door itself."""

    membership: Membership

    def _kept(self, case: Any, answers: dict) -> dict:
        def keep(field: str, attachment: Attachment) -> list[int]:
            checked = CheckedFile(attachment.file_name, "pdf", attachment.content())
            return [store_document(checked, case, field, self.membership).pk]

        return with_files(answers, keep)

    def do(self, case: Any, move: str, answers: dict | None = None, *, step: Any = None, **more: Any) -> None:
        case = fresh(case)
        data: dict = {"answers": self._kept(case, answers or {}), **more}
        if isinstance(step, str):
            rows = case.steps().filter(key=step, state="open")
            own = rows.filter(unit_id=self.membership.organisation_id)  # of several units' rows the actor's own
            step = (own if len(rows) > 1 else rows).get().pk
        if step is not None:
            data["step"] = str(step)
        perform(case, move, self.membership, data)

    def fill(self, case: Any, form: str, answers: dict) -> None:
        row = store.load(case, form)
        given = {**(row.answers if row else {}), **self._kept(case, answers)}
        store.save(case, form, case.round, given, row.revision if row else 0, self.membership)
