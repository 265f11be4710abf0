"""What a kind of effect is: one class per kind. A room that knows more of a kind registers its own class under the
same code; a kind without a class of its own means nothing but its row.

    @register
    class Rectification(EffectKind):
        code = "rectification"
        warns = True

        def begun(self, effect, subject, act):
            ...
"""

from __future__ import annotations

from casework.effects.rows import not_lifted
from core.door import Act
from core.findings import Finding
from regulations import vocabulary


class EffectKind:
    """Everything that is asked about effects of one kind.

    `stops`: while it stands, the subject takes nobody new; `warns`: it may, with a warning; `ends`: it ends the
    subject. `liftable`: the role that
    confirmed it may end it with a reason (a title is lost that way, a suspension ended). `once`: while one with the same
    code stands on the subject, no second is proposed, whatever it follows from.
    """

    code = ""
    stops = False
    warns = False
    ends = False
    liftable = False
    once = False

    def fields(self, effect, subject) -> list[dict]:
        """Further fields of the form by which it is confirmed (`casework.specs`); the answers are kept in its
        `parameters`."""
        return []

    def findings(self, effect, subject, act: Act) -> list[Finding]:
        """What stands against confirming it with these answers."""
        return []

    def begun(self, effect, subject, act: Act) -> None:
        """What follows once it stands: inside the act by which it was confirmed, the row saved with its days."""

    def ended(self, effect, subject, act: Act) -> None:
        """What follows once it was lifted by an act, the row saved with the day."""


_kinds: dict[str, EffectKind] = {}


def register(cls: type[EffectKind]) -> type[EffectKind]:
    """Class decorator: enter a kind of effect under its code. Raises KeyError for a code that is none of
    `vocabulary.EFFECTS`, TypeError for one that is taken."""
    if cls.code not in vocabulary.EFFECTS:
        raise KeyError(cls.code)
    if cls.code in _kinds and type(_kinds[cls.code]) is not cls:
        raise TypeError(f"two kinds of effect {cls.code!r}")
    _kinds[cls.code] = cls()
    return cls


def kind_of(effect) -> EffectKind:
    """The kind of an effect, of its row; one that means nothing but its row where nobody registered any."""
    return _kinds.get(effect.kind) or EffectKind()


def codes(**wanted: bool) -> list[str]:
    """The codes of the kinds that have these attributes: `codes(stops=True)`."""
    return [
        code
        for code, kind in _kinds.items()
        if all(bool(getattr(kind, name)) == value for name, value in wanted.items())
    ]


@register
class Title(EffectKind):
    """A title that is held until it is lost."""

    code = "title"
    liftable = True
    once = True


@register
class Priority(EffectKind):
    """Put first where others choose among bases."""

    code = "priority"
    liftable = True
    once = True


@register
class Suspension(EffectKind):
    """Takes nobody new while it stands."""

    code = "suspension"
    stops = True
    liftable = True


@register
class IntakeLimit(EffectKind):
    """Takes so many persons at most while it stands."""

    code = "intake_limit"
    warns = True
    liftable = True


@register
class Bar(EffectKind):
    """Those whom it is about may not apply again while it stands."""

    code = "bar"
    liftable = True


@register
class Criticism(EffectKind):
    """A public criticism: an act of one day."""

    code = "criticism"


def lift_others(effect, subject, act: Act, kinds: list[str]) -> None:
    """End the effects of these kinds that stand on the subject, because `effect` begins."""
    for code in kinds:
        for row in not_lifted(subject, code):
            row.lifted_on, row.lift_reason, row.lifted_by = effect.from_on, effect.title, act.actor.name[:80]
            row.save(update_fields=["lifted_on", "lift_reason", "lifted_by"])
            kind_of(row).ended(row, subject, act)
