"""Rules over many cases at once: as many queries for 500 as for one, and for each the findings it has alone."""

from __future__ import annotations

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from casework.models import Override
from casework.queries.gates import findings_at
from core import clock
from core.models import FormAnswer
from regulations import facts, rules, services
from regulations.loader import load_data
from tests.scenarios import test_sixth_profile as sixth
from tests.scenarios.house import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
GATE = "application.recognise"
SIXTH = sixth.profile


def profile() -> dict:
    """The sixth regulation with rules that read a form, the register, a list, a setting and every other fact."""
    content = SIXTH()
    content["settings"]["places.least"] = sixth.local(title="最少名额", type="integer", value=3, min=1)
    rule = {"gate": GATE, "local": True}
    content["rules"] += [
        {
            **rule,
            "key": "enough",
            "predicate": "at_least",
            "params": {"fact": "form.sheet.places", "value": {"setting": "places.least"}},
            "strength": "default",
            "override": {"unit": "university", "role": "graduate_office"},
        },
        {**rule, "key": "seen", "predicate": "present", "params": {"fact": "form.check.remark"}},
    ]
    for code, known in facts.CATALOGUE.items():
        if "application" in known.cases:
            content["rules"].append(
                {**rule, "key": code.replace(".", "_"), "predicate": "present", "params": {"fact": code}}
            )
    return content


@pytest.fixture
def many(monkeypatch):
    """A function that gives so many drafts: of every second one the form names two places, of the others three."""
    monkeypatch.setattr(sixth, "profile", profile)
    with clock.travel("2027-03-01T09:00"):
        school = sixth.School()
        first = school.draft(places=3)
        services.enter_setting(
            school.version, "places.least", school.university, 3, clock.today(), "测试", name="管理员"
        )

        def give(number: int) -> list[Application]:
            answers = FormAnswer.objects.get(case_kind="application", case_id=first.pk)
            copies = []
            for count in range(number - 1 - Application.objects.exclude(pk=first.pk).count()):
                one = copy.copy(first)
                one.pk, one.number = None, f"SB-2027-9{count:03}-{number}"
                copies.append(one)
            for count, one in enumerate(Application.objects.bulk_create(copies)):
                row = copy.copy(answers)
                row.pk, row.case_id, row.answers = None, one.pk, {**answers.answers, "places": 2 + count % 2}
                row.save()
            return list(Application.objects.order_by("pk")[:number])

        yield give


def asked(cases: list[Application]) -> tuple[int, dict]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        findings = findings_at(GATE, cases, clock.today())
    return len(queries), findings


def test_the_queries_of_a_gate_do_not_grow_with_the_cases(many):
    assert len([code for code, known in facts.CATALOGUE.items() if "application" in known.cases]) > 12
    asked(many(1))
    one, _findings = asked(many(1))
    thirty, _findings = asked(many(30))
    most, findings = asked(many(500))
    assert len(findings) == 500
    assert one == thirty == most


def test_each_case_has_the_findings_it_has_alone(many):
    cases = many(6)
    version = cases[0].regulation_version
    Override.objects.create(
        title="例外",
        regulation_version=version,
        subject_kind="application",
        subject_id=cases[1].pk,
        rule="enough",
        gate=GATE,
        requester=cases[0].university,
        unit=cases[0].university,
        state="requested",
    )
    _number, together = asked(cases)
    alone = {
        one.pk: rules.check(one.profile, GATE, fresh(one), clock.today(), overrides=one.overrides()) for one in cases
    }
    assert together == alone
    short = [pk for pk, findings in together.items() if any(one.rule == "enough" for one in findings)]
    assert short == [one.pk for one in cases if one.form_answers("sheet")["places"] == 2]
    assert len(short) == 3


def test_nobody_asks_of_no_case(many):
    version = load_data(profile()).require()
    assert rules.check_many(version, GATE, [], clock.today()) == {}
