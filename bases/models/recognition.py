"""A base's recognition at one level, with its own life and its own regulation version (RR-10, RR-11)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases import candidates, gates, records, specs
from bases.models.base import Base
from casework.models.regulated import RegulatedCase
from core import clock
from core.door import Act, move
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY
from core.states import CaseStateField, States
from regulations.models import Adoption
from tenants.models import Organisation

STANDING = ["pending", "active"]


class Recognition(RegulatedCase):
    """What a base was granted: the level, since when, for how long, by which document."""

    case_kind = "recognition"

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
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

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

    searched = ("number", "title", "base__name", "base__number")

    @property
    def listed_title(self) -> str:
        """The base's own name with the level: a regulation may give all its bases one title (XCU-4c)."""
        return f"{self.base.name}（{dict(Adoption.LEVELS).get(self.level, self.level)}）"

    def takes_students(self, on: dt.date) -> bool:
        """Whether it may take students on a day, by its dates and the effects that stand on it."""
        from casework.models import Effect

        if self.state != "active" or self.active_on is None or on < self.active_on:
            return False
        stopped = Effect.objects.filter(
            target_kind=self.case_kind,
            target_id=self.pk,
            kind__in=("suspension", "revocation"),
            lifted_on=None,
            from_on__lte=on,
        ).exclude(until_on__lt=on)
        return not stopped.exists()

    @move(
        "state",
        source="pending",
        target="active",
        label=_("基地生效"),
        permission="",
        system=True,
        hidden=True,
        conditions=[gates.activation],
    )
    def activate(self, act: Act) -> None:
        """The base is one from now on: what the regulation ties it to has happened."""
        self.active_on = act.on
        gates.after_activation(self, act)

    @move(
        "state",
        source=STANDING,
        label=_("登记授牌"),
        permission="bases.manage",
        form=specs.plaque,
        conditions=[gates.plaque],
    )
    def issue_plaque(self, act: Act) -> None:
        """Hand the plaque over, once: day, recipient, photo."""
        self.plaque_on = dt.date.fromisoformat(act.data["issued_on"])
        self.plaque_to = act.data["recipient"]
        photo = act.data.get("photo") or []
        self.plaque_photo_id = photo[0] if photo else None

    @move(
        "state",
        source=STANDING,
        label=_("新增记录"),
        permission="bases.record",
        form=specs.record,
        hidden=True,
        conditions=[records.findings],
    )
    def enter_record(self, act: Act) -> None:
        """Enter a dated record of a type that the regulation asks for."""
        records.keep(self, act)

    @move(
        "state",
        source=[*STANDING, "ended"],
        label=_("登记处理结果"),
        permission="bases.settle_record",
        form=specs.settle_record,
        subjects=records.open_matters,
        conditions=[records.settle_findings],
    )
    def settle_record(self, act: Act) -> None:
        """Settle a matter that was raised on the base: the day and how (XCU-11.5)."""
        records.settle(self, act)

    @move(
        "state",
        source="active",
        label=_("列入或移出国家级候选"),
        permission="bases.mark_candidate",
        form=candidates.spec,
        conditions=[candidates.findings],
    )
    def mark_candidate(self, act: Act) -> None:
        """Mark the base as a candidate for the national programme, or take the mark back (NM-2b)."""
        candidates.mark(self, act)

    @move(
        "state",
        source="pending",
        target="ended",
        label=_("取消（未生效）"),
        permission="bases.manage",
        form=specs.give_reason,
        confirm=_("取消后不能恢复，须重新申报。"),
    )
    def cancel(self, act: Act) -> None:
        """End a recognition that never came into force, because no agreement was reached."""
        self.ended_on, self.end_reason = clock.today(), act.data["reason"][:300]


def title_of(base: Base, profile) -> str:
    """The name the regulation gives its bases, before the base's own name where it gives one (XCU-4c, CZMC-2.1)."""
    fixed = profile.recognition.name if profile.recognition else None
    return str(fixed.value) if fixed is not None and fixed.value else base.name


def holder(recognition: Recognition) -> Organisation:
    """The organisation that granted it: the authority for provincial ones, the university otherwise."""
    return recognition.authority or recognition.university
