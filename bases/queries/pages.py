"""What the pages of agreements and bases show beyond what every case shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bases import agreements, drafttext, records, signing
from bases.models import Agreement, Recognition
from casework.models import Effect, Record, Step
from casework.queries.pages import Asking, case_of
from casework.views.builder import clause
from core import clock, pages
from core.door import moves, why_not
from core.findings import Finding, blocking
from core.forms.reading import reading
from core.forms.spec import parse_form
from core.language import listed
from regulations import wording
from regulations.models import Adoption

LEVELS = dict(Adoption.LEVELS)


def span(start: Any, end: Any) -> str:
    """From one day to another; where no end is set, from when on."""
    if start and not end:
        return _("自%(a)s起") % {"a": start}
    return _("%(a)s 至 %(b)s") % {"a": start or "…", "b": end} if end else ""


# --- agreements ----------------------------------------------------------------------------------------------------


def agreement_facts(agreement: Agreement) -> list[tuple]:
    found: list[tuple] = [(_("类型"), agreement.get_type_display())]
    sides: dict[str, list[str]] = {}
    for party in agreement.parties.select_related("organisation"):
        sides.setdefault(str(party.get_side_display()), []).append(party.organisation.display_name)
    found += [(side, listed(names)) for side, names in sides.items()]
    for label, value in (
        (_("起止日期"), span(agreement.starts_on, agreement.ends_on)),
        (_("签订日期"), agreement.signed_on),
        (_("生效日期"), agreement.effective_on),
        (_("终止日期"), agreement.ended_on),
        (_("终止原因"), agreement.end_reason),
    ):
        if value:
            found.append((label, value))
    if agreement.differs_from_template:
        found.append((_("是否偏离模板"), _("偏离模板")))
    return found


def confirmation(agreement: Agreement) -> Step | None:
    """The open step by which the partner confirms the content, or None."""
    return agreement.open_steps().filter(kind="confirmation").first()


def partner_url(agreement: Agreement) -> str:
    """The partner's page as a link that opens from a chat."""
    return f"{settings.SITE_URL}{reverse('bases:partner_page', args=[agreement.pk])}"


def agreement_extras(agreement: Agreement, request) -> list[pages.ExtraPart]:
    """Where the text leaves the template; the link for the partner while its confirmation is waited for."""
    from tenants.models import Membership

    found = []
    different = drafttext.differences(agreement) if agreement.type != "recorded" else []
    if different:
        found.append(pages.ExtraPart("differences", _("与模板不一致之处"), "bases/parts/differences.html", different))
    waits = confirmation(agreement)
    if waits is not None and not waits.unit.paper_only and request.membership.kind in ("college", "university"):
        people = list(Membership.objects.of(waits.unit_id, "contact", "partner_leader")[:5])
        context = {
            "url": partner_url(agreement),
            "qr": reverse("bases:partner_qr", args=[agreement.pk]),
            "people": people,
            "partner": waits.unit,
            "invite": reverse("tenants:unit", args=[waits.unit_id]),
        }
        found.append(pages.ExtraPart("share", _("发给合作单位确认"), "bases/parts/share.html", context, place="aside"))
    return found


def agreement_choices(agreement: Agreement, request) -> list[pages.ActionChoice]:
    """Filling in the text; the partner's page on a phone."""
    membership, found = request.membership, []
    if agreement.editable_sections("agreement", membership) and agreement.type != "recorded":
        url = reverse("case_form", args=["agreement", agreement.pk, "agreement"])
        found.append(pages.ActionChoice("fill_agreement", _("填写协议文本"), True, url, icon="edit"))
    if membership.kind == "partner" and agreement.state != "draft":
        url = reverse("bases:partner_page", args=[agreement.pk])
        found.append(pages.ActionChoice("phone", _("分步办理（手机版）"), True, url, icon="phone"))
    return found


def agreement_hints(agreement: Agreement) -> list[pages.Hint]:
    """Between the partner's confirmation and the seals no step is open: who goes on, or what that waits for."""
    if not agreement.is_confirmed:
        return []
    stopped = [found.message for found in blocking(signing.seal_findings(agreement, None))]
    who = why_not(agreement, moves(type(agreement))["begin_sealing"])
    if not stopped:
        return [pages.Hint(who, title=_("合作单位已确认协议内容，可以用印"))]
    text = _("%(why)s。条件具备后，%(who)s") % {
        "why": listed((one.rstrip("。.") for one in stopped), "；"),
        "who": who,
    }
    return [pages.Hint(text, title=_("合作单位已确认协议内容，还不能用印"))]


def agreement_related(agreement: Agreement) -> list[tuple]:
    found: list[tuple] = []
    if agreement.application_id:
        found.append((_("申报项目"), agreements.application_of(agreement)))
    found += [(_("基地"), agreement.recognition), (_("原协议"), agreement.previous)]
    return found + [(_("后续协议"), later) for later in agreement.later.order_by("-pk")[:5]]


