"""The units of a call: quota, extension, own deadline, and how far each is (报送进度)."""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call, CallUnit
from casework.models import CaseList, ListEntry
from casework.queries import counted
from core.language import listed, said
from core.state_styles import BLUE, GREEN, GREY, ORANGE
from core.states import States, pairs
from regulations import wording
from tenants import roles
from tenants.models import Organisation


class Progress(States):
    """How far a unit of a call is."""

    SENT = "sent", BLUE, "send", _("已报送")
    RETURNED = "returned", ORANGE, "return", _("退回待改")
    WAITING = "waiting", GREY, "hourglass", _("未报送")
    PLANNED = "planned", GREY, "calendar", _("未开始")
    SUBMITTED = "submitted", GREEN, "check-circle", _("已送审")
    PREPARING = "preparing", GREY, "edit", _("填报中")
    NONE = "none", GREY, "dot", _("尚未申报")


# A university sends its list to the authority; a college hands applications in to its university and sends nothing.
SENDING = pairs([Progress.SENT, Progress.RETURNED, Progress.WAITING, Progress.PLANNED])
HANDING_IN = pairs([Progress.SUBMITTED, Progress.RETURNED, Progress.PREPARING, Progress.NONE, Progress.PLANNED])
HAS_COME = ("sent", "submitted")


def runs(call: Call, membership) -> bool:
    """Whether the membership belongs to the organisation that runs the call."""
    return membership.role not in roles.PERSONAL_ROLES and membership.organisation_id == call.owner.pk


def states_for(call: Call, membership) -> list[tuple[str, str]]:
    """The states that the reader's rows of a call may have: those of sending, or of a college's handing in."""
    return HANDING_IN if _of_colleges(call, membership) else SENDING


def _of_colleges(call: Call, membership) -> bool:
    """Whether a row's progress is a college's: in a university's own call, and for a college in any."""
    return call.authority_id is None or membership.kind == roles.COLLEGE


def state_words(row) -> str:
    """How far a row is; beside the name of its university a college is told that it is its own progress."""
    word = str(Progress(row.progress).label)
    return gettext("本院：%(state)s") % {"state": word} if row.is_ones_own_college else word


def whose_units(call: Call) -> QuerySet[Organisation]:
    """The units that a call is addressed to: the universities of a department, the colleges of a university."""
    kind = roles.UNIVERSITY if call.authority_id else roles.COLLEGE
    return Organisation.objects.filter(parent=call.owner, kind=kind, active=True)


def units(call: Call, membership) -> QuerySet[Organisation]:
    """The call's units with their figures: all of them for who runs it, else one's own.

    Annotations: quota, factors, extended_until, extension_letter, extension_reason, school_deadline, listed (entries
    on recommended lists), received, returned, preparing (applications the reader sees), sent_at, progress (a code of
    Progress; what it says to a college is the college's own), is_ones_own_college. One query.
    """
    rows = whose_units(call)
    if not runs(call, membership):
        own = {membership.organisation_id, membership.organisation.parent_id} - {None}
        rows = rows.filter(pk__in=own)
    column = "university" if call.authority_id else "college"
    given = CallUnit.objects.filter(call=call, organisation=OuterRef("pk"))
    seen = Application.objects.visible_to(membership).filter(**{"call": call, column: OuterRef("pk")})
    entries = ListEntry.objects.filter(
        case_list__context_kind="call",
        case_list__context_id=call.pk,
        case_list__kind="recommended",
        case_list__university=OuterRef("pk"),
        removed_at=None,
    )
    sent = CaseList.objects.visible_to(membership).filter(
        context_kind="call", context_id=call.pk, kind="recommended", university=OuterRef("pk"), state="sent"
    )
    rows = rows.annotate(
        quota=Subquery(given.values("quota")[:1], output_field=IntegerField()),
        factors=Subquery(given.values("factors")[:1], output_field=JSONField()),
        extended_until=Subquery(given.values("extended_until")[:1], output_field=DateTimeField()),
        extension_letter=Subquery(given.values("extension_letter")[:1], output_field=CharField()),
        extension_reason=Subquery(given.values("extension_reason")[:1], output_field=CharField()),
        school_deadline=Subquery(given.values("school_deadline")[:1], output_field=DateTimeField()),
        listed=counted(entries, "case_list__university"),
        received=counted(seen.exclude(state__in=("draft", "withdrawn")), column),
        returned=counted(seen.filter(state="draft", round__gt=1), column),
        preparing=counted(seen.filter(state="draft", round=1), column),
        sent_at=Subquery(sent.order_by("sent_at").values("sent_at")[:1], output_field=DateTimeField()),
    )
    has_come = (
        When(sent_at__isnull=False, then=Value("sent")) if has_list(call) else When(received__gt=0, then=Value("sent"))
    )
    begins = [When(is_planned=True, then=Value("planned")), When(returned__gt=0, then=Value("returned"))]
    goes_on, otherwise = [has_come], "waiting"
    if _of_colleges(call, membership):
        goes_on = [
            When(received__gt=0, then=Value("submitted")),
            When(preparing__gt=0, then=Value("preparing")),
        ]
        otherwise = "none"
    own = membership.kind == roles.COLLEGE and column == "university"
    return rows.annotate(
        is_planned=Value(call.state == "planned", output_field=BooleanField()),
        is_ones_own_college=Value(own, output_field=BooleanField()),
        progress=Case(*begins, *goes_on, default=Value(otherwise), output_field=CharField()),
    )


def has_list(call: Call) -> bool:
    """Whether units put their cases forward on a recommended list, or each application goes by itself."""
    return any(declared.kind == "recommended" for declared in call.profile.lists.values())


def factor_words(call: Call, factors: dict | None) -> str:
    """The factors a quota was set from, in the regulation's words."""
    declared = call.profile.apply.quota if call.profile.apply else None
    labels = {factor.code: wording.words(factor.label) for factor in (declared.factors if declared else [])}
    return listed((said(labels.get(code, code), value) for code, value in (factors or {}).items()), "；")
