"""A base under NM: draft, the university's review and list, the department's panel, deliberation and decision."""

from __future__ import annotations

from typing import Any

from applications.lists import start_list
from applications.models import Application, Call
from applications.services.starting import start_application
from bases.models import Agreement
from bases.services import draft_agreement
from casework.models import CaseList
from config.stories import answers as written
from config.stories.hands import Attachment, Hand, fresh


def drafted(secretary: Hand, call: Call, title: str, answers: dict) -> Application:
    """A draft of the call, filled in."""
    application = start_application(secretary.membership, call, title=title)
    secretary.fill(application, "application", answers)
    return fresh(application)


def agreement_on_file(
    secretary: Hand, partner: Any, version: Any, signed: str, application: Application | None = None
) -> Agreement:
    """The agreement that was signed on paper before, for five years, entered with its scan (NM-7.3b)."""
    college = secretary.membership.organisation
    agreement = draft_agreement(
        secretary.membership,
        university=college.parent,
        college=college,
        partner=partner,
        version=version,
        application=application,
        type="recorded",
    )
    until = f"{int(signed[:4]) + 5}{signed[4:]}"
    secretary.do(
        agreement,
        "record_paper",
        {
            "signed_on": signed,
            "period": {"from": signed, "to": until},
            "signatories": "校长、站长",
            "scan": Attachment("联合培养协议扫描件"),
            "kept_at": "研究生处档案柜",
        },
    )
    return fresh(agreement)


def begun_list(hand: Hand, call: Call, kind: str) -> CaseList:
    """A list of the call of this kind, begun."""
    call = fresh(call)
    key = next(key for key, declared in call.profile.lists.items() if declared.kind == kind)
    return start_list(call, key, hand.membership)


def listed(hand: Hand, call: Call, kind: str, *applications: Application, rank: int = 1) -> CaseList:
    """A list of this kind with the applications on it, ranked in their order from `rank` on."""
    case_list = begun_list(hand, call, kind)
    for place, application in enumerate(applications, start=rank):
        hand.do(case_list, "add_member", {"case": f"application-{application.pk}", "rank": place})
    return case_list


def publicised(hand: Hand, case_list: CaseList, opens_on: str) -> Any:
    """The list before the public; its notice."""
    hand.do(case_list, "publicise", written.notice(opens_on))
    return fresh(case_list).notice()


def recommended(office: Hand, call: Call, application: Application) -> CaseList:
    """Reviewed in six aspects by the university and put on its list."""
    office.step(application, "six_aspects", written.SIX_ASPECTS)
    return listed(office, call, "recommended", application)


def preliminary(officer: Hand, call: Call, application: Application) -> None:
    """The department's preliminary list, for its own use."""
    officer.do(listed(officer, call, "preliminary", application), "fix_list")


def deliberated(officer: Hand, application: Application, session: str, on: str) -> None:
    """The meeting's decision, entered with its minutes."""
    officer.step(
        application, "deliberation", {**written.meeting("厅党组会", session, on), "deliberation_summary": "符合条件。"}
    )


def published(officer: Hand, case_list: CaseList, number: str, on: str) -> None:
    """The decision, with the document's number."""
    officer.do(case_list, "publish", {"number": number, "published_on": on, "file": Attachment("立项文件")})
