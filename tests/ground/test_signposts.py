"""`make check` names menu entries without a page and words in guides that the portal does not say: planted examples."""

from __future__ import annotations

import shutil

import pytest
from django.utils.translation import override

from config import signposts
from portal import guides
from portal.menus import Entry

KNOWN = {"送审", "声明回避", "适用情况"}


def said(text: str, guide: str = "college") -> list[str]:
    return list(signposts.guide_faults(guide, text, KNOWN))


def test_the_tree_as_it_is():
    assert signposts.faults() == []


def test_a_menu_entry_without_a_page():
    fine = Entry("工作台", "portal:home")
    lost = Entry("归档", "bases:no_such_page")
    assert list(signposts.menu_faults([("college", fine)])) == []
    (fault,) = signposts.menu_faults([("college", lost)])
    assert "college" in fault and "归档" in fault and "bases:no_such_page" in fault


def test_an_entry_below_another_and_one_that_needs_an_object():
    below = Entry("工作台", "portal:home", below=(Entry("归档", "bases:no_such_page"),))
    (fault,) = signposts.menu_faults([("college", below)])
    assert "归档" in fault
    assert len(list(signposts.menu_faults([("college", Entry("单位", "tenants:unit"))]))) == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("点“送审”，见“我要申报 → 通知批次”", ""),
        ("在微信里选「在浏览器打开」", ""),
        ("点“申请回避”", "申请回避"),
        ("打开“名额分配 → 通知批次”", "名额分配"),
        ("打开“我要申报 → 名额分配”", "名额分配"),
        ("打开“我要申报 → 适用情况”", ""),
    ],
)
def test_a_guide_that_names_what_is_not_there(text, named):
    faults = said(f"# 说明\n\n{text}")
    assert len(faults) == bool(named)
    if named:
        assert faults[0].startswith("college.md:3:") and named in faults[0]


def test_a_way_is_one_of_the_guide_s_own_readers():
    assert said("“申报批次 → 名额分配”", "department") == []
    assert said("“申报批次 → 名额分配”", "college") != []


def test_an_english_guide_quotes_what_the_portal_says_in_english():
    known = signposts.words("en")
    with override("en"):
        faults = list(signposts.guide_faults("college", "Open “Apply”, choose “Submit for review”, “送审”.", known))
        way = list(signposts.guide_faults("graduate_office", "“Applications → Calls”, “Applications → Nowhere”", known))
    assert len(faults) == 1 and "送审" in faults[0]
    assert len(way) == 1 and "Nowhere" in way[0]


def test_a_guide_that_one_language_lacks(tmp_path, monkeypatch):
    shutil.copytree(guides.FOLDER, tmp_path / "guides")
    monkeypatch.setattr(guides, "FOLDER", tmp_path / "guides")
    (tmp_path / "guides" / "en" / "expert.md").unlink()
    assert signposts.faults() == ["en/expert.md is missing"]
