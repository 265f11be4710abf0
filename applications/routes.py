"""The route of an application, and the gates that this room asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations import gates
from regulations.routekinds import RouteKind, register

register(
    RouteKind(
        case="application",
        title=_("申报"),
        stages={"recommending": _("推荐"), "reviewing": _("评审"), "deciding": _("审定")},
        gates={
            "application.submit": _("送审时"),
            "application.recommend": _("推荐时"),
            "application.recognise": _("认定（立项）时"),
            "partner.add": _("增加合作单位时"),
        },
        tracks=lambda profile: {track.key: track.title for track in (profile.apply.tracks if profile.apply else [])},
        order=1,
    )
)
gates.WITHOUT_BASES.append("application")
gates.declare("call.open", _("发布申报批次时"), "call")
gates.declare("list.send", _("报送名单时"), "list")
