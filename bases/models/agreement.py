"""The agreement between the sides of a base: its own machine, linked to applications and recognitions.

Confirming a content online and signing are two things: the dates of signing and effect come from the signed text.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from bases import agreements, drafttext, signing, specs
from casework.models.routed import RoutedCase
from casework.steps import engine
from casework.steps import forms as stepforms
from core.door import Act, move
from core.state_styles import BLUE, GREEN, GREY, RED
from core.states import CaseStateField, States
from tenants.models import Organisation

WORKING = ["checking", "confirming", "sealing"]


class Agreement(RoutedCase):
    """One agreement. A renewal, supplement or revision is a new one that points back."""

    case_kind = "agreement"

    class State(States):
        DRAFT = "draft", GREY, "edit", _("草拟")
        CHECKING = "checking", BLUE, "progress", _("审核中")
        CONFIRMING = "confirming", BLUE, "progress", _("合作单位确认")
        SEALING = "sealing", BLUE, "stamp", _("用印中")
        SIGNED = "signed", GREEN, "check-circle", _("已签订")
        ENDED = "ended", GREY, "lock", _("已终止")
        DECLINED = "declined", RED, "x-circle", _("合作单位不予确认")

    TYPES = [
        ("new", _("新签")),
        ("renewal", _("续签")),
        ("supplement", _("补充")),
        ("revision", _("修订")),
        ("recorded", _("补录（已签纸质）")),
    ]
    STAGES = ("checking", "confirming", "sealing")
    AFTER_LAST = "signed"
    unconfirmed: bool | None = None  # whether the partner still has to confirm, where a list has read it along

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    type = models.CharField(_("类型"), max_length=12, choices=TYPES, default="new")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    application_id = models.BigIntegerField(null=True)
    recognition = models.ForeignKey("bases.Recognition", models.PROTECT, null=True, related_name="agreements")
    starts_on = models.DateField(_("起"), null=True)
    ends_on = models.DateField(_("止"), null=True)
    signed_on = models.DateField(_("签订日期"), null=True)
    effective_on = models.DateField(_("生效日期"), null=True)
    differs_from_template = models.BooleanField(_("是否偏离模板"), default=False)
    decline_reason = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "state", "id"]),
            models.Index(fields=["partner", "state", "id"]),
        ]

    def form_keys(self) -> list[str]:
        return ["agreement"]

    def answers_saved(self, form_key: str, answers: dict) -> None:
        drafttext.copy_columns(self, answers)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return drafttext.editable_sections(self, actor)

    def form_spec(self, form_key: str):
        return drafttext.form_spec(self)

    def confirmed(self, step, act) -> None:
        agreements.confirmed(self, step, act)

    @property
    def is_confirmed(self) -> bool:
        """Whether the stage of confirming waits for the partner no more: what remains is the university's to start."""
        if self.state != "confirming":
            return False
        if self.unconfirmed is not None:
            return not self.unconfirmed
        return not self.unfinished_steps("confirmation")

    def get_state_display(self) -> str:
        """The state in words; of the stage of confirming also whether the partner still has to."""
        if self.state != "confirming":
            return self._get_FIELD_display(self._meta.get_field("state"))
        return gettext("合作单位已确认") if self.is_confirmed else gettext("待合作单位确认")

    @move(
        "state",
        source="draft",
        target=GET_STATE(lambda self, act: self._next, states=[*WORKING, "signed"]),
        label=_("送审"),
        permission="bases.draft_agreement",
        primary=True,
        conditions=[agreements.submit_findings],
    )
    def submit(self, act: Act) -> None:
        """Hand the drafted text in: for checking, then to the partner for confirmation."""
        drafttext.compare(self)
        engine.start(self, act)
        self._next = engine.enter(self, self.STAGES[0], act)

    @move(
        "state",
        source="draft",
        label=_("申请例外"),
        permission="bases.draft_agreement",
        form=specs.override_request,
        conditions=[agreements.override_findings],
    )
    def request_override(self, act: Act) -> None:
        """Ask the named role to let a rule pass that holds "in principle" only: another term, say (XCU-7.2c)."""
        agreements.request_override(self, act)

    @move(
        "state",
        source="draft",
        target="signed",
        label=_("补录已签订的纸质协议"),
        permission="bases.draft_agreement",
        form=specs.paper_agreement,
        conditions=[signing.paper_findings],
    )
    def record_paper(self, act: Act) -> None:
        """Enter an agreement that was signed on paper before, with its dates and scan (NM-7.3b)."""
        signing.record_paper(self, act)

    @move(
        "state",
        source=WORKING,
        label=_("办理"),
        permission="casework.act_on_step",
        subjects=RoutedCase.actable_steps,
        form=stepforms.step_form,
        conditions=[engine.step_findings],
        primary=True,
    )
    def act_on_step(self, act: Act) -> None:
        """Check, review or confirm: what the open step asks for."""
        engine.complete(self, act)

    @move(
        "state",
        source=WORKING,
        label=_("核对盖章件"),
        permission="casework.match_scan",
        subjects=RoutedCase.unmatched_steps,
        form=specs.match_form,
    )
    def match_scan(self, act: Act) -> None:
        """Say whether the stamped scan is the version that was printed."""
        engine.match_scan(self, act)

    @move("state", source=WORKING, label=_("环节办结"), permission="", system=True, hidden=True)
    def settle_step(self, act: Act) -> None:
        """Close a step that waited for something else."""
        engine.settle(self, act)

    @move(
        "state",
        source=WORKING,
        target=GET_STATE(lambda self, act: self._next, states=[*WORKING, "signed"]),
        label=_("进入下一环节"),
        permission="",
        system=True,
        hidden=True,
    )
    def advance(self, act: Act) -> None:
        """Go on to the next stage; not to the seals before the regulation lets it be signed."""
        self._next = signing.advance(self, act)

    @move(
        "state",
        source="confirming",
        target=GET_STATE(lambda self, act: self._next, states=["sealing", "signed"]),
        label=_("进入用印"),
        permission="bases.manage_agreement",
        conditions=[signing.seal_findings],
        primary=True,
    )
    def begin_sealing(self, act: Act) -> None:
        """Start signing and stamping, once everything before is done and the regulation's gate is open."""
        self._next = signing.begin_sealing(self, act)

    @move(
        "state",
        source="sealing",
        target="signed",
        label=_("登记签订"),
        permission="bases.manage_agreement",
        form=specs.signature,
        conditions=[signing.signature_findings],
        primary=True,
    )
    def record_signature(self, act: Act) -> None:
        """Enter the dates that the signed text bears, with its matched scan."""
        signing.record_signature(self, act)

    @move(
        "state",
        source="sealing",
        target="signed",
        label=_("线上确认视同签署"),
        permission="",
        system=True,
        hidden=True,
    )
    def sign_online(self, act: Act) -> None:
        """Signed at once, where the parties' setting lets the online confirmation count as signature."""
        signing.sign_online(self, act)

    @move("state", source=WORKING, target="draft", label=_("退回修改"), permission="", system=True, hidden=True)
    def send_back(self, act: Act) -> None:
        """Return to the drafter with the reason; a new round begins."""
        agreements.send_back(self, act)

    @move(
        "state",
        source=WORKING,
        target="declined",
        label=_("不予确认"),
        permission="",
        system=True,
        hidden=True,
    )
    def turn_down(self, act: Act) -> None:
        """The partner does not agree. The text stays readable; going on needs a new draft."""
        agreements.turn_down(self, act)

    @move(
        "state",
        source=["draft", *WORKING],
        target="ended",
        label=_("放弃签订"),
        permission="bases.draft_agreement",
        form=specs.give_reason,
        confirm=_("放弃后本协议不能再办理，可另行草拟。"),
    )
    def abandon(self, act: Act) -> None:
        """Give the draft up."""
        agreements.abandon(self, act)

    @move(
        "state",
        source="signed",
        target="ended",
        label=_("登记终止"),
        permission="bases.manage_agreement",
        form=specs.termination,
        system=True,
    )
    def terminate(self, act: Act) -> None:
        """Enter that the parties ended it, or that it was replaced, from a day on."""
        agreements.terminate(self, act)


class AgreementParty(models.Model):
    """One party on one side of the agreement, in order; who confirmed its content and when."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=[("first", _("甲方")), ("second", _("乙方"))])
    order = models.PositiveSmallIntegerField(default=1)
    signatory = models.CharField(_("签字人"), max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="a_party_stands_once_in_an_agreement")
        ]
        ordering = ["side", "order"]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.organisation}"
