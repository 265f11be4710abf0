"""A sixth profile runs without code; a returned case keeps its rounds.

The profile is built here: a stage missing, the route reordered, two parallel steps, a condition, another form.
"""

import datetime as dt

import pytest

from applications.services.starting import plan_call, start_application
from bases.models import Recognition
from bases.services import draft_agreement
from core import clock
from core.models import FormAnswer
from regulations import services
from regulations.loader import load_data
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, sent, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def local(**more) -> dict:
    return {"local": True, **more}


def field(key, kind="text", **more) -> dict:
    return {"key": key, "type": kind, "label": key, "local": True, **more}


def profile(number: int = 1) -> dict:
    """A university's own rules: no recommending stage at all, the leader decides, two offices look at it at once."""
    return {
        "head": {
            "code": "SIX",
            "version": number,
            "title": "第六所学校基地办法",
            "level": local(value="school"),
            "effective": local(value="date", date="2027-01-01"),
        },
        "apply": {
            "actor": local(value=["college"]),
            "form": local(value="sheet"),
            "partner": {"kinds": local(value=["enterprise"])},
        },
        "forms": {
            "sheet": {
                "title": "建设申请",
                "local": True,
                "sections": [
                    {
                        "key": "one",
                        "title": "一",
                        "local": True,
                        "fields": [
                            field("base_name", required=True),
                            field("partner", "organisation", kinds=["partner"], required=True),
                            field("places", "integer", required=True, min=1),
                            field("leader", "person", required=True),
                        ],
                    },
                ],
            },
            "check": {
                "title": "核对",
                "local": True,
                "sections": [
                    {
                        "key": "c",
                        "title": "核对",
                        "local": True,
                        "fields": [field("seen", "boolean"), field("remark", required=True)],
                    },
                ],
            },
        },
        "rules": [
            {
                "key": "places",
                "gate": "application.submit",
                "predicate": "at_least",
                "local": True,
                "params": {"fact": "form.sheet.places", "value": 3},
            },
            {
                "key": "kind",
                "gate": "application.submit",
                "predicate": "one_of",
                "local": True,
                "params": {"fact": "partner.kind", "values": ["enterprise"]},
            },
        ],
        "routes": {
            "application": [
                {
                    "key": "safety",
                    "title": "安全核查",
                    "stage": "reviewing",
                    "kind": "evidence",
                    "unit": "university",
                    "role": "support",
                    "after": [],
                    "local": True,
                    "form": "check",
                },
                {
                    "key": "money",
                    "title": "财务核查",
                    "stage": "reviewing",
                    "kind": "endorse",
                    "unit": "university",
                    "role": "finance",
                    "after": [],
                    "local": True,
                },
                {
                    "key": "many",
                    "title": "名额较多时加审",
                    "stage": "reviewing",
                    "kind": "endorse",
                    "unit": "university",
                    "role": "supervisor",
                    "after": ["safety", "money"],
                    "local": True,
                    "when": {"fact": "form.sheet.places", "gte": 10},
                },
                {
                    "key": "leader",
                    "title": "校领导审定",
                    "stage": "deciding",
                    "kind": "endorse",
                    "unit": "university",
                    "role": "vice_president",
                    "local": True,
                    "other_than": ["money"],
                },
            ],
            "agreement": [
                {
                    "key": "yes",
                    "title": "合作单位确认",
                    "stage": "confirming",
                    "kind": "confirmation",
                    "unit": "partner",
                    "role": "contact",
                    "local": True,
                    "on_negative": "reject",
                }
            ],
        },
        "agreement": {
            "order": local(value="after_approval"),
            "parties": [
                {"side": "first", "signers": ["university"], "local": True},
                {"side": "second", "signers": ["partner"], "local": True},
            ],
            "clauses": [
                {"key": "all", "title": "全部约定", "local": True, "text": "{university}与{partner}共建基地。"}
            ],
            "online_counts_as_seal": {"setting": "online"},
        },
        "settings": {"online": local(title="线上确认视同签署", type="boolean", value=False)},
        "papers": {"application": local(title="建设申请", form="sheet")},
        "recognition": {
            "level": local(value="school"),
            "active_when": local(value="signed"),
            "construction": {"years": local(value=2, unit="year"), "from": local(value="signed")},
        },
    }


