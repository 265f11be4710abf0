"""What the jobs about evaluations do in the same way: the night's job, the panel in the grid, an expert at a tablet."""

from __future__ import annotations

from collections.abc import Iterable

from core import clock
from core.ledger import run_due
from tests.browserjobs.annex1 import at
from tests.browserjobs.seat import Seat
from tests.profiles import samples


def night(day: str) -> None:
    """The portal's own work of a day is done; it is nine o'clock."""
    at(f"{day}T06:00")
    run_due(clock.today())
    at(f"{day}T09:00")


def put_on_the_panel(office: Seat, base: str, experts: Iterable[str], closes_on: str) -> None:
    """In the grid of experts and cases, all at once."""
    experts = list(experts)
    office.menu("专家评审")
    office.press("分组指派")
    row = office.page.locator("tbody tr", has_text=base)
    for name in experts:
        row.get_by_label(f"指派{name}评审").check()
    office.page.get_by_label("评审截止日").fill(closes_on)
    assert office.submit("指派所选专家") == f"已为1项评审指派专家{len(experts)}人次。"


def promised(expert: Seat, base: str, hidden: str) -> None:
    """Before the promise neither dossier nor opinion; afterwards the dossier. `hidden` are words of the dossier."""
    expert.home()
    expert.open_todo(base)
    assert (expert.primary, expert.moves) == (["作出承诺"], ["作出承诺", "声明回避"])
    assert hidden not in expert.text
    expert.press("作出承诺")
    expert.fill({"promise": samples.tick("conflict", "secret")})
    assert expert.submit() == "已办理：作出承诺。"
    assert (expert.primary, expert.moves) == (["提交评审意见"], ["提交评审意见", "声明回避"])
    assert hidden in expert.text
    expert.press("提交评审意见")
    sheet, dossier = (expert.page.locator(part).bounding_box() for part in ("form.box", ".act-dossier"))
    assert sheet["x"] + sheet["width"] <= dossier["x"], "the dossier does not stand beside"
    assert hidden in expert.page.locator(".act-dossier").inner_text()
