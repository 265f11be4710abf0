"""What lists drawn up in a call have to meet: recommended within quota and window, publicised, recognised."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from applications import calls
from applications.models import Application, Call
from applications.papers import member_rows
from applications.services import lifecycle
from casework.models import CaseList, ListEntry, Step
from casework.models.regulated import with_regulation
from casework.queries.gates import findings_at
from casework.steps.kind import kind_of
from core import clock, ledger, serials
from core.door import create
from core.findings import Finding, blocking
from regulations.rules import check
from tenants.models import Membership


class CallLists:
    """The rules of lists whose context is a call (see casework.lists.publicity.ListRules)."""

    def call(self, case_list) -> Call:
        return Call.objects.get(pk=case_list.context_id)

    def candidates(self, case_list) -> list:
        """Applications whose open list step waits for this kind of list, and which stand on none yet."""
        call = self.call(case_list)
        rows = Application.objects.filter(call=call, state__in=Application.STAGES)
        if case_list.declaration.unit == "university":
            rows = rows.filter(university=case_list.university)
        listed = set(
            ListEntry.objects.filter(
                case_kind="application",
                removed_at=None,
                case_list__context_kind="call",
                case_list__context_id=call.pk,
                case_list__key=case_list.key,
            ).values_list("case_id", flat=True)
        )
        applications = [
            application for application in with_regulation(rows).order_by("pk") if application.pk not in listed
        ]
        rounds = {application.pk: application.round for application in applications}
        open_steps: dict[int, list[Step]] = {}
        for step in Step.objects.filter(case_kind="application", case_id__in=list(rounds), state="open"):
            if step.round == rounds[step.case_id]:
                open_steps.setdefault(step.case_id, []).append(step)
        return [
            application
            for application in applications
            if any(_waits(application, step, case_list) for step in open_steps.get(application.pk, ()))
        ]

    def member_findings(self, case_list, application, act) -> list[Finding]:
        """The rules of recommending. The unit's row of the call is locked first: the last place goes once."""
        if case_list.kind != "recommended":
            return []
        calls.lock_places(self.call(case_list), case_list.university)
        return [finding for _version, finding in lifecycle.recommend_rules(application)]

    def send_findings(self, case_list, act) -> list[Finding]:
        """The rules of sending: notice, objections, quota, window."""
        return check(self.call(case_list).profile, "list.send", case_list, clock.today())

    def publish_findings(self, case_list, act) -> list[Finding]:
        """A recognition list is published only when every member may be recognised. What is said of several members
        in the same words is said once, with their names."""
        entries = list(case_list.members())
        members = Application.objects.filter(pk__in=[entry.case_id for entry in entries])
        findings = findings_at("application.recognise", list(members), clock.today())
        said: dict[tuple, tuple[Finding, list[str]]] = {}
        for entry in entries:
            for finding in blocking(findings[entry.case_id]):
                said.setdefault((finding.rule, finding.message), (finding, []))[1].append(entry.case_title)
        return [
            replace(finding, message=f"{'、'.join(titles)}：{finding.message}") for finding, titles in said.values()
        ]

    def paper_rows(self, case_list) -> list[dict]:
        """What the list's table prints of each member."""
        return member_rows(case_list)

    def announced(self, case_list) -> list[str]:
        """For how long the bases are built up and from when, and what is expected of whoever builds them."""
        declared = case_list.profile.recognition
        construction, said = declared.construction if declared else None, []
        if construction is not None and construction.years is not None and construction.years.value:
            since = "自本文公布之日起计算" if construction.start and construction.start.value == "published" else ""
            said.append("，".join(filter(None, [f"基地建设期为{construction.years.value}年", since])) + "。")
        return [*said, "有关单位要落实建设条件和责任分工，按规定使用经费，做好研究生在基地期间的培养、管理和安全工作。"]

    def sent(self, case_list, act) -> None:
        """Hand list and members over to the authority: from now on it sees them."""
        call = self.call(case_list)
        case_list.authority = call.authority
        for entry in case_list.members():
            Application.objects.filter(pk=entry.case_id).update(authority=call.authority, rank=entry.rank)
        ledger.settle(f"call:{call.pk}:{case_list.university_id}")

        if call.authority_id:
            act.notify(
                Membership.objects.of(call.authority_id, "officer"),
                _("收到报送：%(u)s") % {"u": case_list.university.name},
                case_list.title,
            )


def _waits(application, step, case_list) -> bool:
    kind = kind_of(step)
    return "list" in kind.awaits and kind.wants(application.step_declaration(step.key), case_list)


def start_list(call: Call, key: str, actor):
    """Begin a list of a kind that the call's profile declares, for the actor's organisation. Logs the creation."""
    declared = call.profile.lists[key]
    university = actor.organisation if declared.unit == "university" else None
    owner = call.owner if university is None else university
    case_list = create(
        CaseList(
            number=serials.number("MD", clock.today().year),
            title=f"{owner.name}{call.year}年度{declared.title}",
            key=key,
            kind=declared.kind,
            regulation_version=call.regulation_version,
            context_kind="call",
            context_id=call.pk,
            university=university,
            authority=call.authority if declared.unit == "authority" else None,
        ),
        actor,
    )
    return case_list
