"""Conditions one by one with level, evidence and rank; exceptions from "generally" as an auditor reads them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bases.drafting import follow
from config.stories import answers as written
from core import clock
from tests.scenarios import house, house_czmc
from tests.scenarios.house import Person, done, fresh, main_of, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db]

CLINICAL = {"specialty_code": "1051", "specialty": "临床医学", **written.NATIONAL}


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.school()


@pytest.fixture
def call(school):
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.standing_call(school)


def rows_of(page: str) -> dict[str, str]:
    """The lines of the page by their title, as one reads them."""
    body = re.sub(r"<svg.*?</svg>", "", page, flags=re.S)
    lines = {}
    for row in re.findall(r"<tr>(.*?)</tr>", body, flags=re.S)[1:]:
        words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        lines[words.split()[0]] = words
    return lines


def test_each_condition_with_level_evidence_and_clause(school, call):
    with clock.travel("2026-03-03T09:00"):
        application = house_czmc.applied(school, call, **CLINICAL)
        address = f"/applications/{application.pk}/conditions/"
        assert address in text_of(school.office.page(application))
        rows = rows_of(main_of(school.office.get(address)))
        national = rows["临床医学基地须为国家住院医师规范化培训基地"]
        assert "必须 符合 国家住院医师规范化培训基地资质证明.pdf" in national and "第二条（二）1" in national
        assert "优先 符合" in rows["自愿申请共建的单位优先选择"]
        assert "临床医学专业的基地由研究生处遴选" not in rows  # a condition of another way of applying
        own = rows_of(main_of(school.contact.get(address)))
        assert own == rows
        assert school.secretary.get(address).status_code == 404


def test_a_draft_says_what_is_open(school, call):
    """What is not met says why; who does not volunteer lacks a priority, and nothing is held against them."""
    with clock.travel("2026-03-03T09:00"):
        draft = house_czmc.draft(school, call, safety=written.ticks("safety"))
        rows = rows_of(main_of(school.secretary.get(f"/applications/{draft.pk}/conditions/")))
    assert "基本劳动保护" in rows["具备劳动保护和安全环境条件"] and "不符合" in rows["具备劳动保护和安全环境条件"]
    assert "不具备（不影响申报）" in rows["自愿申请共建的单位优先选择"]
    assert "符合 —" in rows["有代表性且主要业务相符"]


def test_the_rank_says_why_and_to_whom(school, call):
    """Before those that meet fewer priority conditions, beside its equals; the unit itself is told no figure."""
    with clock.travel("2026-03-03T09:00"):
        first = house_czmc.applied(school, call)
        others = []
        for name in ("甲基地", "乙基地"):
            other = house_czmc.draft(school, call, base_name=name)
            done(school.secretary.do(other, "submit"))
            others.append(fresh(other))
        page = main_of(school.office.get(f"/applications/{first.pk}/conditions/"))
        assert "在办3项中按优先条件列第1位。" in page and "自愿申请优先" in page
        page = main_of(school.office.get(f"/applications/{others[0].pk}/conditions/"))
        assert "在办3项中按优先条件列第2位（并列的另有1项）。" in page and "不具备办法所列的优先条件" in page
        assert "优先次序" not in main_of(school.contact.get(f"/applications/{first.pk}/conditions/"))


def test_the_page_costs_the_same_with_many_files(school, call):
    with clock.travel("2026-03-03T09:00"):
        application = house_czmc.applied(school, call, **CLINICAL)
        address = f"/applications/{application.pk}/conditions/"
        school.office.get(address)
        with CaptureQueriesContext(connection) as few:
            school.office.get(address)
        assert len(few) <= 30


def test_an_auditor_reads_the_exceptions(school, call):
    """Which rule, why it was asked, who let it pass in which role and when: in the auditor's own menu."""
    until = dt.date(2026, 12, 31)
    auditor = Person(factories.member(school.university, "auditor", factories.user("严知非"), until_on=until))
    recognition = house_czmc.approved(school, call)
    with clock.travel("2026-04-01T09:00"):
        school.named(college="college")
        agreement = follow(school.secretary.membership, fresh(recognition), "new")
        given = written.czmc_agreement("2026-04-01", "2028-03-31", "2026-03-21")
        done(school.secretary.fill(agreement, "agreement", house._uploads(given)))
        override = house.asked_for(school.secretary, agreement, "agreement_term", "合作单位规划所限，先签两年。")
        done(school.office.do(override, "grant", {"reason": "同意，期满续签。"}))
        assert "例外审批" in text_of(auditor.get("/bases/"))
        page = main_of(auditor.get("/overrides/"))
        for words in ("合作单位规划所限，先签两年。", "CZMC-4.2", "护理学院", "研究生处", "田雨禾", "2026-04-01"):
            assert words in page, words
        assert auditor.client.post(f"{override.get_absolute_url()}do/grant/", {"f-reason": "x"}).status_code == 403
