"""Grants that the department gives a base by an act of its own."""

import datetime as dt
from decimal import Decimal

import pytest

from casework.models import Effect
from core import clock
from tests.scenarios.house import done, refused, sent, text_of, unchanged

pytestmark = pytest.mark.django_db


def grants(base, code: str) -> list[Effect]:
    return list(Effect.about(base).filter(kind="grant", code=code))


@pytest.mark.clause("NM-18")
def test_an_innovation_grant_names_its_aspect_and_is_given_once(region, base):
    with clock.travel("2029-03-01T09:00"):
        with unchanged(base):
            refused(region.officer.do(base, "give_grant", {"grant": "innovation"}), "创新举措", clause="NM-18")
        with unchanged(base):
            other = {"grant": "innovation", "aspects": ["other"]}
            refused(region.officer.do(base, "give_grant", other), "说明理由", clause="NM-18")
        with unchanged(base):
            named = {"grant": "innovation", "aspects": ["customised_training"]}
            refused(region.office.do(base, "give_grant", named), status=403)
        done(region.officer.do(base, "give_grant", named))
        with unchanged(base):
            refused(region.officer.do(base, "give_grant", named), "2029-03-01", clause="NM-18")
    (given,) = grants(base, "innovation")
    assert (given.amount, given.from_on, given.parameters["aspects"], given.clause) == (
        Decimal(100000),
        dt.date(2029, 3, 1),
        ["customised_training"],
        "NM-18",
    )
    assert '<span class="num">100000</span> 元' in text_of(region.office.page(base))


# The eight measures that the article names, in its order.
ASPECTS = {
    "training_system": "专业学位研究生培养体系或培养模式改革",
    "doctoral_programme": "推动专业学位博士点建设",
    "customised_training": "定制化人才培养",
    "qualification": "专业学位与职业资格衔接培养",
    "assessment": "专业学位教育评价机制",
    "industry": "产业协同机制",
    "employment": "就业反馈机制",
    "outside_mentors": "校外辅导机制",
}


@pytest.mark.clause("NM-18")
def test_each_of_the_eight_measures_may_be_what_it_is_given_for(region, base):
    with clock.travel("2029-03-01T09:00"):
        offered = text_of(region.officer.get(f"{base.get_absolute_url()}do/give_grant/"))
        assert [words for words in ASPECTS.values() if words not in offered] == []
        done(region.officer.do(base, "give_grant", {"grant": "innovation", "aspects": list(ASPECTS)}))
    (given,) = grants(base, "innovation")
    assert given.parameters["aspects"] == list(ASPECTS)


@pytest.mark.clause("NM-18")
def test_a_like_aspect_needs_its_reason(region, base):
    with clock.travel("2029-03-01T09:00"):
        other = {"grant": "innovation", "aspects": ["other"], "other": "与企业共建产业学院。"}
        done(region.officer.do(base, "give_grant", other))
    assert grants(base, "innovation")[0].parameters["other"] == "与企业共建产业学院。"


@pytest.mark.clause("NM-17c")
def test_the_national_grant_needs_the_approval_file(region, base):
    with clock.travel("2031-06-01T09:00"):
        with unchanged(base):
            refused(region.officer.do(base, "give_grant", {"grant": "national"}), "国家批准文件", clause="NM-17c")
        entered = {"grant": "national", "document_national": [sent("国家批准文件.pdf")], "number": "教研函〔2031〕5号"}
        done(region.officer.do(base, "give_grant", entered))
        with unchanged(base):
            again = {"grant": "national", "document_national": [sent("国家批准文件.pdf")]}
            refused(region.officer.do(base, "give_grant", again), "不重复给予", clause="NM-17c")
    (given,) = grants(base, "national")
    assert (given.amount, given.from_on) == (Decimal(500000), dt.date(2031, 6, 1))
    entered = Effect.about(base).get(kind="register")  # with the approval it is a national base, and reads so
    assert (entered.code, entered.state, entered.from_on, entered.clause) == (
        "national",
        "standing",
        dt.date(2031, 6, 1),
        "NM-17c",
    )
    with clock.travel("2031-06-02T09:00"):
        assert "列入国家产教融合研究生联合培养基地" in text_of(region.office.page(base))
