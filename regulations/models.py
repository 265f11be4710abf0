"""Regulations, their versions, who adopted them, and what organisations put where they are silent."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.state_styles import GREEN, GREY
from core.states import StateField, States
from regulations import glossary
from regulations.cache import per_version
from regulations.canonical import parse
from regulations.schema import Profile


class Status(States):
    """How far a version is."""

    DRAFT = "draft", GREY, "edit", _("草稿")
    PUBLISHED = "published", GREEN, "check-circle", _("已生效登记")
    SUPERSEDED = "superseded", GREY, "history", _("已被新版取代")


DRAFT, PUBLISHED, SUPERSEDED = Status
IN_FORCE = (PUBLISHED, SUPERSEDED)


class Immutable(Exception):
    """A published version, or a dated row, was about to be changed. RR-10: a new version is needed."""


@per_version(64)
def _parsed(version: RegulationVersion) -> Profile:
    glossary.add(version.content)
    return parse(version.content)


class Regulation(models.Model):
    """A regulation: what its versions are versions of."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    title = models.CharField(_("名称"), max_length=200)

    class Meta:
        verbose_name = _("办法")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class RegulationVersion(models.Model):
    """One text of a regulation as data. Immutable once published: content, number, hash and date stand for ever.

    `content` is the canonical JSON text (`canonical.canonical`), kept as text because its order has meaning.
    """

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="versions")
    number = models.CharField(_("版本"), max_length=12)
    status = StateField(_("状态"), max_length=12, states=Status, default=DRAFT, editable=False)
    content = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    effective_from = models.DateField(_("施行日期"), null=True, blank=True)
    loaded_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("办法版本")
        ordering = ["regulation__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["regulation", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(status=DRAFT) | Q(effective_from__isnull=False, published_at__isnull=False),
                name="published_version_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regulation.code}/{self.number}"

    def save(self, *args, **kwargs) -> None:
        """Save; a published version lets only its status become superseded. Raises Immutable."""
        self.sha256 = hashlib.sha256(self.content.encode()).hexdigest()
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None and before.status != DRAFT:
            kept = ("regulation_id", "number", "content", "effective_from", "published_at", "published_by")
            changed = [name for name in kept if getattr(before, name) != getattr(self, name)]
            if changed or (before.status, self.status) not in {
                (PUBLISHED, PUBLISHED),
                (PUBLISHED, SUPERSEDED),
                (SUPERSEDED, SUPERSEDED),
            }:
                raise Immutable(f"{self} is published; {', '.join(changed) or 'status'} cannot change")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete a draft. Raises Immutable for anything published."""
        if type(self).objects.filter(pk=self.pk).exclude(status=DRAFT).exists():
            raise Immutable(f"{self} is published and stays")
        return super().delete(*args, **kwargs)

    @property
    def state(self) -> str:
        """draft, published or superseded."""
        return self.status

    @property
    def profile(self) -> Profile:
        """The typed view of the content, parsed once per process."""
        return _parsed(self)


class Adoption(models.Model):
    """Since when a regulation governs an organisation (and all below it) at a level: with the version named, or, where
    none is, with whichever is in force."""

    LEVELS = [
        ("school", _("校级")),
        ("provincial", _("省级")),
        ("national", _("国家级")),
        ("overlay", _("校级政策")),
    ]

    organisation = models.ForeignKey("tenants.Organisation", models.PROTECT, related_name="adoptions")
    level = models.CharField(_("级别"), max_length=12, choices=LEVELS)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="adoptions")
    version = models.ForeignKey(RegulationVersion, models.PROTECT, null=True, blank=True, related_name="adoptions")
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("适用")
        indexes = [models.Index(fields=["organisation", "level", "from_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="adoption_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.regulation} {self.level} {self.from_on}"


class AddedOnly(models.Model):
    """A dated row that an organisation adds: it holds from `from_on`, and is never changed or deleted, for a correction is a
    further row. Who entered it, and when, stays with it."""

    from_on = models.DateField(_("自"))
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    entered_name = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Add the row. Raises Immutable for one that exists."""
        if self.pk and type(self).objects.filter(pk=self.pk).exists():
            raise Immutable(f"a row of {self._meta.label} is not changed: add a row")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raises Immutable always."""
        raise Immutable(f"a row of {self._meta.label} is not deleted: add a row")


class LocalWording(AddedOnly):
    """One dated row: from `from_on` on, what a unit's paper says at one place in stead of the portal's own words.

    `path` is the place in the layout of the version's paper, `original` what stands there: a layout that has come to say
    something else there is left alone. An empty `text` takes the unit's wording back. The newest row
    with `from_on` ≤ D, entered latest, holds on day D.
    """

    organisation = models.ForeignKey("tenants.Organisation", models.PROTECT, related_name="local_wordings")
    version = models.ForeignKey(RegulationVersion, models.PROTECT, related_name="local_wordings")
    paper = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    original = models.TextField()
    text = models.TextField(blank=True)
    reason = models.CharField(_("依据"), max_length=300)

    class Meta:
        verbose_name = _("本单位正式文字")
        indexes = [models.Index(fields=["organisation", "version", "paper", "from_on"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.version} {self.paper} {self.path} {self.from_on}"


class LocalSetting(AddedOnly):
    """One dated row: from `from_on` on, the organisation's own value where the regulation is silent (RR-4).

    The newest row with `from_on` ≤ D holds on day D.
    """

    organisation = models.ForeignKey("tenants.Organisation", models.PROTECT, related_name="local_settings")
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="local_settings")
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("本单位设定")
        indexes = [models.Index(fields=["organisation", "regulation", "key", "from_on"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.regulation} {self.key} {self.from_on}"
