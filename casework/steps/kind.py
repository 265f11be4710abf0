"""What a kind of step is: one class per kind, one file per class in `casework.steps.kinds`, or in the room whose case
the step waits for. A further kind is one file that registers its class: profiles may name it from then on.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from core.findings import Finding
from regulations import routekinds

RETURN = ("return", lazy("退回修改"))


class StepKind:
    """Everything that the engine, the forms and the pages ask about steps of one kind.

    `title` is what readers of a regulation call it; `routes` the kinds of case on whose routes it makes sense (none:
    every route), `key` the key of the profile's step that belongs to this kind alone. `outcomes` are (code, label)
    pairs in the order in which they are offered. `awaits` names the kinds of case whose reaching a state closes the
    step of itself; `acted_on` says whether a person acts on it as well. `decided_by_body` is a step whose own fields
    say who decided and when. `experts`: experts are assigned to it. Files sent in a field named in `private` stay with
    the organisation that sent them; everybody else reads the conclusion. `vouches`: who closes it
    stands for the content as it was, so that a change of a term takes the answer back. `by_link`: it asks for a yes or no
    and nothing else, so that a profile may let somebody without an account close it by a link.
    """

    code = ""
    title: object = ""
    routes: tuple[str, ...] = ()
    key = ""
    outcomes: tuple[tuple[str, object], ...] = (("positive", lazy("提交")),)
    awaits: tuple[str, ...] = ()
    acted_on = True
    decided_by_body = False
    experts = False
    private: tuple[str, ...] = ()
    vouches = False
    by_link = False

    # --- the form, and what is said of it afterwards ------------------------------------------------------

    def fields(self, declared, outcome: str) -> list[dict]:
        """The kind's own fields, between the outcome and the opinion."""
        return []

    def fields_for(self, case, step, declared, outcome: str) -> list[dict]:
        """The same, for a kind whose fields depend on the case."""
        return self.fields(declared, outcome)

    def wants_opinion(self, declared) -> bool:
        """Whether a positive outcome needs words too."""
        return False

    def outcomes_in(self, case) -> tuple[tuple[str, object], ...]:
        """The outcomes as a case of this kind calls them."""
        return self.outcomes

    def outcomes_for(self, case, declared) -> tuple[tuple[str, object], ...]:
        """The outcomes as the profile's step words them (`verdicts`): an office recommends, a school agrees."""
        worded = declared.verdicts
        return tuple((code, worded.get(code, label)) for code, label in self.outcomes_in(case))

    def verdict(self, outcome: str, case=None, declared=None) -> str:
        """An outcome in words, those of the profile's step where it is given; an unknown code stays as it is."""
        known = self.outcomes if case is None else self.outcomes_in(case)
        if case is not None and declared is not None:
            known = self.outcomes_for(case, declared)
        return str(dict(known).get(outcome, outcome))

    # --- the engine ---------------------------------------------------------------------------------------

    def findings(self, case, step, declared, data: dict) -> list[Finding]:
        """What stands against closing the step positively with these cleaned answers, beside the profile's rules."""
        return []

    def closed(self, case, step, act) -> None:
        """What closing the step means for the whole; `step` and the act's outcome are set already."""

    # --- waiting for another case -------------------------------------------------------------------------

    def wants(self, declared, other) -> bool:
        """Whether `other`, a case that the step's case is linked with, is what the step waits for."""
        return False

    def reached(self, declared, other) -> bool:
        """Whether it is as far as the step wants it."""
        return False

    def brings(self, case, other, act=None) -> dict:
        """What is kept on the step when the other case closes it: the raw data of `settle_step`. `act` is the act by
        which it got there, where the step was waiting already."""
        return {"answers": {}}


_kinds: dict[str, StepKind] = {}


def register(cls: type[StepKind]) -> type[StepKind]:
    """Class decorator: enter a kind of step under its code. Raises TypeError for a code that is taken."""
    if cls.code in _kinds and type(_kinds[cls.code]) is not cls:
        raise TypeError(f"two kinds of step {cls.code!r}")
    _kinds[cls.code] = cls()
    word = routekinds.StepWord(cls.title or cls.code, cls.routes, cls.key, cls.by_link, dict(cls.outcomes))
    routekinds.STEPS[cls.code] = word
    return cls


def kind_of(step) -> StepKind:
    """The kind of a step, of its row or of its declaration. Raises KeyError for one that nobody registered."""
    return _kinds[step.kind]


def codes() -> set[str]:
    """The codes of every registered kind."""
    return set(_kinds)


def private_fields() -> set[str]:
    """Keys of the fields whose files stay with the organisation that sent them."""
    return {key for kind in _kinds.values() for key in kind.private}


def waiting_only() -> list[str]:
    """Codes of the kinds on which nobody acts."""
    return [code for code, kind in _kinds.items() if not kind.acted_on]


def waiting_for(case_kind: str) -> list[str]:
    """Codes of the kinds that a case of this kind may close."""
    return [code for code, kind in _kinds.items() if case_kind in kind.awaits]


def with_experts() -> list[str]:
    """Codes of the kinds to which experts are assigned."""
    return [code for code, kind in _kinds.items() if kind.experts]
