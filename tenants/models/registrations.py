"""Units from outside that the portal does not know yet and that ask a university to be entered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.state_styles import GREEN, GREY, YELLOW
from core.states import StateField, States
from tenants.models.organisations import Organisation
from tenants.models.people import Invitation, Membership


class UnitRegistration(models.Model):
    """A unit that wants to apply itself and has no account (CZMC-3.3a): its data as its contact gave them, once the code
    sent to the contact's mail address has come back. The university's office checks them; only then a partner unit
    stands in the register, and its contact is invited like every other.

    `about_id` and `about`: the call under which it wants to apply. `unit`: fields of an organisation.
    """

    class State(States):
        ASKED = "asked", YELLOW, "hourglass", _("待核实")
        TAKEN = "taken", GREEN, "check-circle", _("已登记")
        DECLINED = "declined", GREY, "minus-circle", _("不予登记")

    number = models.CharField(_("登记编号"), max_length=20, unique=True)
    university = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    about = models.CharField(_("拟申报批次"), max_length=200)
    name = models.CharField(_("单位名称"), max_length=200)
    unit = models.JSONField()
    contact = models.CharField(_("联系人"), max_length=60)
    email = models.EmailField(_("电子邮箱"))
    phone = models.CharField(_("手机号"), max_length=40)
    state = StateField(_("状态"), max_length=10, states=State, default=State.ASKED)
    created_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["university", "state"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
