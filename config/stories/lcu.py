"""A base under LCU: the year's call, a college's project, the base office, the leading group, the agreement."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from applications.services.starting import start_application
from bases.drafting import follow
from bases.models import Agreement, Recognition
from config.stories import answers as written
from config.stories import answers_lcu as said
from config.stories.hands import Hand, fresh

GROUP = "研究生联合培养基地领导小组"


def drafted(secretary: Hand, call: Call, answers: dict) -> Application:
    """A draft of the proposal, filled in."""
    application = start_application(secretary.membership, call, title=answers["base_name"])
    secretary.fill(application, "proposal", answers)
    return fresh(application)


def submitted(secretary: Hand, call: Call, answers: dict) -> Application:
    """The proposal handed in."""
    application = drafted(secretary, call, answers)
    secretary.do(application, "submit")
    return fresh(application)


def handled(office: Hand, application: Any) -> None:
    """The base office handles the project."""
    office.step(application, "office_handling", said.handling())


def decided(recorder: Hand, application: Any, session: str, on: str) -> Recognition:
    """The leading group approves, through its recorder; the base waits for its agreement."""
    recorder.step(application, "leading_group", written.meeting(GROUP, session, on))
    return Recognition.objects.get(application_id=application.pk)


def agreed(secretary: Hand, recognition: Any, start: str, end: str, **changes: str) -> Agreement:
    """The agreement drafted for the approved base and handed in."""
    agreement = follow(secretary.membership, fresh(recognition), "new")
    secretary.fill(agreement, "agreement", said.agreement(start, end, **changes))
    secretary.do(agreement, "submit")
    return fresh(agreement)


def confirmed(office: Hand, contact: Hand, agreement: Any) -> None:
    """Checked by the base office, confirmed by the partner; the originals go to the seals."""
    office.step(agreement, "office_check", {"opinion": "要件齐备。"})
    contact.step(agreement, "partner_confirmation", {"opinion": "确认。"})
    office.do(agreement, "begin_sealing")


def signed(office: Hand, agreement: Any, on: str) -> None:
    """The signed text comes back."""
    office.do(agreement, "record_signature", written.signature(on))
