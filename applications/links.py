"""An application and the agreement it rests on: drafting one for it, linking one that exists, taking it off again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications import queries
from applications.models import Application
from bases.models import Agreement
from bases.services import draft_agreement
from core import clock
from core.door import Forbidden, Refused, record_event
from core.findings import Finding


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
    """Say which existing agreement the draft rests on: of the same university and partner, seen by the actor, and
    of no other running application. Raises Forbidden or Refused."""
    with transaction.atomic():
        fresh = _draft_of(actor, application)
        if not fresh.wants_agreement():
            raise Refused(Finding("", "hard", _("本项目已有协议。请先解除关联。")))
        found = (
            queries.linkable_agreements(fresh, actor).select_for_update(of=("self",)).filter(pk=agreement_pk).first()
        )
        if found is None:
            raise Refused(Finding("", "hard", _("所选协议不是本校与该合作单位的协议，或已用于其他项目。")))
        Agreement.objects.filter(pk=found.pk).update(application_id=fresh.pk)
        return _note(actor, fresh, found, "link_agreement", gettext_noop("关联协议"))


def unlink(actor, application: Application) -> Application:
    """Take the agreement off the draft again; the agreement itself stays as it is. Raises Forbidden or Refused."""
    with transaction.atomic():
        fresh = _draft_of(actor, application)
        if fresh.agreement is None:
            raise Refused(Finding("", "hard", _("本项目没有关联协议。")))
        agreement = fresh.agreement
        Agreement.objects.filter(pk=agreement.pk, application_id=fresh.pk).update(application_id=None)
        return _note(actor, fresh, None, "unlink_agreement", gettext_noop("解除协议关联"), was=agreement)


def _draft_of(actor, application: Application) -> Application:
    fresh = _locked(application)
    if not actor.may("applications.submit", fresh):
        raise Forbidden(_("协议关联由学院研究生秘书办理。"))
    if fresh.state != "draft":
        raise Refused(Finding("", "hard", _("项目已送审，不能改动协议关联。")))
    return fresh


def _note(actor, application, agreement, code: str, label: str, was=None) -> Application:
    Application.objects.filter(pk=application.pk).update(
        agreement=agreement, version=F("version") + 1, changed_at=clock.now()
    )
    application = Application._base_manager.get(pk=application.pk)
    record_event(application, code, label, actor, facts={"agreement": (agreement or was).number})
    return application
