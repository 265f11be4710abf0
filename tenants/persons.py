"""When two accounts are one person: the same account, mail address or telephone number."""

from __future__ import annotations

import re

from django.db.models import Q

from core import text
from tenants.models import User


def phone_key(number: str) -> str:
    """What two telephone numbers are compared by: their digits, without the country's."""
    digits = re.sub(r"\D", "", text.phone(number))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def same_person(person: User, other: User) -> bool:
    """Whether two accounts belong to one person, as far as the portal can know."""
    if person.pk is not None and person.pk == other.pk:
        return True
    if person.email and person.email.casefold() == other.email.casefold():
        return True
    phone = phone_key(person.phone)
    return bool(phone) and phone == phone_key(other.phone)


def accounts_named(login: str):
    """The accounts that somebody may mean who types this at the log-in: by user name or mail address. Never two, because
    nobody takes a name or an address that leads to another's account already."""
    return User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)) if login else User.objects.none()


def is_reached_at(user: User, *, email: str = "", phone: str = "") -> bool:
    """Whether a mail address or telephone number is the person's own."""
    return same_person(user, User(email=email, phone=phone))
