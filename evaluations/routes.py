"""The route of an evaluation, and the gates that this room asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations.routekinds import RouteKind, register

register(
    RouteKind(
        case="evaluation",
        title=_("考核评价"),
        stages={"checking": _("审核"), "marking": _("评审"), "deciding": _("评定")},
        gates={
            "evaluation.submit": _("提交自评时"),
            "evaluation.confirm": _("确认考核结果时"),
        },
        # An evaluation stands on no list and rests on no agreement of its own.
        without=frozenset({"list", "notice", "agreement"}),
        tracks=lambda profile: {key: kind.title for key, kind in profile.evaluations.items()},
        order=3,
    )
)
