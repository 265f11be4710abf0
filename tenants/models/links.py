"""Links by which somebody acts without logging in, and what the public tried."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from tenants.models.contacts import UnitContact
from tenants.models.people import Membership


class ActionLink(models.Model):
    """One person may do one thing once, without an account: accept an invitation, confirm an objection, sign.

    `purpose` is a code of `tenants.services.links`, `about_id` the row that it is about there. The link is bound to an
    address: what it is for is done by a POST that carries the code sent there, so that a forwarded link lets no
    stranger act. `needs_second`: another person than who made it confirms the address first. Neither link nor code is
    stored: both follow from a nonce and the installation's secret, and only a hash of the link's token is looked up.

    `contact` is whose address it is where that was verified before, `content` the hash of the text that the link was made
    for: it never acts on another one.
    """

    CLOSED = [
        ("renewed", _("已重新发送")),
        ("withdrawn", _("已收回")),
        ("changed", _("内容已修改")),
        ("acted", _("已用其他方式办理")),
        ("ended", _("事项已不在本环节")),
    ]

    purpose = models.CharField(max_length=30)
    about_id = models.BigIntegerField(null=True)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    address = models.EmailField(_("电子邮箱"), blank=True)
    payload = models.JSONField(default=dict)
    contact = models.ForeignKey(UnitContact, models.PROTECT, null=True, related_name="links")
    content = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    needs_second = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    code_nonce = models.CharField(max_length=32, blank=True)
    code_at = models.DateTimeField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=10, choices=CLOSED, blank=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "about_id"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.about_id} {self.name}"

    @property
    def state(self) -> str:
        """By the clock: open, unconfirmed (a second person has not yet confirmed the address), used, closed, expired."""
        if self.used_at:
            return "used"
        if self.closed_at:
            return "closed"
        if self.until <= clock.now():
            return "expired"
        return "unconfirmed" if self.needs_second and self.confirmed_at is None else "open"

    @property
    def number(self) -> str:
        """What people call the link; it opens nothing."""
        return f"LJ-{self.pk:06d}"


class ActionLinkUse(models.Model):
    """One line for whatever was done with a link."""

    EVENTS = [
        ("made", _("生成链接")),
        ("sent", _("发送链接")),
        ("confirmed", _("核实地址")),
        ("code", _("发送验证码")),
        ("wrong", _("验证码不符")),
        ("entered", _("验证码相符，打开内容")),
        ("used", _("使用链接")),
        ("closed", _("作废链接")),
    ]

    link = models.ForeignKey(ActionLink, models.CASCADE, related_name="uses")
    event = models.CharField(max_length=10, choices=EVENTS)
    at = models.DateTimeField(default=clock.now)
    real_at = models.DateTimeField(default=clock.real_now)
    by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.link_id} {self.event}"


class PublicAttempt(models.Model):
    """What somebody without an account tried. Apart from the log of attempts, so that it can be counted and cleaned:
    rows are dropped after some days. Addresses are kept as hashes.
    """

    at = models.DateTimeField(default=clock.real_now)
    what = models.CharField(max_length=30)
    about_id = models.BigIntegerField(null=True)
    address_hash = models.CharField(max_length=64, blank=True)
    network_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["what", "about_id", "at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.about_id} {self.outcome}"
