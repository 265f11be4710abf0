"""Conditions one by one with level, evidence and rank; exceptions from "generally" as an auditor reads them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bases.drafting import follow
from config.stories import answers as written
from config.stories import answers_lcu as said
from core import clock
from tests.scenarios import house, house_czmc, house_lcu
from tests.scenarios.house import Person, done, fresh, main_of, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db]
HOUSE = house_czmc  # whose `school` and `call` are meant (conftest)

CLINICAL = {"specialty_code": "1051", "specialty": "临床医学", **written.NATIONAL}


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
        assert re.search(r"自愿申请优先（<a [^>]+>[^<]*第二条（二）3", page)
        page = main_of(school.office.get(f"/applications/{others[0].pk}/conditions/"))
        assert "在办3项中按优先条件列第2位（并列的另有1项）。" in page and "不具备办法所列的优先条件" in page
        assert "优先次序" not in main_of(school.contact.get(f"/applications/{first.pk}/conditions/"))


def test_the_rank_counts_what_its_reader_sees():
    """On a department's call a university learns nothing of the others: neither how many apply nor where they stand."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        own, other = house.nm_draft(region, call), house.nm_draft(region, call, person=region.other_secretary)
        for person, application in ((region.secretary, own), (region.other_secretary, other)):
            done(person.do(application, "submit"))
        page = main_of(region.office.get(f"/applications/{own.pk}/conditions/"))
        assert "在办1项中按优先条件列第1位。" in page
        assert region.office.get(f"/applications/{other.pk}/conditions/").status_code == 404


def test_a_checklist_item_by_item_with_what_was_written_beside_it():
    """LCU's three conditions: the points of a list, ticked or not and with their evidence; the proof; how binding; and that
    the text names nothing that ranks."""
    with clock.travel("2026-03-20T09:00"):
        made = house_lcu.school()
        ticked = {
            point: {"checked": True, "remark": f"见附件{number}页"} for number, point in enumerate(said.POINTS, 1)
        }
        ticked["will"] = {"checked": False, "remark": "尚未确认"}
        draft = house_lcu.draft(made, house_lcu.yearly_call(made), partner_points=ticked, basis=["results"])
        address = f"/applications/{draft.pk}/conditions/"
        rows = rows_of(main_of(made.secretary.get(address)))
        points = rows["合作单位基本条件五点齐备"]
        assert "有相应的支撑经费 （已勾选） 见附件2页" in points
        assert "有长期合作培养研究生的意愿 （未勾选） 尚未确认" in points
        assert "必须 不符合" in points and "第六条" in points
        grounds = rows["合作基础三种情形至少一种"]
        assert "已有显著联合培养成果和潜力 （已勾选）" in grounds and "已开展研究生联合培养 （未勾选）" in grounds
        assert "必须 符合" in grounds and "联合课题立项书.pdf" in grounds
        assert "支撑经费证明.pdf" in rows["支撑经费证明"]
        assert "团队学习 （已勾选）" in rows["能运用所列方法指导研究生"]
        assert "不得重新申报" in " ".join(rows)
        done(made.secretary.fill(draft, "proposal", house_lcu.answers(made)))
        done(made.secretary.do(draft, "submit"))
        page = main_of(made.office.get(address))
        assert "不符合" not in page and "在办1项中按优先条件列第1位。" in page
        assert "办法没有规定优先条件，在办项目不分先后。" in page


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
        elsewhere = factories.member(factories.university(name="别的大学"), "auditor", until_on=until)
        assert "合作单位规划所限" not in main_of(Person(elsewhere).get("/overrides/"))
