"""People of a partner unit who act for it without an account, by links at a verified address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock
from core.language import bracketed
from tenants.models.organisations import Organisation
from tenants.models.people import Membership, User


class UnitContact(models.Model):
    """链接办理人: whom a partner unit has named, with the address that links for them go to.

    A school keeps its own (`kept_by`, the university): what one has verified is nothing to another, as a partner unit
    works with many. A row is never edited: another address is another row, verified anew, so that a verification
    never passes over to an address that nobody has looked at.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    kept_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"))
    phone = models.CharField(_("电话"), max_length=30)
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "kept_by",
                Lower("email"),
                condition=Q(ended_at=None),
                name="one_standing_contact_per_address",
            )
        ]

    def __str__(self) -> str:
        return bracketed(self.name, self.post)

    @property
    def usable(self) -> bool:
        """Whether links may go to the address: verified, and not ended."""
        return self.verified_at is not None and self.ended_at is None

    def as_user(self) -> User:
        """An account that is never saved, to compare the person with others by address and telephone number."""
        return User(name=self.name, email=self.email, phone=self.phone)
