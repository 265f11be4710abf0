"""Bases that wait for an agreement that nobody has begun; agreements ready for the seals, or whose signed text is awaited."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from bases.drafting import RUNNING
from bases.models import Agreement, Recognition
from casework.models import Parcel, Step
from casework.models.regulated import with_regulation
from portal.todos.drafts import FILLING, of_case
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import LIMIT, Source, register


@register
class Sealing(Source):
    """Agreements that the graduate office takes to the seals, or whose signature it enters. One query.

    One made for an application waits for the decision, unless its regulation wants it signed before.
    """

    code = "sealing"
    acts = frozenset({"begin_sealing", "record_signature"})

    def todos(self, membership) -> list[Todo]:
        if membership.kind != "university" or "graduate_office" not in membership.acting_roles:
            return []
        left = Step.objects.filter(
            case_kind=Agreement.case_kind,
            case_id=OuterRef("pk"),
            round=OuterRef("round"),
            state__in=("open", "waiting"),
        )
        rows = Agreement.objects.visible_to(membership).filter(state__in=("confirming", "sealing"))
        rows = with_regulation(rows.exclude(Exists(left))).order_by("pk")
        waiting = []
        for row in rows:
            if _may_be_signed(row):
                word = _("登记签订") if row.state == "sealing" else _("进入用印")
                waiting.append(of_case(row, word, word))
        return waiting[:LIMIT]


def _may_be_signed(row: Agreement) -> bool:
    declared = row.profile.agreement.order
    before = declared is not None and declared.value == "before_application"
    approved = row.application_id is None or row.recognition_id is not None
    return row.state == "sealing" or before or approved


@register
class Stamping(Source):
    """Agreements at the seals that the reader's partner unit stamps on paper, with no step of its own for that, until the
    courier's number of what it sent is entered. One query."""

    code = "stamping"

    def lines(self, membership):
        if membership.kind != "partner" or not FILLING & membership.acting_roles:
            return []
        about = {"case_kind": Agreement.case_kind, "case_id": OuterRef("pk"), "round": OuterRef("round")}
        own = Step.objects.filter(**about, unit=membership.organisation_id, stage="sealing")
        sent = Parcel.objects.filter(**about, unit=membership.organisation_id)
        rows = Agreement.objects.visible_to(membership).filter(~Exists(own), ~Exists(sent), state="sealing")
        shown = {"case_kind": Value(Agreement.case_kind), "case_id": "pk", "case_title": "title", "number": "number"}
        return [lines(rows, self.code, **shown, since="changed_at")]

    def todo(self, line: Line) -> Todo:
        url = reverse("bases:partner_page", args=[line.case_id])
        return line.todo(_("签字盖章，寄回原件"), _("去办理"), url=url)


@register
class Unagreed(Source):
    """Approved bases that come into force with an agreement and have none under way, for who drafts it: the base's college,
    the graduate office where it has none. One query."""

    code = "unagreed"

    def todos(self, membership) -> list[Todo]:
        own = {"college": Q(college=membership.organisation_id), "university": Q(college=None)}.get(membership.kind)
        if own is None or not {"secretary", "graduate_office"} & membership.acting_roles:
            return []
        begun = Agreement.objects.filter(
            Q(recognition=OuterRef("pk")) | Q(application_id=OuterRef("application_id"), application_id__isnull=False),
            state__in=(*RUNNING, "signed"),
        )
        rows = Recognition.objects.visible_to(membership).filter(own, state="pending").exclude(Exists(begun))
        waiting = [row for row in with_regulation(rows).select_related("base").order_by("pk") if _needs_one(row)]
        return [
            of_case(row, _("起草合作协议"), _("起草协议"), url=reverse("bases:agreement_follow", args=[row.pk]))
            for row in waiting[:LIMIT]
        ]


def _needs_one(row: Recognition) -> bool:
    declared = row.profile.recognition.active_when if row.profile.recognition else None
    return row.profile.agreement is not None and declared is not None and declared.value == "signed"
