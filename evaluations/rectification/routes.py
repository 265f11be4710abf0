"""The route of a rectification, and what begins one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations.routekinds import RouteKind, register

register(
    RouteKind(
        case="rectification",
        title=_("整改"),
        stages={"checking": _("审核"), "rechecking": _("复核")},
        # A rectification stands on no list and rests on no agreement of its own.
        without=frozenset({"list", "notice", "agreement", "document"}),
        tracks=lambda profile: {key: declared.title for key, declared in profile.rectifications.items()},
        order=4,
    )
)
