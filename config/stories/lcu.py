"""A base under LCU: the year's call, a college's project, the base office, the leading group, the agreement."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from applications.services.starting import start_application
from bases.models import Agreement, Recognition
from config.stories import agreements
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
    return agreements.agreed(secretary, recognition, said.agreement(start, end, **changes))
