"""Beginning an agreement that no application asks for: new, entered from paper, or following an earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bases import agreements, origin
from bases.models import Agreement, Recognition
from bases.services import draft_agreement
from casework.resolver import CaseResolver
from casework.specs import field as one_field
from casework.specs import form, options
from core import clock
from core.door import Forbidden, Refused
from core.findings import Finding
from core.forms.clean import clean
from core.forms.post import from_post
from core.forms.spec import parse_form
from core.language import bracketed
from regulations import services, wording
from regulations.models import Adoption, RegulationVersion
from tenants.models import Organisation
from tenants.services.acts import one_at_a_time

STARTS = ("new", "recorded")
FOLLOWS = ("revision", "renewal", "supplement", "replacement")
RUNNING = ("draft", "checking", "confirming", "sealing")
TWICE = dt.timedelta(seconds=60)


def columns_of(membership) -> dict:
    """The columns in which the drafter's own side stands: its university and, for a college, the college."""
    organisation = membership.organisation
    if organisation.kind == "college":
        return {"university": organisation.parent, "college": organisation}
    return {"university": organisation, "college": None}


def may_draft(membership) -> bool:
    """Whether the membership drafts agreements for its organisation."""
    if membership.kind not in ("college", "university"):
        return False
    return membership.may("bases.draft_agreement", Agreement(**columns_of(membership)))


def versions_for(organisation: Organisation) -> list[RegulationVersion]:
    """The regulations that govern the organisation today and say what an agreement holds, one version each."""
    versions: list[RegulationVersion] = []
    for level, _label in Adoption.LEVELS:
        version = services.governing(organisation, level, clock.today())
        if version is not None and version not in versions and version.profile.agreement is not None:
            versions.append(version)
    return versions


@dataclass
class NewAgreement:
    """The form of an agreement on its own: which regulation, which partner, new or entered from paper."""

    actor: Any
    answers: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    application: Any = None
    """The application that the agreement was linked to."""

    def __post_init__(self) -> None:
        self.versions = versions_for(self.actor.organisation)
        self.own = columns_of(self.actor)
        self.resolver = CaseResolver(Agreement(**self.own), self.actor)
        if len(self.versions) == 1:
            self.answers.setdefault("version", str(self.versions[0].pk))

    @property
    def spec(self):
        labels = dict(Agreement.TYPES)
        names = [
            (v.pk, bracketed(wording.words(v.profile.head.title), f"{v.regulation.code} {v.number}"))
            for v in self.versions
        ]
        fields = [
            one_field("type", "choice", _("类型"), options=options([(code, labels[code]) for code in STARTS])),
            one_field("version", "choice", _("适用办法"), options=options(names)),
            one_field(
                "partner",
                "organisation",
                _("合作单位"),
                kinds=["partner"],
                help=_("没有要找的单位时，请先在“合作单位”中新增。"),
            ),
        ]
        if self.own["college"] is None:
            rows = Organisation.objects.filter(parent=self.own["university"], kind="college", active=True).order_by(
                "name"
            )
            pairs = [(college.pk, college.display_name) for college in rows]
            if pairs:
                fields.append(one_field("college", "choice", _("责任学院"), required=False, options=options(pairs)))
        return parse_form(form("new_agreement", _("起草协议"), *fields))

    def take(self, post) -> Agreement | None:
        """Read and check a POST; the agreement begun, or None with `findings`. Raises Forbidden."""
        spec = self.spec
        self.answers = from_post(spec, post)
        cleaned, self.findings = clean(spec, self.answers, resolver=self.resolver)
        if any(finding.blocks for finding in self.findings):
            return None
        version = next(version for version in self.versions if str(version.pk) == str(cleaned["version"]))
        partner = Organisation.objects.get(pk=int(cleaned["partner"]))
        college = self.own["college"]
        if cleaned.get("college"):
            college = Organisation.objects.get(pk=int(cleaned["college"]), parent=self.own["university"])
        if not may_draft(self.actor):
            raise Forbidden(_("协议由学院研究生秘书或研究生处起草。"))
        again = Agreement.objects.visible_to(self.actor).filter(
            university=self.own["university"],
            college=college,
            partner=partner,
            type=cleaned["type"],
            state="draft",
            version=1,
            created_at__gte=clock.now() - TWICE,
        )
        sides = {"university": self.own["university"], "college": college, "partner": partner}
        if cleaned["type"] == "new" and (early := too_early(version.profile)):
            self.findings += early
            return None
        with one_at_a_time(self.actor.organisation):
            if (begun := again.order_by("-pk").first()) is not None:
                return begun
            if cleaned["type"] == "recorded":
                self.application = waiting_application(self.actor, version, **sides)
            try:
                return draft_agreement(
                    self.actor, **sides, version=version, type=cleaned["type"], application=self.application
                )
            except Refused as refusal:
                self.findings += refusal.findings
                return None


