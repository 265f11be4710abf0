"""What may end a base from outside: an incident that the unit reports, a withdrawal that both sides ask for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models.recognition import Recognition
from casework.models.routed import RoutedCase
from core import clock
from core.state_styles import BLUE, GREEN, GREY, RED, YELLOW
from core.states import CaseStateField, States


class BaseEvent(RoutedCase):
    """Abstract: a case about one base, with one form, filled in by the base's own side while it is a draft. The columns
    are the base's; the authority's is set when the case comes before it."""

    FILLED_BY = ""  # the permission of those who fill its form in
    locked_under = "recognition"

    class Meta:
        abstract = True

    @property
    def declaration(self):
        """What the profile says of cases of this kind."""
        raise NotImplementedError

    def form_keys(self) -> list[str]:
        return [self.declaration.form]

    def form_spec(self, form_key: str):
        return self.profile.forms[form_key]

    def editable_sections(self, form_key: str, actor) -> set[str]:
        """Whoever fills it in edits every section of a draft; nobody edits one that has been handed in."""
        if self.state != "draft" or not actor.may(self.FILLED_BY, self):
            return set()
        return {section.key for section in self.form_spec(form_key).sections}


class Incident(BaseEvent):
    """A major incident at the partner unit: entered by the training unit, reported, assessed, perhaps again (NM-20)."""

    case_kind = "incident"
    kind_label = _("重大事项")
    FILLED_BY = "bases.enter_incident"

    class State(States):
        DRAFT = "draft", YELLOW, "edit", _("未报告")
        ASSESSING = "assessing", BLUE, "progress", _("研判中")
        CONCLUDED = "concluded", GREY, "lock", _("已研判")
        DROPPED = "dropped", GREY, "minus-circle", _("已撤回")

    STAGES = ("assessing",)
    AFTER_LAST = "concluded"
    TURNED_DOWN = "dropped"
    DRAFTED_BY = frozenset({("university", "graduate_office"), ("college", "secretary")})

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="incidents", verbose_name=_("基地"))
    happened_on = models.DateField(_("发生日期"), null=True)
    type_code = models.CharField(max_length=40, blank=True)
    reported_on = models.DateField(_("报告日期"), null=True)
    assessed_on = models.DateField(_("研判日期"), null=True)
    can_continue = models.BooleanField(_("能否继续"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["recognition", "state"]),
        ]

    @property
    def declaration(self):
        return self.profile.incident

    def answers_saved(self, form_key: str, answers: dict) -> None:
        self.happened_on = clock.day_of(answers.get("happened_on"))
        self.type_code = str(answers.get("kind") or "")[:40]
        Incident.objects.filter(pk=self.pk).update(happened_on=self.happened_on, type_code=self.type_code)

    @property
    def type_label(self) -> str:
        """What happened, as the report's form calls it."""
        fields = (field for section in self.form_spec(self.declaration.form).sections for field in section.fields)
        options = next((field.options for field in fields if field.key == "kind"), ())
        return next((str(option.label) for option in options if option.code == self.type_code), self.type_code)


class Withdrawal(BaseEvent):
    """A base given up by both sides together: drafted, signed by both, sent, filed (NM-21)."""

    case_kind = "withdrawal"
    kind_label = _("自主撤销")
    FILLED_BY = "bases.withdraw"

    class State(States):
        DRAFT = "draft", GREY, "edit", _("草拟")
        CONFIRMING = "confirming", BLUE, "progress", _("双方签章")
        REVIEWING = "reviewing", BLUE, "progress", _("审核备案")
        FILED = "filed", GREEN, "check-circle", _("已备案")
        REFUSED = "refused", RED, "x-circle", _("不予备案")
        ABANDONED = "abandoned", GREY, "minus-circle", _("已放弃")

    STAGES = ("confirming", "reviewing")
    HELD = ("confirming",)  # signed by both it is sent by somebody: nothing is sent by running out of steps
    AFTER_LAST = "filed"
    TURNED_DOWN = "refused"
    DRAFTED_BY = frozenset({("university", "graduate_office")})
    RUNNING = ("draft", "confirming", "reviewing")

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="withdrawals", verbose_name=_("基地"))
    sent_on = models.DateField(_("报送日期"), null=True)
    filed_on = models.DateField(_("备案日期"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["partner", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition"],
                condition=models.Q(state__in=("draft", "confirming", "reviewing")),
                name="one_withdrawal_under_way",
            )
        ]

    @property
    def declaration(self):
        return self.profile.withdrawal
