"""What the gallery's own page shows, and its whole pages by name."""

from __future__ import annotations

from typing import Any

from core import pages, state_styles
from core.states import States
from portal.gallery.acts import action, confirm, paper
from portal.gallery.dossier import case
from portal.gallery.pieces import TITLE, UNIT, at, day, findings, papers


def page(name: str) -> tuple[str | None, dict[str, Any]]:
    """(template, context) of one whole page of the gallery; (None, {}) for a name that does not exist."""
    stale = pages.StalePage(
        "此事项已由温以宁于2026-11-20 09:41办理“退回修改”，您看到的是旧页面，本次操作没有改动任何内容",
        TITLE,
        "#case",
        by="温以宁",
        at=at(0, 9),
        what="退回修改",
        typed=[("审核意见", "同意推荐。\n请尽快公示。")],
    )
    refused = pages.RefusalPage("报送", findings()[:1], TITLE, "#case", "报送期限问题请联系省教育厅学位处", "#remind")
    samples: dict[str, tuple[str, dict]] = {
        "case": ("casework/case.html", {"page": case()}),
        "action": ("casework/action.html", {"page": action()}),
        "refused": ("casework/refused.html", {"page": refused}),
        "stale": ("casework/stale.html", {"page": stale}),
        "paper": ("casework/paper.html", {"page": paper()}),
        "404": ("404.html", {}),
        "403": ("403.html", {"exception": f"“公示名单”由{UNIT}研究生处办理"}),
        "409": ("409.html", {"url": "#"}),
        "500": ("500.html", {}),
        **{f"confirm{n}": ("casework/confirm.html", {"page": confirm(n)}) for n in (1, 2, 3, 4)},
    }
    return samples.get(name, (None, {}))


PAGES = (
    "case",
    "action",
    "refused",
    "stale",
    "paper",
    "confirm1",
    "confirm2",
    "confirm3",
    "confirm4",
    "403",
    "404",
    "409",
    "500",
)


def every_state() -> list[States]:
    """The states of everything that has some, each colour, icon and word once."""
    known = [state for kind in States.__subclasses__() for state in kind]
    return list({(state.tone, state.icon, str(state.label)): state for state in known}.values())


def context() -> dict[str, Any]:
    """What the gallery's own page shows."""
    made = case()
    return {
        "page": made,
        "pages": PAGES,
        "tones": state_styles.TONES,
        "states": every_state(),
        "dues": [day(days) for days in (-3, 0, 5, 20, 45, 80, 200)],
        "findings": findings(),
        "papers": papers(),
        "icons": sorted({state.icon for state in every_state()}),
        "crumbs": [("组件", "")],
    }
