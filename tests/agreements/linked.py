"""A school whose regulation lets a partner without an account confirm an agreement by a one-time link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

from casework.steps import links as steplinks
from core import outbox
from tenants.models import ActionLink, UnitContact
from tenants.services import links
from tests.agreements.world import World
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories

ADDRESS = "zhou@factory.invalid"


def by_link(data: dict) -> None:
    """The partners' confirmation may be given by a link."""
    data["routes"]["agreement"][-1]["by_link"] = True


class Linked(World):
    """With an administrator as the second pair of eyes, and somebody of the first partner who has no account."""

    def __init__(self):
        super().__init__(by_link)
        self.admin = Person(factories.member(self.university, "admin", factories.user("管理员老师")))

    def enter(self, number: int = 0, **more) -> UnitContact:
        """The secretary enters whom a partner has named."""
        given = {"name": "周若水", "post": "总经理", "email": ADDRESS, "phone": "0411-8800123"} | more
        done(self.secretary.client.post(self.contacts_url(number), given))
        return UnitContact.objects.order_by("-pk").first()

    def contacts_url(self, number: int = 0) -> str:
        return f"/organisation/{self.units[number].pk}/contacts/"

    def verify(self, contact: UnitContact, person: Person | None = None):
        person = person or self.admin
        url = f"/organisation/{contact.organisation_id}/contacts/"
        return person.client.post(url, {"act": "verify", "contact": contact.pk})

    def verified(self, number: int = 0, **more) -> UnitContact:
        contact = self.enter(number, **more)
        done(self.verify(contact))
        return contact

    def send(self, agreement, contact: UnitContact, person: Person | None = None):
        """The answer to sending a link to somebody."""
        step = agreement.steps().filter(unit=contact.organisation, kind="confirmation").order_by("-pk").first()
        return (person or self.secretary).do(agreement, "send_link", {"contact": str(contact.pk)}, step=step.pk)

    def sent(self, agreement, contact: UnitContact | None = None) -> ActionLink:
        """A link that is on its way to the partner's person."""
        done(self.send(agreement, contact or self.verified()))
        outbox.drain()
        return newest()


def newest() -> ActionLink:
    return ActionLink.objects.filter(purpose=steplinks.PURPOSE).order_by("-pk")[0]


def mailed(address: str = ADDRESS) -> list:
    """The mails to an address, the oldest first."""
    return [letter for letter in mail.outbox if letter.to == [address]]


class Holder:
    """Somebody with a phone, the mail and no account. The link is read out of the mail, as they read it."""

    def __init__(self, link: ActionLink):
        self.link, self.client = link, Client()
        (address,) = re.findall(r"http\S+/q/\S+", mailed(link.address)[-1].body)
        self.path = urlsplit(address).path

    def get(self, more: str = ""):
        return self.client.get(self.path + more)

    def post(self, act: str, **more):
        return self.client.post(self.path, {"act": act, **more})

    def code(self) -> str:
        """The code, out of the mail with it."""
        done(self.post("code"))
        outbox.drain()
        (code,) = re.findall(r"验证码是 (\d{6})", mailed(self.link.address)[-1].body)
        return code

    def open(self) -> None:
        done(self.post("enter", **{"f-code": self.code()}))

    def confirm(self):
        return self.post("positive", read="1")

    def decline(self, reason: str):
        return self.post("negative", **{"f-opinion": reason})


def row(link: ActionLink) -> ActionLink:
    return ActionLink.objects.get(pk=link.pk)


def events(link: ActionLink) -> list[str]:
    return list(link.uses.order_by("pk").values_list("event", flat=True))


__all__ = ["ADDRESS", "Holder", "Linked", "by_link", "events", "fresh", "links", "mailed", "newest", "row"]
