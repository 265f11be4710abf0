"""A base under XCU: Annex 1, the opinions of both sides, panel and visit, the agreement, the meeting, the signature."""

from __future__ import annotations

from typing import Any

from config.stories import answers as written
from config.stories.hands import Attachment, Hand, fresh


def opinions(contact: Hand, secretary: Hand, office: Hand, application: Any, on: str) -> None:
    """Part V: the opinions of partner and college with their stamped pages, both matched by the graduate office."""
    contact.step(application, "partner_opinion", {"opinion": "同意共建。", "scan": Attachment("盖章")})
    secretary.step(application, "college_opinion", written.dean_opinion(on))
    office.match_all(application)


def visited(office: Hand, application: Any, on: str) -> None:
    """The site visit, and the review opinion on it."""
    office.step(application, "site_visit", {**written.SITE_VISIT, "visited_on": on})
    office.step(application, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"})


def checked(secretary: Hand, office: Hand, application: Any, legal: Hand | None = None) -> None:
    """The formal agreement was checked, by the lawyers too where it leaves the template; the office gives its opinion."""
    agreement = fresh(application).agreement
    secretary.do(agreement, "submit")
    office.step(agreement, "go_check", {"opinion": "与模板一致。" if legal is None else "要件齐备。"})
    if legal is not None:
        legal.step(agreement, "legal_review", {"opinion": "知识产权条款可行。"})
    office.step(application, "go_opinion", {"opinion": "同意。"})


def decided(recorder: Hand, application: Any, session: str, on: str) -> None:
    """The president's office meeting approves."""
    recorder.step(application, "meeting_decision", written.meeting("校长办公会", session, on))


def confirmed(contact: Hand, office: Hand, agreement: Any) -> None:
    """The partner confirms the text, and sealing begins."""
    contact.step(agreement, "partner_confirmation", {"opinion": "确认。"})
    office.do(agreement, "begin_sealing")
