"""Telling a story through the door: people act one after another, each at their own moment."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from pypdf import PdfWriter

from core import clock
from core.door import perform
from core.forms import store
from core.uploads import CheckedFile, store_document
from tenants.demo.build import World
from tenants.models import Membership, Organisation


def sample_pdf() -> bytes:
    """An empty page that stands for a scan in the demo."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


SCAN = sample_pdf()


@dataclass(frozen=True)
class Attachment:
    """A file that an act brings along, by the name it is shown under."""

    name: str


@dataclass
class Story:
    """The world and its clock. Days are those of the story's own calendar, moved by `shift` to end about today."""

    world: World
    shift: dt.timedelta

    def day(self, text: str) -> dt.date:
        """A day of the story on the portal's calendar."""
        return dt.date.fromisoformat(text) + self.shift

    def iso(self, text: str) -> str:
        return self.day(text).isoformat()

    def at(self, text: str):
        """Turn the clock to a moment of the story, "2026-09-20" (nine o'clock) or "2026-09-20 15:30"."""
        day, _blank, time = text.partition(" ")
        return clock.travel(dt.datetime.combine(self.day(day), dt.time.fromisoformat(time or "09:00")))

    def who(self, login: str, role: str | None = None) -> Membership:
        return self.world.membership(login, role)

    def unit(self, key: str) -> Organisation:
        return self.world.organisations[key]

    def _answers(self, case, answers: dict, actor: Membership) -> dict:
        """Answers with their attachments kept as the case's documents."""
        ready = {}
        for key, value in answers.items():
            if isinstance(value, Attachment):
                checked = CheckedFile(f"{value.name}.pdf", "pdf", SCAN)
                ready[key] = [store_document(checked, case, key, actor).pk]
            else:
                ready[key] = value
        return ready

    def fill(self, login: str, case, form: str, answers: dict) -> None:
        """Fill a form of the dossier in."""
        actor = self.who(login)
        row = store.load(case, form)
        given = {**(row.answers if row else {}), **self._answers(case, answers, actor)}
        store.save(case, form, case.round, given, row.revision if row else 0, actor)

    def do(
        self,
        login: str,
        case,
        move: str,
        answers: dict | None = None,
        *,
        role: str | None = None,
        step=None,
        **raw,
    ):
        """Make a move; returns the fresh case."""
        actor = self.who(login, role)
        case = fresh(case)
        data = {"answers": self._answers(case, answers or {}, actor), **raw}
        if isinstance(step, str):
            step = case.steps().get(key=step, state="open").pk
        if step is not None:
            data["step"] = str(step)
        return perform(case, move, actor, data)

    def step(
        self,
        login: str,
        case,
        key: str,
        answers: dict | None = None,
        outcome: str = "positive",
        role: str | None = None,
    ):
        """Act on an open step."""
        return self.do(login, case, "act_on_step", {"outcome": outcome, **(answers or {})}, role=role, step=key)

    def match_all(self, login: str, case) -> None:
        """Compare every stamped paper that waits."""
        for step in list(fresh(case).unmatched_steps()):
            self.do(login, case, "match_scan", {"result": "matched", "kept_at": "档案柜"}, step=step.pk)


def fresh(case):
    """The case as it is now."""
    return type(case)._base_manager.get(pk=case.pk)