def agreement_findings(agreement: Agreement, membership) -> tuple[str, list[Finding]]:
    """What stands against the drafter's handing in, or against the start of signing."""
    asking = Asking.by(membership)
    drafts = agreement.state == "draft" and agreement.type != "recorded"
    if drafts and membership.may("bases.draft_agreement", agreement):
        return "submit", agreements.submit_findings(agreement, asking)
    if agreement.state == "confirming" and membership.may("bases.manage_agreement", agreement):
        return "begin_sealing", signing.seal_findings(agreement, asking)
    return "", []


# --- bases ---------------------------------------------------------------------------------------------------------


def recognition_facts(recognition: Recognition) -> list[tuple]:
    base = recognition.base
    found: list[tuple] = [
        (_("基地编号"), base.number),
        (_("级别"), LEVELS.get(recognition.level, recognition.level)),
    ]
    if base.name != recognition.title:
        found.append((_("基地名称"), base.name))
    if base.category_code:
        found.append((_("专业学位类别"), f"{base.category_name}（{base.category_code}）"))
    for label, value in (
        (_("负责人"), base.leader_name),
        (_("批准日期"), recognition.decided_on),
        (_("文号"), recognition.document_number),
        (_("公布日期"), recognition.published_on),
        (_("生效日期"), recognition.active_on),
        (_("建设期"), span(recognition.starts_on, recognition.ends_on)),
        (_("授牌"), f"{recognition.plaque_on} {recognition.plaque_to}" if recognition.plaque_on else ""),
        (_("终止"), f"{recognition.ended_on} {recognition.end_reason}" if recognition.ended_on else ""),
    ):
        if value:
            found.append((label, value))
    if recognition.state == "active":
        takes = recognition.takes_students(clock.today())
        found.append((_("接收研究生"), _("可以安排研究生") if takes else _("暂不能安排研究生")))
    return found


def recognition_extras(recognition: Recognition, request) -> list[pages.ExtraPart]:
    """Consequences that stand on it, and its dated records."""
    effects = list(
        Effect.objects.filter(target_kind="recognition", target_id=recognition.pk).order_by("-from_on", "-pk")[:50]
    )
    for effect in effects:
        effect.cited = clause(recognition, effect.clause)
    rows = (
        Record.objects.filter(subject_kind="recognition", subject_id=recognition.pk, replaced_by=None)
        .select_related("organisation")
        .order_by("-on", "-pk")[:100]
    )
    declared = recognition.profile.records
    types = [
        (key, wording.words(kind.title), kind.clause)
        for key, kind in declared.items()
        if recognition.state != "ended" and _writes(request.membership, recognition, kind)
    ]
    context = {
        "effects": effects,
        "records": _records(recognition, request.membership, rows),
        "types": types,
        "record_url": reverse("case_do", args=["recognition", recognition.pk, "enter_record"]),
    }
    return [pages.ExtraPart("life", _("建设与记录"), "bases/parts/life.html", context, place="tab")]


def _records(recognition: Recognition, membership, rows) -> list[dict]:
    """Records as pages show them; those of a type that names its readers only to these and to its authors."""
    from bases.specs import record

    declared, specs = recognition.profile.records, {}
    resolver, found = recognition.resolver(membership), []
    for row in rows:
        kind = declared.get(row.type)
        if (
            kind is not None
            and kind.readers
            and not any(records.is_actor(membership, recognition, one) for one in (*kind.readers, *kind.authors))
        ):
            continue
        form = (row.type, row.settled_on is not None)
        if form not in specs:
            specs[form] = parse_form(record(recognition, membership, {"type": row.type, "settled": form[1]}))
        found.append({"row": row, "label": row.title, "reading": reading(specs[form], row.answers, resolver)})
    return found


def _writes(membership, recognition: Recognition, kind) -> bool:
    if not membership.may("bases.record", recognition):
        return False
    return not kind.authors or any(records.is_actor(membership, recognition, author) for author in kind.authors)


def recognition_related(recognition: Recognition) -> list[tuple]:
    found: list[tuple] = []
    if recognition.application_id:
        found.append((_("申报项目"), case_of("application", recognition.application_id)))
    found += [(_("合作协议"), one) for one in recognition.agreements.order_by("-pk")[:5]]
    others = recognition.base.recognitions.exclude(pk=recognition.pk).order_by("-pk")[:5]
    return found + [(_("其他级别"), one) for one in others]


def recognition_choices(recognition: Recognition, request) -> list[pages.ActionChoice]:
    """Drafting the agreement that follows: a revision, a renewal, a supplement."""
    membership = request.membership
    if recognition.state == "ended" or recognition.profile.agreement is None:
        return []
    if not membership.may("bases.draft_agreement", recognition):
        return []
    url = reverse("bases:agreement_follow", args=[recognition.pk])
    return [pages.ActionChoice("agreement", _("起草协议（修订、续签、补充）"), True, url, icon="file")]
