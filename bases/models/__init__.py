"""Bases, their recognitions per level, and the agreements they rest on."""

from bases.models.agreement import Agreement, AgreementParty
from bases.models.base import Base
from bases.models.recognition import Recognition

__all__ = ["Agreement", "AgreementParty", "Base", "Recognition"]
