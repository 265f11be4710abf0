"""What a check found: the clause, how binding it is, what was seen, and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

BLOCKING = ("hard", "default")


@dataclass(frozen=True)
class Finding:
    """One finding of a rule or a form.

    `clause` is the clause ID or "" for a rule of the house; `strength` one of hard, default, priority, encouraged,
    info; `facts` what was seen (plain JSON values); `fix` says what to do; `form`, `section` and `field` point at
    the place to mend; `rule` is the profile's key of the rule, by which an override names it; `overridden` is true
    once the named role has let it pass.
    """

    clause: str
    strength: str
    message: str
    facts: dict = field(default_factory=dict)
    fix: str = ""
    form: str = ""
    section: str = ""
    field: str = ""
    rule: str = ""
    overridden: bool = False

    def __post_init__(self) -> None:
        # Lazy translations end here: findings go into logs and answers as plain text.
        object.__setattr__(self, "message", str(self.message))
        object.__setattr__(self, "fix", str(self.fix))

    @property
    def blocks(self) -> bool:
        """Whether it stops the act: hard always, default unless overridden, the others never."""
        return self.strength in BLOCKING and not self.overridden

    def as_dict(self) -> dict:
        """Plain values for logs and JSON answers."""
        return asdict(self)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those of `findings` that stop the act."""
    return [finding for finding in findings if finding.blocks]


def out_of_order(days: Iterable[tuple[str, str, dt.date | str | None]], clause: str = "") -> list[Finding]:
    """What is wrong with the order of the dates of one paper.

    `days` are (field name, label, day) in the order in which they have to follow each other; equal days pass, missing ones
    are left out. A finding for each day that lies before one named earlier, under `clause`, at the later's field.
    """
    given = [(name, label, _day(day)) for name, label, day in days if day]
    findings = []
    for at, (name, label, day) in enumerate(given):
        earlier = max(given[:at], key=lambda named: named[2], default=None)
        if earlier is not None and day < earlier[2]:
            message = _("%(label)s%(day)s早于%(other)s%(before)s。请核对日期。")
            message %= {"label": label, "day": day, "other": earlier[1], "before": earlier[2]}
            facts = {earlier[0]: earlier[2].isoformat(), name: day.isoformat()}
            findings.append(Finding(clause, "hard", message, facts, field=name))
    return findings


def _day(value: dt.date | str) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
