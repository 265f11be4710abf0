"""S31 where applicants meet the five regulations: the purpose they read, the groups of partners, NM's strategy tags and
report. Loading, activation and reading pages are tested beside the profiles (tests/regulations)."""

import datetime as dt
import re

import pytest

from applications.models import Application, Call
from applications.services.starting import plan_call, start_application
from bases.models import Base, Recognition
from casework.models import Record
from config.stories import answers_lcu
from core import clock
from core.forms.store import load
from regulations import services
from tests.placing import placed
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = "2026-03-02T09:00"


def school_under(code: str) -> tuple[Call, Person]:
    """A university that has adopted the regulation, its call open; the secretary of one of its colleges."""
    version = house.published(code)
    university = factories.university(name="演示大学")
    services.adopt(university, "school", version.regulation, dt.date(2026, 1, 1))
    office = Person(factories.member(university, "graduate_office"))
    call = plan_call(
        office.membership,
        version=version,
        title="2026年基地遴选",
        year=2026,
        opens_at=clock.aware("2026-03-01"),
        closes_at=clock.aware("2026-12-31"),
    )
    done(office.do(call, "open"))
    return fresh(call), Person(factories.member(factories.college(university, "演示学院"), "secretary"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("czmc", "专业实践是专业学位研究生培养的重要环节", marks=pytest.mark.clause("CZMC-1.1")),
        pytest.param(
            "lcu", "加强联培基地建设，是培养专业学位研究生实践创新能力的基本要求", marks=pytest.mark.clause("LCU-2")
        ),
        pytest.param("xcu", "以提升研究生实践创新能力为目标，让产教深度融合", marks=pytest.mark.clause("XCU-3")),
    ],
)
def test_the_purpose_stands_where_one_applies(code, words):
    with clock.travel("2026-03-01T09:00"):
        call, secretary = school_under(code)
    with clock.travel(ON):
        page = secretary.get("/applications/start/")
        assert page.status_code == 200
        assert call.title in text_of(page) and words in text_of(page)


@pytest.mark.clause("LCU-1")
@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("individual", False),
        ("", False),
        ("enterprise", True),
        ("government", True),
        ("public_institution", True),
        ("social_organisation", True),
        ("research_institute", True),
    ],
)
def test_lcu_takes_the_groups_of_its_text(kind, accepted):
    with clock.travel("2026-03-01T09:00"):
        call, secretary = school_under("lcu")
        unit = house.partner("演示合作单位", kind)
    with clock.travel(ON):
        application = start_application(secretary.membership, call, title="演示基地")
        proposal = answers_lcu.proposal("演示基地", unit, ("0451", "教育"), leader="程望舒", on=ON[:10])
        secretary.hand.fill(application, "proposal", proposal)
        application = fresh(application)
        if accepted:
            done(secretary.do(application, "submit"))
            assert fresh(application).state != "draft"
            return
        with unchanged(application):
            refused(secretary.do(application, "submit"), clause="LCU-1")


# --- Questions about a rule at CZMC ---------------------------------------------------------------------------------


@pytest.mark.clause("CZMC-7b")
def test_a_question_about_a_rule_goes_to_the_graduate_office():
    """Filed by a college on a base: the graduate office is told and alone answers; the answer stays with the clause."""
    with clock.travel("2026-03-01T09:00"):
        call, secretary = school_under("czmc")
        college, university = secretary.organisation, call.university
        office = Person(university.memberships.get(role="graduate_office"))
        unit = house.partner("演示医院")
        contact = Person(factories.member(unit, "contact"))
        base = Base.objects.create(
            number="JD-2026-0001", name="演示基地", university=university, college=college, partner=unit
        )
        recognition = placed(
            Recognition,
            "active",
            number="RD-2026-0001",
            title="培养基地",
            base=base,
            regulation_version=call.regulation_version,
            level="school",
            university=university,
            college=college,
            partner=unit,
            decided_on=dt.date(2026, 2, 1),
        )
    asked = {"on": "2026-03-02", "article": "第四条第2项", "question": "协议年限不足三年如何处理？"}
    with clock.travel(ON):
        for missing, person in (("article", secretary), ("question", secretary), (None, office)):
            with unchanged(recognition):
                entry = {key: value for key, value in asked.items() if key != missing}
                refused(person.do(recognition, "enter_record", entry, type="rule_question"), clause="CZMC-7b")
        done(secretary.do(recognition, "enter_record", asked, type="rule_question"))
        question = Record.objects.get(type="rule_question")
        assert question.settled_on is None
        assert "办法解释咨询" in text_of(office.get("/inbox/"))
        assert "办法解释咨询" not in text_of(contact.get("/inbox/"))
        answer = {"on": "2026-03-02", "answer": "不足三年的不予签订。"}
        for person in (secretary, contact):
            with unchanged(recognition):
                assert person.do(recognition, "settle_record", answer, step=question.pk).status_code == 403
        with unchanged(recognition):
            refused(
                office.do(recognition, "settle_record", {**answer, "answer": " "}, step=question.pk),
                clause="CZMC-7b",
            )
        done(office.do(recognition, "settle_record", answer, step=question.pk))
        page = text_of(secretary.page(recognition))
        assert "第四条第2项" in page and "不足三年的不予签订。" in page
    question.refresh_from_db()
    kept = question.replaced_by
    assert kept.answers["article"] == "第四条第2项" and kept.answers["answer"] == "不足三年的不予签订。"
    assert str(kept.settled_on) == "2026-03-02"


# --- 4: strategy tags and coverage of NM ------------------------------------------------------------------------------

TAGS = {
    "barrier_ecology": "北方重要生态安全屏障",
    "barrier_stability": "北疆安全稳定屏障",
    "base_energy": "重要能源和战略资源基地",
    "base_agriculture": "重要农畜产品生产基地",
    "bridgehead_north": "向北开放重要桥头堡",
}


@pytest.mark.clause("NM-2a")
def test_an_application_offers_five_strategy_tags():
    """Two barriers, two bases, one bridgehead; none has to be chosen, all may be."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        application = house.nm_draft(region, call)
        page = region.secretary.get(f"{application.get_absolute_url()}forms/application/")
        body = text_of(page)
        offered = [tag for tag in re.findall(r"<input[^>]*>", body) if 'name="f-strategy_tags"' in tag]
        assert {re.search(r'value="(\w*)"', tag)[1] for tag in offered} - {""} == set(TAGS)
        assert all(words in body for words in TAGS.values())
        done(region.secretary.fill(application, "application", house.nm_answers(region, strategy_tags=list(TAGS))))
        assert set(load(application, "application").answers["strategy_tags"]) == set(TAGS)
        done(region.secretary.fill(application, "application", house.nm_answers(region, strategy_tags=None)))
        done(region.secretary.do(application, "submit"))
    assert Application.objects.get().state == "recommending"
