"""The route of an agreement, and the gates that this room asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulations import gates
from regulations.routekinds import RouteKind, register

register(
    RouteKind(
        case="agreement",
        title=_("协议"),
        stages={"checking": _("审核"), "confirming": _("确认"), "sealing": _("签署")},
        gates={
            "agreement.submit": _("协议送审时"),
            "agreement.seal": _("协议签署时"),
            "agreement.revise": _("修订协议时"),
        },
        # An agreement stands on no list and waits for no other agreement.
        without=frozenset({"list", "notice", "agreement", "document"}),
        forms={"agreement": frozenset({"term", "clauses", "annexes"})},
        order=2,
    )
)
register(
    RouteKind(
        case="incident",
        title=_("重大事项"),
        stages={"assessing": _("研判")},
        without=frozenset({"list", "notice", "agreement"}),
        order=5,
    )
)
register(
    RouteKind(
        case="withdrawal",
        title=_("自主撤销"),
        stages={"confirming": _("双方签章"), "reviewing": _("审核备案")},
        without=frozenset({"list", "notice", "agreement"}),
        order=6,
    )
)
gates.declare("agreement.existing", _("补录现行协议时"), "agreement")
gates.declare("withdrawal.begin", _("提出自主撤销时"), "recognition")
gates.declare("recognition.activate", _("基地生效时"), "recognition")
gates.declare("plaque.issue", _("授牌时"), "recognition")
gates.declare(gates.RECORD, gates.FAMILIES[gates.RECORD], "recognition")
