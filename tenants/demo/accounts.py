"""The demo's accounts with their passwords, for the log-in page and the `demo_accounts` command."""

from __future__ import annotations

import base64

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.utils.crypto import salted_hmac

from tenants.models import Membership, User

# A demo password is known to everybody who sees the log-in page; the full number of rounds would only make
# the first
# start slow. Django computes the hash anew, with all rounds, at the first log-in.
ROUNDS = 20_000


def password_of(login: str) -> str:
    """A demo account's password: derived from the installation's secret, one for each account."""
    raw = salted_hmac("tenants.demo.password", login, algorithm="sha256").digest()
    text = base64.b32encode(raw).decode().lower().translate(str.maketrans("il", "89"))
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}"


def hash_of(password: str) -> str:
    """The hash to store, cheap to compute where the installation's hasher can be told so."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    return make_password(password)


def accounts() -> list[dict]:
    """Every demo account: login, password, name, memberships (organisation, kind, role, state). Two
    queries.
    """
    by_user = {
        user.pk: {
            "login": user.username,
            "password": password_of(user.username),
            "name": user.name,
            "memberships": [],
        }
        for user in User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    }
    rows = Membership.objects.filter(user__is_demo=True, state="active").select_related("organisation").order_by("pk")
    for membership in rows:
        if membership.user_id in by_user:
            by_user[membership.user_id]["memberships"].append(
                {
                    "organisation": membership.organisation.display_name,
                    "kind": membership.organisation.kind,
                    "role": membership.role,
                }
            )
    return list(by_user.values())
