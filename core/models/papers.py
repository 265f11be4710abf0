"""Files: checked uploads, official papers, and their copies that came back stamped."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models.cases import AboutCase
from core.state_styles import GREEN, GREY, RED, YELLOW
from core.states import StateField, States, pairs


def _document_path(document: Document, _name: str) -> str:
    return f"documents/{document.uid.hex[:2]}/{document.uid.hex}"


class Document(AboutCase):
    """A checked upload. Only `core.uploads` makes one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to=_document_path)
    purpose = models.CharField(max_length=80, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_as = models.CharField(max_length=40, blank=True)  # the role in which it was brought
    organisation_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id"])]

    def __str__(self) -> str:
        return self.name


class PaperState(States):
    """Where an official paper stands: before a stamped copy of it has come back, and with one."""

    NONE = "none", GREY, "dot", _("无需盖章")
    KEPT = "kept", GREY, "archive", _("无需回传")
    TO_PRINT = "to_print", GREY, "print", _("待打印")
    TO_MATCH = "to_match", YELLOW, "eye", _("待核对")
    MATCHED = "matched", GREEN, "check-circle", _("一致")
    MISMATCH = "mismatch", RED, "x-circle", _("不一致")
    VOID = "void", GREY, "ban", _("已作废")


def _paper_path(paper: Paper, _name: str) -> str:
    return f"papers/{paper.uid.hex[:2]}/{paper.uid.hex}.pdf"


class Paper(AboutCase):
    """One version of an official paper made for a case, and what came back stamped.

    A later version voids the earlier one; voided rows and files stay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(default=1)
    step_key = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60)
    code = models.CharField(max_length=20, unique=True)
    content_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to=_paper_path, blank=True)
    sealed = models.BooleanField(default=False)
    seal_kind = models.CharField(max_length=120, blank=True)
    comes_back = models.BooleanField(default=False)  # whether the stamped paper is to be scanned and uploaded
    copies = models.JSONField(default=list)
    keeper = models.CharField(max_length=120, blank=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "kind"])]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"

    def stamp_state(self, stamp: StampedCopy | None) -> PaperState:
        """Where the paper stands with this stamped copy of it, or with none."""
        if self.voided_at:
            return PaperState.VOID
        if stamp is not None:
            return PaperState(stamp.state)
        if not self.seal_kind:
            return PaperState.NONE
        return PaperState.TO_PRINT if self.comes_back else PaperState.KEPT


class StampedCopy(models.Model):
    """The scan of a paper that came back signed and stamped, and who found that it matches the version printed."""

    STATES = (PaperState.TO_MATCH, PaperState.MATCHED, PaperState.MISMATCH, PaperState.VOID)

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="stamped")
    step_key = models.CharField(max_length=60, blank=True)
    step_id = models.BigIntegerField(null=True, db_index=True)  # the row: several units may have steps of one key
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    state = StateField(max_length=10, states=PaperState, choices=pairs(STATES), default=PaperState.TO_MATCH)
    on = models.DateField(_("用印日期"))
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.CharField(max_length=80)
    uploader_membership_id = models.BigIntegerField(null=True)
    matched_at = models.DateTimeField(null=True)
    matched_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    kept_at = models.CharField(_("原件存放处"), max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.paper} {self.state}"
