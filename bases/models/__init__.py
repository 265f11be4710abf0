"""Bases, their recognitions per level, the agreements they rest on, and what may end them from outside."""

from bases.models.agreement import Agreement, AgreementParty
from bases.models.base import Base
from bases.models.events import Incident, Withdrawal
from bases.models.recognition import Recognition

__all__ = ["Agreement", "AgreementParty", "Base", "Incident", "Recognition", "Withdrawal"]
