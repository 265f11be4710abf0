"""The moves of lists and notices."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from casework.lists import drafting, forms, papers, proofs, publicity
from casework.models import CaseList, Notice, Objection
from casework.models.lists import ACTIVE
from core import clock, ledger, serials
from core.door import Act, Refused, move, moves_of
from core.findings import Finding


@moves_of(CaseList)
class CaseListMoves:
    """A list is drawn up, publicised, and goes on."""

    @move(
        source="prepared",
        label=_("列入名单"),
        permission="casework.manage_list",
        form=forms.add_member,
        conditions=[publicity.member_findings],
    )
    def add_member(self: CaseList, act: Act) -> None:
        """Put one case on the list; `rank` orders it."""
        case = publicity.candidate(self, act.data["case"])
        rank = act.data.get("rank") or self.entries.filter(removed_at=None).count() + 1
        self.entries.create(
            case_kind=case.case_kind, case_id=case.pk, case_title=case.title, rank=rank, note=act.data.get("note") or ""
        )

    @move(
        source=ACTIVE,
        label=_("移出名单"),
        permission="casework.manage_list",
        form=forms.remove_member,
    )
    def remove_member(self: CaseList, act: Act) -> None:
        """Take a case off the list, with a reason; the entry stays readable."""
        entry = publicity.entry(self, act.data["entry"])
        entry.removed_at, entry.removal_reason = act.now, act.data["reason"]
        entry.save(update_fields=["removed_at", "removal_reason"])

    @move(
        source="prepared",
        target="publicised",
        label=_("公示名单"),
        permission="casework.manage_list",
        form=forms.publicise,
        conditions=[drafting.findings],
        primary=True,
    )
    def publicise(self: CaseList, act: Act) -> None:
        """Post the list for the public's objections; the days come from the profile or the local setting."""
        notice = drafting.draft_notice(self, act)
        act.then(notice, "post", system=True)

    @move(
        source=ACTIVE,
        target="sent",
        label=_("报送"),
        permission="casework.manage_list",
        form=forms.send_list,
        conditions=[publicity.send_findings],
        primary=True,
    )
    def send(self: CaseList, act: Act) -> None:
        """Hand the list and its members on to the authority."""
        self.sent_on, self.sent_at = act.on, act.now
        publicity.send(self, act)
        papers.issue_list(self, act)

    @move(
        source=ACTIVE,
        target="fixed",
        label=_("确定名单"),
        permission="casework.manage_list",
        form=forms.fix_list,
        conditions=[publicity.fix_findings],
        primary=True,
    )
    def fix_list(self: CaseList, act: Act) -> None:
        """Fix a list that stays inside the house, and carry the members on."""
        publicity.publish(self, act)
        papers.issue_list(self, act)

    @move(
        source=ACTIVE,
        target="published",
        label=_("公布"),
        permission="casework.manage_list",
        form=forms.publish_list,
        conditions=[publicity.publish_findings],
        primary=True,
    )
    def publish(self: CaseList, act: Act) -> None:
        """Publish the list's document, and carry the members on."""
        self.document_number = act.data["number"]
        self.published_on = dt.date.fromisoformat(act.data["published_on"])
        publicity.publish(self, act)
        papers.issue_list(self, act)


@moves_of(Notice)
class NoticeMoves:
    """A notice is posted, objected to, and ends."""

    @move(
        source="prepared",
        target="publicised",
        label=_("发布公示"),
        permission="",
        system=True,
        hidden=True,
    )
    def post(self: Notice, act: Act) -> None:
        """Show the notice on the public pages, and owe its end."""
        publicity.owe_end(self)

    @move(
        "state", source="publicised", label=_("提出异议"), permission="", public=True, hidden=True, form=forms.objection
    )
    def object(self: Notice, act: Act) -> None:
        """A member of the public objects on the notice's page, inside its days."""
        if not self.is_running:
            raise Refused(
                Finding(
                    "",
                    "hard",
                    _("公示期为%(a)s至%(b)s，现已不接受网上异议。如有情况请联系公示单位。")
                    % {"a": self.opens_on, "b": self.closes_on},
                )
            )
        _enter_objection(self, act, "web")

    @move(
        source="publicised",
        label=_("登记异议"),
        permission="casework.manage_list",
        form=forms.staff_objection,
        conditions=[publicity.entered_findings],
    )
    def register_objection(self: Notice, act: Act) -> None:
        """Staff enter an objection that came by telephone or letter."""
        _enter_objection(self, act, act.data["channel"])

    @move(
        source="publicised",
        label=_("登记异议处理结果"),
        permission="casework.manage_list",
        form=forms.resolve_objection,
    )
    def resolve_objection(self: Notice, act: Act) -> None:
        """Record how an objection was settled: dismissed, or upheld; the text of the finding is required."""
        publicity.settle_objection(self, act)

    @move(
        source=["publicised", "closed"],
        label=_("登记公示凭证"),
        permission="casework.manage_list",
        form=proofs.add_form,
        conditions=[proofs.add_findings],
    )
    def add_proof(self: Notice, act: Act) -> None:
        """Keep pictures of the official page on which the notice stood, for the statement on it."""
        proofs.add(self, act)

    @move(
        source=["publicised", "closed"],
        label=_("作废公示凭证"),
        permission="casework.manage_list",
        form=proofs.void_form,
    )
    def void_proof(self: Notice, act: Act) -> None:
        """Take a wrong picture out of the statement."""
        proofs.void(self, act)

    @move(
        source="publicised",
        target="closed",
        label=_("结束公示"),
        permission="casework.manage_list",
        system=True,
        conditions=[publicity.close_findings],
    )
    def close(self: Notice, act: Act) -> None:
        """End the notice after its last day, once no objection is open."""
        self.closed_on = act.on
        ledger.settle_case(self)


def _enter_objection(notice: Notice, act: Act, channel: str) -> None:
    objection = Objection.objects.create(
        notice=notice,
        number=serials.number("YY", act.now.year, 3),
        channel=channel,
        name=act.data["name"],
        contact=act.data["contact"],
        text=act.data["text"],
        raised_at=act.now,
        received_on=clock.day_of(act.data.get("received_on")),
        document_id=(act.data.get("file") or [None])[0],
    )
    publicity.objection_came(notice, objection, act)
