"""补录: entering bases that existed before the portal, one by a form or many by a spreadsheet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.existing import columns
from bases.models.recognition import Recognition
from casework.models.regulated import RegulatedCase
from core import clock
from core.forms.spec import parse_form
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY, ORANGE, YELLOW
from core.states import CaseStateField, States
from regulations import vocabulary


class Backfill(RegulatedCase):
    """One act of entering, by the organisation that recognised the bases, under the regulation that they live under
    from now on. A form holds one base, a spreadsheet one in each row."""

    case_kind = "backfill"
    kind_label = _("存量补录")
    FORM = "existing"

    class State(States):
        DRAFT = "draft", YELLOW, "edit", _("填写中")
        CHECKING = "checking", BLUE, "progress", _("检查中")
        FAULTY = "faulty", ORANGE, "alert", _("有错误待改")
        CHECKED = "checked", BLUE, "check", _("检查通过")
        ENTERING = "entering", BLUE, "progress", _("导入中")
        HALTED = "halted", ORANGE, "alert", _("部分导入")
        ENTERED = "entered", GREEN, "check-circle", _("已补录")
        DISCARDED = "discarded", GREY, "minus-circle", _("已放弃")

    RUNNING = ("checking", "entering")  # a worker has it

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    by_sheet = models.BooleanField(_("用表格"), default=False)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_problems = models.JSONField(default=list)  # what is wrong with the file as a whole
    number_of_rows = models.PositiveIntegerField(_("行数"), default=0)
    number_of_faults = models.PositiveIntegerField(_("错误"), default=0)
    number_of_remarks = models.PositiveIntegerField(_("提示"), default=0)
    entered_on = models.DateField(_("录入日期"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["file_sha256"], condition=~models.Q(file_sha256=""), name="backfill_of_a_file"),
        ]

    @property
    def owner(self):
        """The organisation whose bases they are: it granted them."""
        return getattr(self, vocabulary.LEVEL_OWNERS[self.level])

    @property
    def level(self) -> str:
        """The level at which the bases are recognised."""
        return self.profile.recognition.level.value

    def form_keys(self) -> list[str]:
        return [] if self.by_sheet else [self.FORM]

    def form_spec(self, form_key: str):
        return parse_form(columns.form_of(self))

    def editable_sections(self, form_key: str, actor) -> set[str]:
        """Whoever enters bases edits every section of a draft."""
        if self.state != "draft" or self.by_sheet or not actor.may("bases.backfill", self):
            return set()
        return {section.key for section in self.form_spec(form_key).sections}


class BackfillRow(models.Model):
    """One base as it stands in the spreadsheet, what the check says of it, and what became of it."""

    backfill = models.ForeignKey(Backfill, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # of the row in the sheet, as the user sees it
    values = models.JSONField()
    problems = models.JSONField(default=list)
    faulty = models.BooleanField(default=False)
    recognition = models.ForeignKey(Recognition, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["backfill", "number"], name="one_row_of_a_number_in_a_backfill")]
        indexes = [
            models.Index(fields=["backfill", "number"], condition=models.Q(faulty=True), name="backfill_faulty_rows")
        ]

    def __str__(self) -> str:
        return f"{self.backfill_id} {self.number}"


class BackfillProgress(models.Model):
    """How far a worker has come. A table of its own, without keys: it is written beside the transaction it tells of."""

    backfill_id = models.BigIntegerField(primary_key=True)
    stage = models.CharField(max_length=20)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.backfill_id} {self.stage} {self.done}/{self.total}"
