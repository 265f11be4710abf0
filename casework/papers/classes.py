"""What a kind of case has on paper: a class for each, registered by the room that owns the kind."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from casework.papers import printing
from casework.papers.printing import Print
from core.forms import store
from core.models import Paper
from core.registry import ByKind

RECORDED = "_recorded"  # behind a paper's key: the edition that prints the opinions recorded so far


def base_key(kind: str) -> str:
    """The profile's key of the paper that a row is an edition of, or one of several of (`revocation.17`)."""
    return kind.removesuffix(RECORDED).partition(".")[0]


class CasePapers:
    """What one case has on paper. A room registers a class for each of its kinds of case that has papers."""

    def __init__(self, case: Any):
        self.case = case

    def main(self) -> str:
        """The key of the paper that a stamp goes on where the step names none; "" where there is no such paper."""
        return ""

    def content_hash(self) -> str:
        """The hash of what the case's papers print."""
        raise NotImplementedError

    def hash_of(self, kind: str) -> str:
        """The hash of what one paper prints: a changed hash makes a new version of it."""
        return self.content_hash()

    def render(self, paper: Paper) -> bytes:
        """The PDF of an issued paper."""
        raise NotImplementedError

    def finish(self, paper: Paper) -> None:
        """Called whenever the file of an issued paper is handed out."""

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        """What a reader may print beside the issued papers. A reviewer is an assigned expert."""
        return []

    def seals(self) -> str:
        """The seals wanted on the main paper, where the profile declares no paper."""
        return ""

    def comes_back(self, key: str) -> bool:
        """Whether something waits for the stamped scan of the paper."""
        return False

    def issuer(self) -> str:
        """The unit that issues the papers, by name."""
        unit = self.case.university or self.case.authority
        return unit.display_name if unit is not None else ""

    def is_over(self) -> bool:
        """Whether what the papers say has come to an end."""
        return False

    def has_ended(self, paper: Paper) -> bool:
        """Whether what one paper says has come to an end."""
        return self.is_over()

    def ended_on(self) -> dt.date | None:
        """The day on which it did, where one is known."""
        return None

    def step_titles(self) -> dict[str, str]:
        """Titles of the steps that stamps may belong to, by key."""
        return {}


class RoutedPapers(CasePapers):
    """The papers of a case with a route: its dossier, and the sheets of its steps."""

    def content_hash(self) -> str:
        return self.case.content_hash()

    def opinions(self) -> dict:
        """What the edition with the opinions prints in its blocks, by step key."""
        return {}

    def hash_of(self, kind: str) -> str:
        said = [self.content_hash()]
        if kind.endswith(RECORDED):
            said += [f"{key}:{opinion}" for key, opinion in self.opinions().items()]
        elif step := printing.step_with_form(self.case, kind, self.case.round):
            said.append(f"{step.pk}:{step.on}:{store.content_hash(step.answers)}")
        return said[0] if len(said) == 1 else hashlib.sha256("|".join(said).encode()).hexdigest()

    def stamped(self) -> list:
        """The declared steps whose paper has to come back stamped."""
        return [step for step in self.case.declared_route() if step.paper is not None and step.paper.scan != "none"]

    def seals(self) -> str:
        wanted = [step.paper for step in self.stamped() if step.paper.seal and not step.paper.key]
        return "；".join(dict.fromkeys(str(paper.seal) for paper in wanted))

    def comes_back(self, key: str) -> bool:
        asked = [step.paper.key or self.main() for step in self.stamped() if self.case.follows(step)]
        return key in asked

    def step_titles(self) -> dict[str, str]:
        return {step.key: str(step.title) for step in self.case.declared_route()}


kinds: ByKind[CasePapers] = ByKind(CasePapers)


def of(case) -> CasePapers:
    """The papers of a case."""
    return kinds.for_case(case)(case)
