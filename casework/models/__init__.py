"""The work on cases, whatever they are about: steps, panels, lists and notices, decisions, effects, records.

This room knows no training base. Rows name their case by kind and number.
"""

from casework.models.amendments import Amendment
from casework.models.copies import Copy
from casework.models.effects import Effect, Override, Record
from casework.models.lists import CaseList, ListEntry, Notice, NoticeProof, Objection
from casework.models.panels import Assignment, Mark
from casework.models.parcels import Parcel
from casework.models.records import Confirmation, RecordClock
from casework.models.steps import Decision, Step

__all__ = [
    "Amendment",
    "Assignment",
    "CaseList",
    "Confirmation",
    "Copy",
    "Decision",
    "Effect",
    "ListEntry",
    "Mark",
    "Notice",
    "NoticeProof",
    "Objection",
    "Override",
    "Parcel",
    "Record",
    "RecordClock",
    "Step",
]
