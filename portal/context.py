"""What the frame of every page shows: who asks, as what, the menu, unread messages. Asked when drawn."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import cached_property

from core.models import InboxMessage
from portal import copies, menus, remind
from tenants.middleware import acting_as


class Shell:
    """The frame of one request. Costs one query (unread messages), and only where the frame is drawn."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def membership(self):
        """The membership the reader acts in, or None."""
        return getattr(self.request, "membership", None)

    @cached_property
    def memberships(self) -> list:
        """Every membership the reader may switch to."""
        return getattr(self.request, "memberships", None) or []

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def acting_as(self) -> str:
        """Who asks as what, as scripts send it along with what they save."""
        return acting_as(self.request)

    @cached_property
    def menu(self) -> list[menus.Drawn]:
        if self.membership is None:
            return []
        who = self.membership
        return menus.draw(who.organisation.kind, who.role, self.request.path, self.request.GET)

    @cached_property
    def unread(self) -> int:
        """Unread messages, counted up to 100."""
        if not self.signed_in:
            return 0
        waiting = InboxMessage.objects.filter(user_id=self.request.user.pk, read_at=None)
        return waiting[:100].count()

    @cached_property
    def demo(self) -> bool:
        """Whether the organisation in whose name the reader acts is a demo one."""
        return bool(self.membership and self.membership.organisation.is_demo)

    @cached_property
    def may_remind(self) -> bool:
        return remind.may_remind(self.membership)

    @cached_property
    def may_copy(self) -> bool:
        return copies.may_copy(self.membership)

    @cached_property
    def readonly(self) -> bool:
        return bool(self.membership and self.membership.role == "auditor")


def menu(request: HttpRequest) -> dict:
    """Context processor: `shell` for templates/base.html."""
    return {"shell": Shell(request)}
