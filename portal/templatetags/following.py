"""下一件 below the message that an act was done."""

from __future__ import annotations

from django import template

from casework.views.said import acted_of
from portal import todos

register = template.Library()


@register.inclusion_tag("portal/following.html", takes_context=True)
def following(context, message) -> dict:
    """The next to-do of the same sort, and how many are left, where the message reports an act that does one."""
    acted, shell = acted_of(message), context.get("shell")
    if acted is None or shell is None:
        return {"following": None}
    return {"following": todos.following(shell.membership, acted)}
