"""What every room stands on: cases and their logs, answers, documents, papers, the ledger and the outbox.

No foreign key points upward but to the user; the logs store who, where and as what as plain values, so that
they survive accounts, organisations and archives (design, "What must never be").
"""

from __future__ import annotations

from core.models.answers import Answers, FormAnswer, FormDraft
from core.models.cases import About, AboutCase, Case, Logged, Serial
from core.models.due import DailyRun, Digest, Holiday, LedgerEntry, OwnDay, OwnYear, Reminder
from core.models.logs import UNNAMED_ROLES, AttemptLog, LogLine, TransitionLog, is_unnamed
from core.models.messages import Heartbeat, InboxMessage, OutboxMessage
from core.models.papers import Document, Paper, PaperState, StampedCopy, _document_path, _paper_path

__all__ = [
    "About",
    "AboutCase",
    "Answers",
    "AttemptLog",
    "Case",
    "DailyRun",
    "Digest",
    "Document",
    "FormAnswer",
    "FormDraft",
    "Heartbeat",
    "Holiday",
    "InboxMessage",
    "LedgerEntry",
    "LogLine",
    "Logged",
    "OutboxMessage",
    "OwnDay",
    "OwnYear",
    "Paper",
    "PaperState",
    "Reminder",
    "Serial",
    "StampedCopy",
    "TransitionLog",
    "UNNAMED_ROLES",
    "_document_path",  # these two are named by the first migration
    "_paper_path",
    "is_unnamed",
]
