"""`make check` refuses what breaks the order inside the rooms: each fault planted in a small house."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.tooling import order

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "casework/models.py": "from core import clock\n\n\nclass Case:\n    pass\n",
    "casework/queries.py": "from casework.models import Case\n",
    "casework/papers.py": "from casework import queries\n",
    "casework/pages.py": "from casework import papers, queries\n",
    "casework/views.py": "from casework import pages\n",
    "core/clock.py": "",
    "bases/models.py": 'from casework.models import Case\n\n\nclass Agreement(Case):\n    case_kind = "agreement"\n',
}


def found(root: Path, title: str, **planted: str) -> list[str]:
    """What a check finds in the sound house with some files planted: module → text."""
    for name, text in {**SOUND, **{name.replace("__", "/") + ".py": text for name, text in planted.items()}}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return order.faults(order.House(root))[title]


@pytest.mark.parametrize("title", order.CHECKS)
def test_the_sound_house_has_no_fault(tmp_path, title):
    assert found(tmp_path, title) == []


@pytest.mark.parametrize("above", ["queries", "papers", "pages"])
def test_a_model_that_imports_a_query_a_paper_or_a_page(tmp_path, above):
    (fault,) = found(tmp_path, "order inside rooms", bases__models=f"from casework import {above}\n")
    assert fault == f"bases/models.py:1: models reach {above} through casework.{above}"


def test_a_model_that_imports_a_page_inside_a_function_or_through_another_module(tmp_path):
    lazily = "def facts(self):\n    from casework import pages\n\n    return pages\n"
    (fault,) = found(tmp_path, "order inside rooms", bases__models=lazily)
    assert fault == "bases/models.py:2: models reach pages through casework.pages"
    planted = {"bases__models": "from bases import helper\n", "bases__helper": "from casework.pages import facts\n"}
    (fault,) = found(tmp_path, "order inside rooms", **planted)
    assert fault == "bases/models.py:1: models reach pages through bases.helper"


def test_a_page_that_imports_a_view_and_a_query_that_imports_a_page(tmp_path):
    assert found(tmp_path / "a", "order inside rooms", bases__pages="from casework import views\n")
    assert found(tmp_path / "b", "order inside rooms", bases__queries="from casework import pages\n")


def test_what_only_type_checkers_read_is_no_import(tmp_path):
    text = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from casework import pages\n"
    assert found(tmp_path, "order inside rooms", bases__models=text) == []


def test_a_circle_inside_a_room_even_where_one_side_imports_in_a_function(tmp_path):
    lazily = "def run():\n    from bases import gates  # noqa: PLC0415 - a reason\n\n    return gates\n"
    planted = {"bases__gates": "from bases import signing\n", "bases__signing": lazily}
    assert found(tmp_path, "circles of imports", **planted) == ["bases: bases.gates → bases.signing → bases.gates"]


@pytest.mark.parametrize(
    ("comment", "faults"),
    [
        ("", 1),
        ("  # noqa: PLC0415", 1),
        ("  # noqa: PLC0415 -", 1),
        ("  # loads much", 1),
        ("  # noqa: PLC0415 - loads much", 0),
    ],
)
def test_an_import_inside_a_function_says_why(tmp_path, comment, faults):
    text = f"def seal():\n    import json{comment}\n\n    return json\n"
    assert len(found(tmp_path, "imports inside functions", bases__sealing=text)) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('KINDS = {"agreement": "协议"}\n', 1),
        ("def issue(profile):\n    return profile.agreement.paper\n", 1),
        ("def filed(rows):\n    return rows.filter(agreement=None)\n", 1),
        ('"""What an agreement is."""\n', 0),
        ('WORD = "agreement"  # no case: a word of the profile\n', 0),
    ],
)
def test_casework_that_names_a_kind_of_case_of_a_higher_room(tmp_path, text, faults):
    assert len(found(tmp_path, "kinds of case of higher rooms", casework__steps=text)) == faults


@pytest.mark.parametrize(
    ("place", "text", "faults"),
    [
        ("core__todo", 'KINDS = ("agreement",)\n', 1),
        ("core__todo", "def ends(case):\n    return case.agreement\n", 1),
        ("core__todo", 'TYPE = "organisation"\n', 0),
        ("tenants__todo", 'rows = dict(case_kind="agreement")\n', 1),
        ("regulations__todo", 'ROUTE = "agreement"\n', 1),
        ("regulations__todo", 'ROUTE = "agreement"  # no case: a section of the profile\n', 0),
        ("regulations__todo", "def paper(profile):\n    return profile.agreement.paper\n", 0),
        ("regulations__todo", 'PLACE = ("agreement", "paper")\n', 0),
        ("regulations__todo", 'def is_paper(case):\n    return case.case_kind in ("agreement", "list")\n', 1),
        ("regulations__vocabulary", 'TERMS = {"agreement": "协议"}\n', 0),
        ("bases__todo", 'KINDS = ("agreement", "recognition")\n', 0),
        ("portal__todo", 'KINDS = ("agreement",)\n', 0),
    ],
)
def test_every_room_is_held_to_it(tmp_path, place, text, faults):
    assert len(found(tmp_path, "kinds of case of higher rooms", **{place: text})) == faults


def test_the_kinds_of_the_real_rooms_are_known():
    kinds = order.kinds_by_room(order.House(ROOT))
    assert kinds["bases"] == {"agreement", "backfill", "base_office", "recognition", "incident", "withdrawal"}
    assert kinds["applications"] == {"application", "call"}
    assert "organisation" in kinds["tenants"]