class School:
    def __init__(self):
        loaded = load_data(profile())
        assert not loaded.faults, [str(fault) for fault in loaded.faults]
        version, _said = services.store(loaded)
        self.version = services.publish(version)
        self.university = factories.university(name="第六大学")
        self.college = factories.college(self.university, "某学院")
        self.unit = house.partner("某企业", "enterprise")
        for role, where in (
            ("graduate_office", self.university),
            ("support", self.university),
            ("finance", self.university),
            ("supervisor", self.university),
            ("vice_president", self.university),
            ("secretary", self.college),
            ("contact", self.unit),
        ):
            setattr(self, role, Person(factories.member(where, role)))

    def draft(self, places=3):
        call = plan_call(
            self.graduate_office.membership,
            version=self.version,
            title="遴选",
            year=2027,
            opens_at=clock.aware("2027-03-01"),
            closes_at=clock.aware("2027-12-31"),
        )
        done(self.graduate_office.do(call, "open"))
        application = start_application(self.secretary.membership, fresh(call), title="基地")
        done(
            self.secretary.fill(
                application,
                "sheet",
                {"base_name": "某企业基地", "partner": str(self.unit.pk), "places": str(places), "leader": "某人"},
            )
        )
        return fresh(application)


@pytest.fixture
def school():
    with clock.travel("2027-03-01T09:00"):
        yield School()


@pytest.mark.parametrize(("places", "extra"), [(9, False), (10, True)])
def test_a_sixth_profile_from_call_to_recognition(school, places, extra):
    application = school.draft(places)
    done(school.secretary.do(application, "submit"))
    application = fresh(application)
    assert application.state == "reviewing"  # the stage that the profile does not have is passed over
    assert {step.key for step in application.open_steps()} == {"safety", "money"}
    done(school.finance.step(application, "money", {"opinion": "同意"}))
    refused(school.support.step(application, "safety", {}), "remark")
    done(school.support.step(application, "safety", {"remark": "已看"}))
    if extra:
        done(school.supervisor.step(application, "many", {"opinion": "同意"}))
    else:
        assert application.steps().get(key="many").state == "skipped"
        assert application.steps().get(key="many").facts == {"form.sheet.places": 9}
    assert fresh(application).state == "deciding"
    done(school.vice_president.step(application, "leader", {"opinion": "同意"}))
    assert fresh(application).state == "approved"
    recognition = Recognition.objects.get()
    assert recognition.state == "pending"
    agreement = draft_agreement(
        school.secretary.membership,
        university=school.university,
        college=school.college,
        partner=school.unit,
        version=school.version,
        application=fresh(application),
    )
    done(
        school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, ("2027-03-02", "2029-03-01")))
    )
    done(school.secretary.do(agreement, "submit"))
    assert fresh(agreement).state == "confirming"
    done(school.contact.step(agreement, "yes", {"opinion": "确认"}))
    done(school.graduate_office.do(agreement, "begin_sealing"))
    done(
        school.graduate_office.do(
            agreement,
            "record_signature",
            {
                "signed_on": "2027-03-01",
                "effective_on": "2027-03-02",
                "signatories": "双方",
                "kept_at": "档案室",
                "scan": [sent()],
                "pages_complete": True,
            },
        )
    )
    recognition = fresh(recognition)
    assert recognition.state == "active"
    assert (recognition.starts_on, recognition.ends_on) == (dt.date(2027, 3, 1), dt.date(2029, 2, 28))
    assert recognition.regulation_label() == "SIX/1"


