"""The agreement between the sides of a base: its own machine, linked to applications and recognitions.

Confirming a content online and signing are two things: the dates of signing and effect come from the signed text.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bases import confirmed, drafttext
from casework.models.routed import RoutedCase
from core.state_styles import BLUE, GREEN, GREY, RED
from core.states import CaseStateField, States
from regulations import vocabulary
from tenants.models import Organisation


class Agreement(RoutedCase):
    """One agreement. A renewal, supplement or revision is a new one that points back."""

    case_kind = "agreement"
    kind_label = _("协议")

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
        ("replacement", _("重签替代")),
        ("recorded", _("补录（已签纸质）")),
    ]
    REPLACING = ("revision", "renewal", "replacement")  # types whose text takes the place of the one before
    ENDS = [
        ("mutual", _("双方协商终止")),
        ("one_side", _("一方提出终止")),
        ("expired", _("期限届满")),
        ("replaced", _("由新协议替代")),
        ("abandoned", _("未签订，放弃办理")),
        ("with_base", _("未签订，随基地终止")),
    ]
    STAGES = ("checking", "confirming", "sealing")
    HELD = ("confirming",)  # a signature is the parties' act, with a day: nothing signs by running out of steps
    AFTER_LAST = "signed"
    TURNED_DOWN = "declined"
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
    backfill = models.ForeignKey("bases.Backfill", models.PROTECT, null=True, related_name="agreements")  # 补录
    on_paper = models.BooleanField(_("已签纸质"), default=False)  # signed on paper and entered: its scan is its text
    differs_from_template = models.BooleanField(_("是否偏离模板"), default=False)
    decline_reason = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    end_code = models.CharField(_("终止方式"), max_length=12, choices=ENDS, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "state", "id"]),
            models.Index(fields=["partner", "state", "id"]),
        ]

    def form_keys(self) -> list[str]:
        """The text; of one that was signed on paper the portal has none (its scan is the text)."""
        return [] if self.was_on_paper else ["agreement"]

    def shown_answers(self, form_key: str, answers: dict) -> dict:
        return drafttext.readable(self, answers)

    def content_hash(self) -> str:
        """The hash of the terms: the parties and what they agree, not who is called at which number."""
        return confirmed.terms_hash(self)

    def route_units(self, declared) -> list[Organisation]:
        """Every party of its kind confirms, however the profile writes the unit: nobody is bound by another's word."""
        if declared.kind != "confirmation" and not declared.unit.startswith(vocabulary.PARTY):
            return super().route_units(declared)
        column = vocabulary.column_of(declared.unit)
        parties = self.parties.select_related("organisation").order_by("side", "order", "pk")
        rows = [party.organisation for party in parties if party.organisation.column == column]
        return rows or super().route_units(declared)

    def first_input(self, code: str) -> dict:
        return drafttext.answers_of(self) if code in ("amend", "correct_contacts") else {}

    def is_in_force(self, on) -> bool:
        """Whether it binds on a day: signed, begun, not over and not ended before."""
        last = self.ended_on or self.ends_on
        begun = self.state in ("signed", "ended") and self.effective_on is not None and self.effective_on <= on
        return begun and (last is None or on <= last)

    def answers_saved(self, form_key: str, answers: dict) -> None:
        drafttext.copy_columns(self, answers)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return drafttext.editable_sections(self, actor)

    def form_spec(self, form_key: str):
        return drafttext.form_spec(self)

    @property
    def was_on_paper(self) -> bool:
        """Whether it was signed on paper before: the portal has no text of it, only its scan and what was entered."""
        return self.on_paper or self.type == "recorded"

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


class AgreementParty(models.Model):
    """One party on one side of the agreement, in order; who confirmed its content and when."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=[("first", _("甲方")), ("second", _("乙方"))])
    order = models.PositiveSmallIntegerField(default=1)
    signer = models.CharField(
        _("签订单位"), max_length=20, blank=True
    )  # where an office or a college signs for the school
    signatory = models.CharField(_("签字人"), max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)
    confirmed_facts = models.JSONField(default=dict)  # what the confirmation rested on, by name, as it was that day
    signed_on = models.DateField(_("签字日期"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="a_party_stands_once_in_an_agreement")
        ]
        ordering = ["side", "order"]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.organisation}"

    @property
    def name(self) -> str:
        """The party as the text names it: a college by its university and itself, an office that signs for its university
        by both (CZMC-4.1a)."""
        unit = self.organisation
        if self.signer == "college" and unit.parent is not None:
            return f"{unit.parent.name}{unit.display_name}"
        if vocabulary.SIGNERS.get(self.signer, self.signer) == self.signer:
            return unit.display_name
        office = unit.office or vocabulary.TERMS[self.signer][0]
        return f"{unit.name}{office}{unit.display_name.removeprefix(unit.name)}"
