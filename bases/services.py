"""Verbs over several models: establishing a base, drafting agreements."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bases import origin, parties
from bases.drafttext import answers_of, first_answers
from bases.models import Agreement, Base, Recognition
from bases.models.recognition import title_of
from bases.signers import signer
from casework.steps import waiting
from core import clock, serials
from core.door import Act, Refused, create
from core.findings import Finding
from core.forms import store
from core.language import in_source_language


def establish(application, act: Act) -> Recognition:
    """Make the base and its recognition at the application's level, under the version that it pinned (RR-10, 11).

    The construction period starts as the profile says; the recognition comes into force now, on the document's
    publication, on signature or with the plaque. Raises Refused where the base is recognised at that level already.
    """
    profile = application.profile
    base, _created = Base.objects.get_or_create(
        university=application.university,
        partner=application.partner,
        category_code=application.category_code,
        defaults={
            "number": serials.number("JD", act.now.year),
            "name": application.title,
            "college": application.college,
            "category_name": application.category_name,
            "leader_name": application.leader_name,
        },
    )
    level = profile.recognition.level.value
    standing = base.recognitions.filter(level=level, state__in=("pending", "active")).first()
    if standing is not None:
        raise Refused(
            Finding(
                profile.recognition.level.clause or "",
                "hard",
                _("该基地已有同级资格%(n)s，不能重复设立。") % {"n": standing.number},
                {"standing": standing.number},
            )
        )
    document = _document(application)
    decided_on = _decided_on(application) or act.on
    published_on = clock.day_of(document.get("published_on"))
    construction = profile.recognition.construction
    start_from = construction.start.value if construction and construction.start else None
    recognition = create(
        Recognition(
            number=serials.number("RD", act.now.year),
            title=title_of(base, profile),
            base=base,
            regulation_version=application.regulation_version,
            level=level,
            application_id=application.pk,
            authority=application.call.authority,
            university=application.university,
            college=application.college,
            partner=application.partner,
            decided_on=decided_on,
            document_number=document.get("number") or "",
            published_on=published_on,
            starts_on={"published": published_on, "decided": decided_on}.get(start_from),
        ),
        act.actor,
        correlation=act.correlation,
    )
    if application.agreement_id:
        Agreement.objects.filter(pk=application.agreement_id).update(recognition=recognition)
    active_when = profile.recognition.active_when.value if profile.recognition.active_when else "decided"
    signed = application.agreement is not None and application.agreement.state == "signed"
    if active_when in ("decided", "published") or (active_when == "signed" and signed):
        act.then(recognition, "activate", {})
    return recognition


def _document(application) -> dict:
    steps = application.steps().filter(kind__in=("document", "list"), state="done").order_by("-closed_at", "-position")
    return next((step.answers for step in steps if step.answers.get("published_on")), {})


def _decided_on(application) -> dt.date | None:
    step = application.steps().filter(kind="decision", state="done").order_by("-closed_at").first()
    return step.on if step else None


def draft_agreement(
    actor,
    *,
    university,
    college,
    partner,
    version,
    application=None,
    recognition=None,
    previous=None,
    type: str = "new",
) -> Agreement:
    """Begin an agreement from the profile's template; parties as the profile names them. Logs the creation. Raises Refused
    where the regulation lets the school say who signs and it has not said so for this kind of base."""
    with in_source_language(), transaction.atomic():
        agreement = create(
            Agreement(
                number=serials.number("XY", clock.today().year),
                title=_("%(u)s与%(p)s合作协议") % {"u": university.name, "p": partner.name},
                university=university,
                college=college,
                partner=partner,
                regulation_version=version,
                type=type,
                previous=previous,
                application_id=application.pk if application else None,
                recognition=recognition,
            ),
            actor,
        )
        founding = application or (origin.case(recognition.application_id) if recognition is not None else None)
        track = founding.track if founding is not None else ""
        for declared in version.profile.agreement.parties:
            code, organisation = signer(agreement, declared, track)
            if organisation is not None:
                parties.enter(agreement, declared.side, organisation, code)
        for source in (founding, recognition, previous):
            parties.follow(agreement, source)
        if type != "recorded":
            first = answers_of(previous) if previous is not None else {}
            store.save(agreement, "agreement", 1, {**first_answers(agreement), **first}, 0, actor)
        if application is not None:
            application.__class__.objects.filter(pk=application.pk).update(agreement=agreement)
        waiting.born(agreement)
        return agreement