def test_its_rules_refuse(school):
    application = school.draft(2)
    with unchanged(application):
        refused(school.secretary.do(application, "submit"), "2", "3")


def test_another_person_where_the_profile_wants_one(school):
    application = school.draft(3)
    done(school.secretary.do(application, "submit"))
    done(school.support.step(application, "safety", {"remark": "已看"}))
    membership = factories.member(school.university, "vice_president", school.finance.membership.user)
    done(school.finance.step(application, "money", {"opinion": "同意"}))
    application.steps().filter(key="money").update(membership_id=membership.pk)
    with unchanged(application):
        refused(Person(membership).step(application, "leader", {"opinion": "同意"}), "财务核查")
    done(school.vice_president.step(application, "leader", {"opinion": "同意"}))


@pytest.mark.parametrize("both", [True, False])
def test_online_confirmation_is_a_signature_only_where_both_parties_say_so(school, both):
    """At once where the parties' local settings say so; otherwise the stamped paper is wanted."""
    for organisation in (school.university, school.unit) if both else (school.university,):
        services.enter_setting(school.version, "online", organisation, True, dt.date(2027, 1, 1), "双方约定")
    application = school.draft(3)
    done(school.secretary.do(application, "submit"))
    done(school.support.step(application, "safety", {"remark": "已看"}))
    done(school.finance.step(application, "money", {"opinion": "同意"}))
    done(school.vice_president.step(application, "leader", {"opinion": "同意"}))
    agreement = draft_agreement(
        school.secretary.membership,
        university=school.university,
        college=school.college,
        partner=school.unit,
        version=school.version,
        application=fresh(application),
    )
    done(
        school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, ("2027-03-02", "2029-03-01")))
    )
    done(school.secretary.do(agreement, "submit"))
    with clock.travel("2027-03-05T10:00"):
        done(school.contact.step(agreement, "yes", {"opinion": "确认"}))
    agreement = fresh(agreement)
    if both:
        assert (agreement.state, agreement.signed_on) == ("signed", dt.date(2027, 3, 5))
        assert Recognition.objects.get().state == "active"
    else:
        assert agreement.state == "confirming" and agreement.signed_on is None
        assert Recognition.objects.get().state == "pending"


def test_a_returned_case_keeps_its_first_round_and_wants_the_second(school):
    """Round 1 readable, round 2 required; the date for correction counts, not the window."""
    application = school.draft(3)
    done(school.secretary.do(application, "submit"))
    refused(school.finance.step(application, "money", {"opinion": ""}, outcome="return"), "意见")
    done(
        school.finance.step(
            application, "money", {"opinion": "请补充名额测算。", "correction_due": "2028-01-20"}, outcome="return"
        )
    )
    application = fresh(application)
    assert (application.state, application.round) == ("draft", 2)
    assert {step.state for step in house.Step.objects.filter(case_id=application.pk, round=1)} == {
        "returned",
        "void",
    }
    page = school.secretary.page(application).content.decode()
    assert "请补充名额测算" in page and "2028-01-20" in page
    done(
        school.secretary.fill(
            application,
            "sheet",
            {"base_name": "某企业基地", "partner": str(school.unit.pk), "places": "5", "leader": "某人"},
        )
    )
    with clock.travel("2028-01-21T09:00"), unchanged(application):
        refused(school.secretary.do(application, "submit"), "2028-01-20")
    with clock.travel("2028-01-20T23:00"):  # after the window of the call has closed
        done(school.secretary.do(application, "submit"))
    assert [row.answers["places"] for row in FormAnswer.objects.filter(case_kind="application").order_by("round")] == [
        3,
        5,
    ]
    first = school.finance.get(application.get_absolute_url(), round=1).content.decode()
    assert "请补充名额测算" in first
    assert {step.key for step in fresh(application).open_steps()} == {"safety", "money"}
    assert fresh(application).state == "reviewing"
