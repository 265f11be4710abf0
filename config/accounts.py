"""Log-in by user name or e-mail through allauth; sign-up is closed (people are invited, see tenants)."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core import signing

from tenants.persons import accounts_named

DEVICES = "lianpei.devices"
DEVICE_COOKIE = "__Secure-devices" if settings.SESSION_COOKIE_SECURE else "devices"
DEVICE_SECONDS = 180 * 24 * 3600
MOST_DEVICES = 5  # accounts that one browser remembers, the last ones


def remembered(request) -> list[int]:
    """The accounts that logged in from this browser in the last half year, as its signed cookie says."""
    try:
        return signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICES, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return []


class LoginBackend(AuthenticationBackend):
    """allauth's log-in without Django's object-less permissions: those would answer outside every tenant."""

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj, obj=None) -> set[str]:
        return set()


class AccountAdapter(DefaultAccountAdapter):
    """The house's answers to allauth's questions."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Failures are counted by account, whichever of its names was typed, and apart for browsers that have logged in to it
        before: whoever guesses from elsewhere locks out nobody who works with it every day (faults K14)."""
        login = (credentials.get("email") or credentials.get("username") or "").strip().lower()
        account = accounts_named(login).values_list("pk", flat=True).first()
        if account is None:
            return super()._get_login_attempts_cache_key(request, **credentials)
        return f"account:{account}:{'known' if account in remembered(request) else 'new'}"

    def post_login(self, request, user, **more):
        """Let the browser remember that this account logged in from it."""
        answer = super().post_login(request, user, **more)
        devices = [user.pk, *(pk for pk in remembered(request) if pk != user.pk)][:MOST_DEVICES]
        answer.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(devices, salt=DEVICES),
            max_age=DEVICE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer

    def set_password(self, user, password) -> None:
        """Set a password chosen by its owner; an invited person has then done the first-login change."""
        user.must_change_password = False
        super().set_password(user, password)