def too_early(profile) -> list[Finding]:
    """Before there is a base, where the regulation wants the agreement after the approval (CZMC-4.1a): it is drafted from
    the page of the approved base."""
    order = profile.agreement.order
    if order is None or order.value != "after_approval":
        return []
    message = _("协议在基地批准后签订，现在还没有批准的基地可供起草。")
    return [
        Finding(order.clause or "", "hard", message, {"order": order.value}, _("请在基地批准后，从该基地的页面起草。"))
    ]


def waiting_application(actor, version: RegulationVersion, **sides: Any):
    """The draft application that an agreement signed on paper before belongs to, locked, where that is certain: the only
    application of these sides under the version that wants an agreement. The link can be taken off the draft again."""
    rows = origin.visible_to(actor).filter(regulation_version=version, **sides)
    wanting = [row for row in rows.select_for_update(of=("self",)).order_by("pk") if row.wants_agreement()]
    if len(wanting) != 1 or wanting[0].state != "draft":
        return None
    return wanting[0] if actor.may("bases.draft_agreement", wanting[0]) else None


def earlier(recognition: Recognition) -> Agreement | None:
    """The agreement in force that a new one would follow, or None; what only supplements one is followed by none."""
    rows = recognition.agreements.filter(state="signed").exclude(type="supplement")
    return rows.order_by("-signed_on", "-pk").first()


def follow_types(recognition: Recognition) -> list[str]:
    """What may be begun for a base: what follows an earlier agreement, else a new one."""
    return list(FOLLOWS) if earlier(recognition) is not None else ["new"]


def _ended(recognition: Recognition) -> Finding:
    """That nothing is agreed for a base that has ended, by which clause, and what to do instead (LCU-5d)."""
    text = _("该基地已于%(day)s终止（%(why)s），不能起草协议。")
    words = {"day": recognition.ended_on, "why": recognition.end_label}
    facts = {"ended_on": recognition.ended_on.isoformat(), "reason": recognition.end_code}
    remedy = _("如需继续共建，请在新的批次中重新申报。")
    return Finding(recognition.end_clause, "hard", text % words, facts, remedy)


def follow(actor, recognition: Recognition, type: str) -> Agreement:
    """Begin the agreement that follows for a base. Raises Forbidden or Refused."""
    with transaction.atomic():
        fresh = Recognition.objects.select_for_update(of=("self",)).get(pk=recognition.pk)
        if not actor.may("bases.draft_agreement", fresh):
            raise Forbidden(_("协议由学院研究生秘书或研究生处起草。"))
        if fresh.state == "ended":
            raise Refused(_ended(fresh))
        if type not in follow_types(fresh):
            raise Refused(Finding("", "hard", _("请选择协议类型。"), {}, field="type"))
        running = fresh.agreements.filter(state__in=RUNNING).order_by("-pk").first()
        if running is not None:
            raise Refused(
                Finding(
                    "",
                    "hard",
                    _("该基地已有正在办理的协议%(n)s。") % {"n": running.number},
                    {"agreement": running.number},
                    _("请先办结或放弃该协议。"),
                )
            )
        return draft_agreement(
            actor,
            university=fresh.university,
            college=fresh.college,
            partner=fresh.partner,
            version=fresh.regulation_version,
            recognition=fresh,
            previous=earlier(fresh),
            type=type,
            application=agreements.application_of(fresh) if type == "new" else None,
        )
