"""A base's recognition at one level, with its own life and its own regulation version (RR-10, RR-11)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models.base import Base
from casework.models.regulated import RegulatedCase
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY
from core.states import CaseStateField, States
from regulations import vocabulary
from regulations.models import Adoption
from tenants.models import Organisation

STANDING = ["pending", "active"]


class Recognition(RegulatedCase):
    """What a base was granted: the level, since when, for how long, by which document."""

    case_kind = "recognition"
    kind_label = _("基地")

    class State(States):
        PENDING = "pending", BLUE, "hourglass", _("待生效")
        ACTIVE = "active", GREEN, "check-circle", _("在建")
        ENDED = "ended", GREY, "lock", _("已终止")

    state = CaseStateField(_("状态"), default=State.PENDING, states=State, protected=True)
    base = models.ForeignKey(Base, models.PROTECT, related_name="recognitions")
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    level = models.CharField(_("级别"), max_length=12)
    application_id = models.BigIntegerField(null=True)
    decided_on = models.DateField(_("批准日期"))
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    published_on = models.DateField(_("公布日期"), null=True)
    starts_on = models.DateField(_("建设期开始"), null=True)
    ends_on = models.DateField(_("建设期结束"), null=True)
    active_on = models.DateField(null=True)
    plaque_on = models.DateField(_("授牌日期"), null=True)
    plaque_to = models.CharField(_("接收人"), max_length=80, blank=True)
    plaque_photo = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    backfill = models.ForeignKey("bases.Backfill", models.PROTECT, null=True, related_name="recognitions")  # 补录
    ended_on = models.DateField(null=True)
    end_code = models.CharField(max_length=30, blank=True)  # of `vocabulary.END_REASONS`
    end_clause = models.CharField(max_length=40, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["base", "level"],
                condition=models.Q(state__in=("pending", "active")),
                name="one_standing_recognition_per_level",
            )
        ]
        indexes = [
            models.Index(fields=["university", "state", "id"]),
            models.Index(fields=["authority", "state", "id"]),
        ]

    searched = ("number", "title", "base__name", "base__number", "base__former_number")

    @property
    def level_label(self) -> str:
        """The level as people call it."""
        return str(dict(Adoption.LEVELS)[self.level])

    @property
    def end_label(self) -> str:
        """Why it ended, in a word; the words of whoever ended it where no reason of the list was given."""
        return str(vocabulary.END_REASONS.get(self.end_code, self.end_reason))

    @property
    def listed_title(self) -> str:
        """The base's own name with the level: a regulation may give all its bases one title (XCU-4c)."""
        return f"{self.base.name}（{self.level_label}）"


def title_of(base: Base, profile) -> str:
    """The name the regulation gives its bases, before the base's own name where it gives one (XCU-4c, CZMC-2.1)."""
    fixed = profile.recognition.name if profile.recognition else None
    return str(fixed.value) if fixed is not None and fixed.value else base.name


def holder(recognition: Recognition) -> Organisation:
    """The organisation that granted it: the authority for provincial ones, the university otherwise."""
    return recognition.authority or recognition.university
