"""What decisions lead to, exceptions that a named role let pass, and the dated entries a regulation asks for."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core import clock
from core.models import About, AboutCase
from core.state_styles import BLUE, GREEN, GREY, RED, YELLOW
from core.states import CaseStateField, StateField, States
from regulations import vocabulary
from tenants.models import Organisation

SCAN_RULE = "scan:"  # before a step's key: the "rule" of an exception that lets its stamped paper come later
SUPPLY = "supply"  # kind of the ledger's rows for stamped papers that may come later


class Effect(AboutCase):
    """A dated consequence on a case: a title, a grant, a task, a suspension, a priority.

    Questions such as "may it take students on day D?" read these rows, never flags. What a regulation lets follow is
    proposed first, by the case `source`; whoever its declaration (`declared`, as the profile has it) names confirms or
    declines it, and its days are set then. One with `renewal` goes on after `until_on` until somebody lifts it.
    """

    class State(States):
        PROPOSED = "proposed", YELLOW, "hourglass", _("待确认")
        STANDING = "standing", BLUE, "check-circle", _("有效")
        DECLINED = "declined", GREY, "minus-circle", _("不予采用")

    case_title = models.CharField(max_length=200, blank=True)
    case_number = models.CharField(max_length=40, blank=True)
    state = StateField(max_length=10, states=State, default=State.STANDING)
    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=40, blank=True)  # which of its kind: the task that it is, the grant that it is
    title = models.CharField(max_length=120)
    parameters = models.JSONField(default=dict)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan; of an intake limit persons
    reason = models.CharField(max_length=30, blank=True)  # a code of `vocabulary.END_REASONS`
    from_on = models.DateField(null=True)  # None until it is confirmed
    until_on = models.DateField(null=True)
    renewal = models.BooleanField(default=False)
    clause = models.CharField(max_length=40, blank=True)
    declared = models.JSONField(default=dict)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # whose role confirms it
    role = models.CharField(max_length=30, blank=True)
    proposed_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_reason = models.TextField(blank=True)
    lifted_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lift_reason = models.TextField(blank=True)
    source_kind = models.CharField(max_length=30, blank=True)
    source_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["case_kind", "case_id", "kind"]),
            models.Index(fields=["kind", "state"]),
            models.Index(fields=["unit", "role"], condition=models.Q(state="proposed"), name="effects_to_confirm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "kind", "code", "source_kind", "source_id"],
                condition=models.Q(lifted_on=None, source_id__isnull=False) & ~models.Q(state="declined"),
                name="one_effect_of_a_source",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asks_for(self) -> str:
        """The name of what is asked for until it is decided, in messages and in the ledger."""
        return f"effect:{self.pk}"

    @property
    def paper(self) -> str:
        """The key of the paper that it is told on: each effect has one of its own; "" where the profile names none."""
        return f"{self.declared['paper']}.{self.pk}" if self.declared.get("paper") else ""

    def stands_on(self, day: dt.date) -> bool:
        """Whether it stands on a day: confirmed, begun, not over, not lifted by then."""
        if self.state != "standing" or self.from_on is None or self.from_on > day:
            return False
        over = self.until_on is not None and self.until_on < day and not self.renewal
        return not over and (self.lifted_on is None or self.lifted_on > day)

    @property
    def reason_label(self) -> str:
        """The reason in words; "" without one."""
        return str(vocabulary.END_REASONS.get(self.reason, self.reason))


class Override(About, RegulatedCase):
    """A request that a rule of strength "default" be let pass for one case.

    It carries the rule, the facts seen and the reason, so that the role that decides need not see the case itself
    (design, "rules"). One about a stamped paper (`rule` "scan:<step>") lets the step be done without it until `due_on`;
    the paper is supplied and compared later (see casework.steps.waivers).
    """

    case_kind = "override"
    SIDES = {kind: kind for kind in RegulatedCase.SIDES}  # whoever asks does not decide, also inside one university
    kind_label = _("例外申请")
    about_columns = ("subject_kind", "subject_id")

    class State(States):
        REQUESTED = "requested", YELLOW, "flag", _("待审批")
        GRANTED = "granted", GREEN, "check-circle", _("准予例外")
        REFUSED = "refused", RED, "x-circle", _("不予例外")

    state = CaseStateField(_("状态"), default=State.REQUESTED, states=State, protected=True)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_title = models.CharField(max_length=200)
    rule = models.CharField(max_length=60)
    gate = models.CharField(max_length=60)
    clause = models.CharField(max_length=40)
    message = models.TextField(_("未满足的条件"))
    facts = models.JSONField(default=dict)
    reason = models.TextField(_("申请理由"))
    requested_by = models.CharField(max_length=80)
    requester = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_reason = models.TextField(blank=True)
    due_on = models.DateField(_("补交期限"), null=True)
    supplied_on = models.DateField(_("补交日期"), null=True)
    settled_on = models.DateField(_("核对日期"), null=True)

    @property
    def asks_for(self) -> str:
        """The name of what is asked for until it is decided, in messages and in the ledger."""
        return f"override:{self.pk}"


class Record(AboutCase):
    """A dated entry of a type that the profile declares (a committee, a working group, a major issue …).

    Its case is the one on whose page it was entered; its subject what it is about: that case, its base, one of its
    organisations. What lists and counts read of an entry stands in the columns that its type names
    (`columns` of the record type), the whole of it in `answers`.

    Entries are not changed: a later one may replace an earlier one, which stays readable. So a matter that somebody
    has to settle is closed by an entry of its own, which carries the day on which it was settled.
    """

    type = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    on = models.DateField(_("发生日期"))
    until_on = models.DateField(null=True)
    code = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    person = models.CharField(max_length=80, blank=True)
    named = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("办结期限"), null=True)
    settled_on = models.DateField(_("办结日期"), null=True)
    answers = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField(_("录入时间"), default=clock.now)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="earlier")

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "type"])]

    def __str__(self) -> str:
        return self.title
