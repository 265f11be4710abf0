"""The kinds of row there are: what people call them and how they are told of. A room registers its own (`duekinds.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.state_styles import LIGHT_DAYS

# Days before a term's end on which is reminded of it, where an organisation has said nothing else: the four colours.
STAGES = tuple(sorted(LIGHT_DAYS, reverse=True))


@dataclass(frozen=True)
class Kind:
    """`staged`: reminded of several times before its day. `after`: reminded of once something has waited so many days, no
    text gives a last day and nothing is ever late. `personal`: its titles name a student, so that they leave the
    portal (feeds, text messages, robots) without them. `listed`: a day that people want to know of; a timer is none."""

    code: str
    label: Any
    staged: bool = False
    personal: bool = False
    listed: bool = True
    after: int = 0

    @property
    def days(self) -> tuple[int, ...]:
        """The portal's own days, where an organisation has said nothing else."""
        return (self.after,) if self.after else STAGES


KINDS: dict[str, Kind] = {}
# Kinds of case whose titles name a student: whatever is due on one is `personal`. The room that knows them adds them.
PERSONAL_CASES: set[str] = set()


def kind(
    code: str, label: Any = "", *, staged: bool = False, personal: bool = False, listed: bool = True, after: int = 0
) -> Kind:
    """Register what rows of a kind are. Raises ValueError where the kind stands already as something else."""
    wanted = Kind(code, label, staged, personal, listed, after)
    if code in KINDS and str(KINDS[code].label) != str(label):
        raise ValueError(f"two kinds of due rows are called {code!r}")
    return KINDS.setdefault(code, wanted)


def of(code: str) -> Kind:
    """The kind; one that nobody registered is called by its code."""
    return KINDS.get(code) or Kind(code, code)


def staged() -> list[str]:
    """The codes of the kinds that are reminded of in stages."""
    return [known.code for known in KINDS.values() if known.staged]


def settable() -> list[str]:
    """The codes of the kinds whose days an organisation chooses."""
    return [known.code for known in KINDS.values() if known.staged or known.after]


def never_late() -> list[str]:
    """The codes of the kinds that have no last day."""
    return [known.code for known in KINDS.values() if known.after]


def listed() -> list[Kind]:
    """The kinds that people know of."""
    return [known for known in KINDS.values() if known.listed]


def unlisted() -> list[str]:
    """The codes of the kinds that are nobody's business to read."""
    return [known.code for known in KINDS.values() if not known.listed]


def outside(entry: Any) -> str:
    """What may be said of a row outside the portal: its title, or only its kind where the title names a student."""
    known = of(entry.kind)
    return str(known.label) if known.personal or entry.case_kind in PERSONAL_CASES else entry.title
