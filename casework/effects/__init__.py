"""Effects: the dated consequences of decisions, grades, expiries and events. Questions about a day read these rows.

rows.py       put, standing, on_day, not_lifted, lift: the rows
kinds.py      what a kind of effect means when it begins and ends; rooms above register theirs
proposals.py  propose, begin, decline: from what a regulation declares to a row that stands
moves.py      confirming, declining and lifting through the door
"""

from casework.effects.kinds import EffectKind, codes, kind_of, register
from casework.effects.proposals import begin, declaration, decline, propose, propose_all
from casework.effects.rows import TASK, lift, not_lifted, on_day, put, standing

__all__ = [
    "TASK",
    "EffectKind",
    "begin",
    "codes",
    "declaration",
    "decline",
    "kind_of",
    "lift",
    "not_lifted",
    "on_day",
    "propose",
    "propose_all",
    "put",
    "register",
    "standing",
]
