"""How people and organisations want to be told of what is due."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from tenants.models.organisations import Organisation


class MutedKind(models.Model):
    """A kind of due row of which a person wants no reminder. Days that a regulation gives are told all the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="muted_once")]

    def __str__(self) -> str:
        return self.kind


class ReminderDays(models.Model):
    """The days before a term's end on which an organisation and those below it are reminded of it, from a day on."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reminder_days")
    kind = models.CharField(max_length=40)
    days = models.JSONField(_("提前天数"))
    from_on = models.DateField(_("自"))
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind", "from_on"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar. Only its hash is kept; a new one ends the one before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.made_at)


class Robot(models.Model):
    """A robot of a group chat that an organisation's digest of the day is posted to. Its address is a secret."""

    KINDS = [("wecom", _("企业微信群机器人")), ("dingtalk", _("钉钉群机器人"))]

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="robots")
    kind = models.CharField(_("类型"), max_length=10, choices=KINDS)
    url = models.CharField(_("Webhook地址"), max_length=500)
    secret = models.CharField(_("加签密钥"), max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="one_robot_of_a_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()
