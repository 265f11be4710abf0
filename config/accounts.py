"""Log-in by user name or e-mail through allauth; sign-up is closed (people are invited, see tenants)."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend


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

    def set_password(self, user, password) -> None:
        """Set a password chosen by its owner; an invited person has then done the first-login change."""
        user.must_change_password = False
        super().set_password(user, password)
