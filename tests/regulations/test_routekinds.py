"""Routes by kind of case: each room registers its own, and a further kind needs nothing but that."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.apps import apps

from applications.models import Application
from bases.models import Agreement
from casework.models.routed import RoutedCase
from regulations import gates, loader, reading, routekinds
from tests.regulations.samples import data, faults
from tests.regulations.test_loader import RULE, STEP

ON = dt.date(2027, 3, 1)


@pytest.fixture
def harvest():
    """An invented kind of case with a route of two stages."""
    kind = routekinds.RouteKind(
        case="harvest",
        title="采收",
        stages={"sowing": "播种", "reaping": "收割"},
        gates={"harvest.store": "入库时"},
        without=frozenset(routekinds.STEPS) - {"endorse", "evidence"},
        units=frozenset({"college", "university"}),
    )
    yield routekinds.register(kind)
    routekinds.withdraw("harvest")


def route(*changes: dict) -> dict:
    """The sample with a harvest's route: `changes` are of its second step."""
    steps = [
        {**STEP, "key": "sow", "title": "播种意见", "stage": "sowing"},
        {**STEP, "key": "reap", "title": "收割意见", "stage": "reaping"},
    ]
    for change in changes:
        steps[1].update(change)
    content = data()
    content["routes"]["harvest"] = steps
    return content


def test_a_further_kind_of_route_is_parsed_checked_and_read(harvest):
    content = route()
    content["rules"].append({**RULE, "gate": ["harvest.store", "step.complete:reap"]})
    loaded = loader.load_data(content)
    profile = loaded.require()
    assert [step.key for step in profile.route("harvest")] == ["sow", "reap"]
    assert profile.step("harvest", "reap").stage == "reaping"
    version = SimpleNamespace(profile=profile, effective_from=None)
    page = reading.page(version, None, ON)
    (drawn,) = [one for one in page.routes if one.case == "harvest"]
    assert drawn.title == "采收"
    lanes = [(lane.title, [box.title for column in lane.columns for box in column]) for lane in drawn.drawings[0].lanes]
    assert lanes == [("播种", ["播种意见"]), ("收割", ["收割意见"])]
    assert {"入库时", "办结环节时：收割意见"} <= {group.title for group in page.gates}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stage": "deciding"}, "step «reap»: stage deciding is none of sowing, reaping"),
        ({"kind": "decision"}, "step «reap»: kind decision is none of endorse, evidence"),
        ({"unit": "authority", "role": "officer"}, "step «reap»: unit authority is none of college, university"),
        ({"tracks": ["north"]}, "step «reap»: no track «north»"),
        ({"stage": "sowing", "after": ["sow"]}, None),
        ({"after": ["nowhere"]}, "step «reap»: after names no step «nowhere»"),
        (
            {"when": {"fact": "application.track", "present": True}},
            "step «reap»: fact «application.track» cannot be read of a case of kind harvest",
        ),
    ],
)
def test_its_steps_are_held_to_what_it_knows(harvest, change, message):
    assert faults(route(change)) == ([message] if message else [])


def test_a_route_that_no_room_registered_is_refused_where_it_stands():
    (fault,) = loader.load_text(
        "head:\n  code: TT\n  version: 1\n  title: t\n  level: {value: school, source: TT-1}\n"
        "  effective: {value: issue, source: TT-1}\nroutes:\n  voyage: []\n",
        "t.yaml",
    ).faults
    known = ", ".join(kind.case for kind in routekinds.in_order())
    assert (fault.line, fault.message) == (8, f"no kind of case «voyage» has a route (known: {known})")


def test_one_kind_is_registered_once(harvest):
    with pytest.raises(ValueError, match="registered twice"):
        routekinds.register(harvest)


@pytest.mark.parametrize("model", [Application, Agreement])
def test_the_machines_have_the_stages_that_profiles_may_name(model):
    assert tuple(routekinds.KINDS[model.case_kind].stages) == tuple(model.STAGES)


def test_every_routed_case_has_a_registered_route():
    routed = {model.case_kind for model in apps.get_models() if issubclass(model, RoutedCase)}
    assert routed == set(routekinds.KINDS)


@pytest.mark.parametrize(
    ("gate", "fact", "message"),
    [
        (
            "application.submit",
            "list.notice_ends",
            "fact «list.notice_ends» cannot be read of a case of kind application",
        ),
        ("call.open", "application.level", "fact «application.level» cannot be read of a case of kind call"),
        ("step.complete:check", "agreement.starts_on", "«agreement.starts_on» cannot be read of a case of kind applic"),
        ("step.complete:check", "application.level", None),
        ("assignment.create", "application.level", "gate «assignment.create» is never asked: no route has a panel"),
    ],
)
def test_a_gate_reads_the_facts_of_the_case_it_is_asked_of(gate, fact, message):
    content = data()
    content["rules"].append({**RULE, "gate": gate, "params": {"fact": fact}})
    assert (message is None and faults(content) == []) or message in faults(content)[0]


def test_a_gate_that_names_steps_of_two_routes_is_refused(harvest):
    content = route({"key": "check"})
    content["rules"].append({**RULE, "gate": "step.complete:check"})
    (fault,) = faults(content)
    assert fault == "rule «extra»: gate «step.complete:check» names steps of several routes: application, harvest"


def test_assigning_experts_is_asked_of_the_cases_that_have_a_panel():
    content = data()
    content["routes"]["application"].append({**STEP, "kind": "panel", "unit": "university"})
    content["rules"].append({**RULE, "gate": "assignment.create", "params": {"fact": "agreement.starts_on"}})
    (fault,) = faults(content)
    assert "«agreement.starts_on» cannot be read of a case of kind application" in fault
    content["rules"][-1]["params"] = {"fact": "application.level"}
    assert faults(content) == []


def test_the_handbook_lists_every_route_and_gate():
    text = (loader.ROOT / "regulations" / "profiles" / "README.md").read_text(encoding="utf-8")
    for kind in routekinds.in_order():
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{kind.case}` |")]
        assert line.split(" | ")[1] == ", ".join(kind.stages)
    for code in gates.CATALOGUE:
        assert f"`{code}`" in text or f"`{code}:" in text, code
