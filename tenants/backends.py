"""The two backends that answer `user.has_perm(permission, object)`: by role and column, and by assignment."""

from __future__ import annotations

from guardian.backends import ObjectPermissionBackend

from tenants import grants, permissions


def _acts(user, obj):
    """The membership that the question is about, or None where nobody may do anything."""
    if obj is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    membership = getattr(user, "active_membership", None)
    if membership is None or membership.user_id != user.pk or not membership.usable():
        return None
    return membership


class _Silent:
    """No log-in and no object-less permissions: those would answer outside every organisation."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj, obj=None) -> set[str]:
        return set()


class MembershipBackend(_Silent):
    """Answers from the role of the active membership and the object's organisation columns."""

    def has_perm(self, user_obj, perm: str, obj=None) -> bool:
        membership = _acts(user_obj, obj)
        return membership is not None and any(rule.holds(membership, obj) for rule in permissions.rules(perm))


class GrantBackend(_Silent, ObjectPermissionBackend):
    """guardian's rows, each of which counts only while the assignment behind it stands (`tenants.grants`)."""

    def has_perm(self, user_obj, perm: str, obj=None) -> bool:
        return _acts(user_obj, obj) is not None and grants.holds(user_obj, perm, obj)
