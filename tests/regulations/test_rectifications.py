"""What a profile may say of rectifications: everything that cannot work is refused with what would; the page reads it."""

from __future__ import annotations

import copy
import datetime as dt
import json
from types import SimpleNamespace

import pytest

from regulations import loader, reading
from regulations.loader import PROFILES, load

CONTENT = {code: json.loads(load(PROFILES / code).content) for code in ("nm", "czmc")}


def faults(code: str, change) -> list[str]:
    """The messages on a regulation of the repository after a change of its data."""
    content = copy.deepcopy(CONTENT[code])
    change(content)
    return [fault.message for fault in loader.load_data(content).faults]


def entry(content: dict) -> dict:
    return content["rectifications"]["unqualified"]


@pytest.mark.parametrize(
    ("code", "change", "said"),
    [
        ("nm", lambda c: c["rectifications"].update(again=entry(c)), "nothing orders rectification «again»"),
        ("nm", lambda c: c["rectifications"].pop("unqualified"), "no rectification «unqualified» (code: one of none)"),
        ("nm", lambda c: entry(c).update(reevaluation="second"), "no evaluation «second» (known: effectiveness"),
        ("nm", lambda c: entry(c).update(reevaluation="periodic"), "does not open so (opens: {after: rectification})"),
        ("nm", lambda c: entry(c).pop("reevaluation"), "needs one step of kind recheck"),
        ("nm", lambda c: c["routes"].pop("rectification"), "needs one step of kind reevaluation"),
        ("nm", lambda c: c["routes"]["rectification"][0].pop("on_negative"), "on_negative: reject"),
        ("nm", lambda c: c["routes"]["rectification"][0].update(tracks=["other"]), "no track «other»"),
        ("nm", lambda c: entry(c).update(period=None), "a reevaluation opens at the end of a period"),
        ("nm", lambda c: entry(c)["period"].update(months=6), "one of years, months"),
        ("nm", lambda c: entry(c)["period"].update(years=0), "greater than or equal to 1"),
        ("nm", lambda c: entry(c).update(responsible=[]), "at least 1 item"),
        ("nm", lambda c: entry(c).update(role="secretary"), "no role «secretary» in unit «authority»"),
        ("nm", lambda c: entry(c).update(deadline=1), "deadline"),
        ("czmc", lambda c: entry(c).update(before="monthly"), "no evaluation «monthly» (known: annual)"),
        ("czmc", lambda c: entry(c).update(period={"years": 1, "local": True}), "before bounds a day"),
        ("czmc", lambda c: c["routes"]["application"][0].update(kind="recheck"), "kind recheck is none of"),
    ],
)
def test_what_cannot_work_is_refused_with_what_would(code, change, said):
    found = faults(code, change)
    assert any(said in message for message in found), found


def test_what_follows_a_reevaluation_stands_at_its_grades():
    def change(content: dict) -> None:
        entry(content)["failed"] = [
            {"effect": "suspension", "title": "暂停", "automatic": True, "clause": "NM-19c", "years": 1}
        ]

    assert any("stands at the grades of evaluation «reevaluation»" in message for message in faults("nm", change))


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("nm", ["期限：2年（不能变更）", "期满后进行整改期满复评"]),
        ("czmc", ["期限：办法未规定，由下达单位确定", "整改期限早于下一次年度考核"]),
    ],
)
def test_the_reading_page_says_by_when_and_how_it_is_rechecked(code, lines):
    version = SimpleNamespace(profile=load(PROFILES / code).require(), effective_from=None)
    page = reading.page(version, None, dt.date(2027, 3, 1))
    row = page.rectifications[0]
    assert set(lines) <= set(row.values)
    if code == "czmc":
        assert "整改后仍不合格的" in page.rectifications[1].label
