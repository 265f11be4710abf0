"""An application and the agreement it rests on: drafting one for it, linking one that exists, taking it off again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications import queries
from applications.models import Application
from bases.drafting import too_early
from bases.models import Agreement
from bases.services import draft_agreement
from core.door import Act, Forbidden, Refused, perform
from core.findings import Finding
from core.forms.plain import plain_id


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def draft_for(actor, application: Application) -> Agreement:
    """Begin the application's agreement under the version that it pins. Raises Forbidden or Refused."""
    with transaction.atomic():
        fresh = _locked(application)
        if not actor.may("bases.draft_agreement", fresh):
            raise Forbidden(_("协议由学院研究生秘书或研究生处起草。"))
        if fresh.partner is None:
            raise Refused(Finding("", "hard", _("申报书还没有选定合作单位。"), {}, _("请先在申报书中选择合作单位。")))
        if (early := too_early(fresh.profile)) and fresh.recognition_id is None:
            raise Refused(early)
        if not fresh.wants_agreement():
            raise Refused(Finding("", "hard", _("本项目已有协议，或当前环节不需要协议。")))
        return draft_agreement(
            actor,
            university=fresh.university,
            college=fresh.college,
            partner=fresh.partner,
            version=fresh.regulation_version,
            application=fresh,
        )


def link(actor, application: Application, agreement_pk: int) -> Application:
    """Say which existing agreement the draft rests on: of the same university and partner, seen by the actor, and of no
    other running application. Through the door; raises what it raises."""
    return perform(application, "link_agreement", actor, {"agreement": agreement_pk})


def unlink(actor, application: Application) -> Application:
    """Take the agreement off the draft again; the agreement itself stays as it is. Through the door."""
    return perform(application, "unlink_agreement", actor)


def linked(application: Application, act: Act) -> None:
    """The move's own part of `link`. Raises Refused."""
    if not application.wants_agreement():
        raise Refused(Finding("", "hard", _("本项目已有协议。请先解除关联。")))
    rows = queries.linkable_agreements(application, act.actor).select_for_update(of=("self",))
    agreement = rows.filter(pk=plain_id(act.raw.get("agreement"))).first()
    if agreement is None:
        raise Refused(Finding("", "hard", _("所选协议不是本校与该合作单位的协议，或已用于其他项目。")))
    Agreement.objects.filter(pk=agreement.pk).update(application_id=application.pk)
    application.agreement = agreement
    act.facts["agreement"] = agreement.number


def unlinked(application: Application, act: Act) -> None:
    """The move's own part of `unlink`. Raises Refused."""
    agreement = application.agreement
    if agreement is None:
        raise Refused(Finding("", "hard", _("本项目没有关联协议。")))
    Agreement.objects.filter(pk=agreement.pk, application_id=application.pk).update(application_id=None)
    application.agreement = None
    act.facts["agreement"] = agreement.number
