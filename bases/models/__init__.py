"""Bases, their recognitions per level, the agreements they rest on, what may end them from outside, the office over them."""

from bases.models.agreement import Agreement, AgreementParty
from bases.models.backfill import Backfill, BackfillProgress, BackfillRow
from bases.models.base import Base
from bases.models.events import Incident, Withdrawal
from bases.models.office import Office
from bases.models.recognition import Recognition

__all__ = [
    "Agreement",
    "AgreementParty",
    "Backfill",
    "BackfillProgress",
    "BackfillRow",
    "Base",
    "Incident",
    "Office",
    "Recognition",
    "Withdrawal",
]
