"""A base under CZMC: contacted by a college, volunteering itself, or clinical; form, visit, opinions level by level, approval,
agreement in three originals, working group."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Call
from applications.services.starting import start_application
from bases.models import Agreement, Recognition
from config.stories import agreements, panels
from config.stories import answers as written
from config.stories.hands import Attachment, Hand, fresh
from core import clock
from regulations import services

TRACK = "college"


def signer_named(version: Any, university: Any, signers: dict[str, str], on: Any) -> None:
    """The school says who signs for which kind of base (CZMC-4.1a)."""
    services.enter_setting(version, "agreement.signer", university, signers, on, "研究生处通知", name="田雨禾")


def drafted(secretary: Hand, call: Call, title: str, answers: dict) -> Application:
    """A draft on the college's own way, filled in."""
    application = start_application(secretary.membership, call, title=title, track=TRACK)
    secretary.fill(application, "application", answers)
    return fresh(application)


# --- a unit that applies itself, and the clinical way -------------------------------------------------------------------


def applied(contact: Hand, call: Call, title: str, answers: dict) -> Application:
    """A unit from outside applies itself, hands in, and brings the page with its seal."""
    application = start_application(contact.membership, call, title=title)
    contact.fill(application, "application", answers)
    contact.do(application, "submit")
    contact.step(application, "unit_seal", written.unit_seal(clock.today().isoformat()))
    return fresh(application)


def taken_up(office: Hand, application: Any, college: Any, *further: Any) -> None:
    """The graduate office compares the unit's stamped page, takes the application up and names the colleges."""
    office.match_all(application)
    office.step(application, "assign_colleges", written.taken_up(college, *further))


def visited_together(office: Hand, application: Any, on: str) -> None:
    """The site assessment that the graduate office organises with the colleges."""
    office.step(application, "joint_visit", written.visit(on))


def opinion_signed(dean: Hand, application: Any) -> None:
    """A college's signed opinion."""
    dean.step(application, "college_opinion", {"opinion": "同意设立。", "scan": Attachment("院系意见盖章")})


def selected(office: Hand, call: Call, title: str, answers: dict) -> Application:
    """The graduate office itself selects a clinical base."""
    application = start_application(office.membership, call, title=title)
    office.fill(application, "application", answers)
    office.do(application, "submit")
    return fresh(application)


def seen_by_experts(office: Hand, application: Any, experts: list[Hand], on: str) -> None:
    """On-campus experts visit, each says what they think, and the graduate office closes with the record."""
    for expert in experts:
        panels.assigned(office, application, expert, on, step="expert_visit")
    for expert in experts:
        panels.heard(expert, application, step="expert_visit", opinion=written.VISIT_OPINION)
    office.step(application, "expert_visit", written.visit(on))


def decided(recorder: Hand, application: Any, session: str, on: str) -> Recognition:
    """The president's office meeting decides; the base waits for its agreement."""
    recorder.step(application, "president_meeting", written.meeting("校长办公会", session, on))
    return Recognition.objects.get(application_id=application.pk)


# --- visit, review, approval, agreement -----------------------------------------------------------------------------------


def visited(dean: Hand, application: Any, on: str) -> None:
    """The college's site assessment."""
    dean.step(application, "college_visit", written.visit(on))


def reviewed(office: Hand, application: Any) -> None:
    """The graduate office's review, with its stamped page, once the colleges' are compared."""
    office.match_all(application)
    office.step(application, "office_review", {"opinion": "材料齐全，同意上报。", "scan": Attachment("研究生处盖章")})


def approved(vice_president: Hand, application: Any) -> Recognition:
    """The vice-president approves; the base waits for its agreement."""
    vice_president.step(application, "vice_president", {"opinion": "同意设立。"})
    return Recognition.objects.get(application_id=application.pk)


def filed(office: Hand, recognition: Any, on: str) -> None:
    """The files, signed and sealed level by level, are filed."""
    office.record(recognition, "archive", written.filing(on))


def agreed(secretary: Hand, recognition: Any, start: str, end: str, intent: str) -> Agreement:
    """The agreement drafted for the approved base and handed in."""
    return agreements.agreed(secretary, recognition, written.czmc_agreement(start, end, intent))


def distributed(office: Hand, contact: Hand, secretary: Hand, agreement: Any, on: str) -> None:
    """Each of the three holders has its original."""
    office.step(agreement, "copy_graduate_office", written.receipt(on, "研究生处档案室"))
    contact.step(agreement, "copy_base", written.receipt(on, "基地科教科"))
    secretary.step(agreement, "copy_college", written.receipt(on, "院办公室"))
