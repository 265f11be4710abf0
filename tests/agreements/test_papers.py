"""What an agreement is on paper: complete, nothing doubled, each figure from its field (faults §5, W7, W11)."""

from __future__ import annotations

import pytest

from bases.drafting import follow
from core import clock
from tests.agreements.life import base, with_parties
from tests.papers_glue.reading import fetched, offers, whole
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh, main_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    """A base under XCU, approved, whose agreement is drafted."""
    made = base("xcu", ("2026-09-01", "2031-08-31"))
    with_parties(made)
    return made


def renewed(school, on: str = "2031-06-02", **changes):
    """A renewal drafted on its day, filled in."""
    with clock.travel(f"{on}T09:00"):
        agreement = follow(school.secretary.membership, fresh(school.recognition), "renewal")
        answers = house.agreement_answers(agreement, ("2031-09-01", "2036-08-31"))
        done(school.secretary.fill(agreement, "agreement", {**answers, "copies": "4", **changes}))
    return fresh(agreement)


def test_the_paper_is_complete(school):
    agreement = renewed(school)
    with clock.travel("2031-06-02T10:00"):
        said = whole(
            fetched(school.secretary, next(u for t, u in offers(school.secretary, agreement).items() if "草稿" in t))
        )
        assert f"基地名称：{school.recognition.base.name}" in said
        assert (
            "订立依据：《西昌学院研究生联合培养基地建设与管理办法（试行）》；2026年9月1日批准" in said
            and "所续签的协议：XY-1" in said
        )
        assert "有效期为五年，自2031年9月1日起至2036年8月31日止" in said  # W7: from the fields, not from prose
        assert "本协议一式4份" in said and "争议先行协商" in said and "{" not in said
        assert said.count("协议期限") == 1
        page = main_of(school.secretary.page(agreement))
        assert "有效期为五年" in page and "{years}" not in page


def test_another_term_says_another_figure(school):
    agreement = renewed(school, period={"from": "2031-09-01", "to": "2034-08-31"})
    assert not agreement.differs_from_template  # the wording is the template's; the figure is the field's
    with clock.travel("2031-06-02T10:00"):
        assert "有效期为三年" in main_of(school.secretary.page(agreement))


def test_the_comparison_is_no_draft_once_it_is_signed(school):
    agreement = renewed(school, clause_ip="成果归研究生所有。", note="合作单位要求。")
    with clock.travel("2031-06-02T10:00"):
        done(school.secretary.do(agreement, "submit"))
        for step in list(fresh(agreement).open_steps()):
            who = (
                house.Person(house.factories.member(school.university, "legal"))
                if step.kind == "legal_review"
                else school.office
            )
            done(who.step(agreement, step.key, {"opinion": "同意。"}))
        url = next(u for t, u in offers(school.office, fresh(agreement)).items() if t.startswith("协议修改对照表"))
        assert "送审稿" in whole(fetched(school.office, url))
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        done(school.office.do(agreement, "record_signature", house.signature("2031-06-02", "2031-09-01")))
        said = whole(fetched(school.office, url))
        assert "送审稿" not in said and "草稿" not in said and "成果归研究生所有。" in said


def test_papers_of_its_end(school):
    agreement = school.agreement
    with clock.travel("2031-06-01T10:00"):
        offered = offers(school.office, agreement)
        said = whole(fetched(school.office, offered["终止协议"]))
        assert "XY-1" in said and "妥善安置" in said and school.partner.name in said
        for title in ("协议到期和续签意向征询函", "不续签（自动终止）告知书"):
            answer = school.office.get(offered[title])
            assert answer.status_code == 200 and answer["Content-Type"].endswith("wordprocessingml.document")
        register = whole(fetched(school.office, offered["协议原件分发与存放登记表"]))
        assert school.partner.name in register and school.university.name in register


def test_a_recorded_agreement_shows_its_scan_and_what_was_entered(school):
    """W11: what is entered from paper is no text of the portal's."""
    agreement = renewed(school)
    with clock.travel("2031-06-02T11:00"):
        given = {
            "signed_on": "2031-06-01",
            "period": {"from": "2031-09-01", "to": "2036-08-31"},
            "signatories": "校长某某、院长某某",
            "original_number": "校协〔2031〕8号",
            "scan": [house.sent("签署文本.pdf")],
            "kept_at": "档案馆3柜",
        }
        done(school.secretary.do(agreement, "record_paper", given))
        agreement = fresh(agreement)
        assert (agreement.type, agreement.on_paper, agreement.state) == ("renewal", True, "signed")
        page = main_of(school.contact.page(agreement))
        for words in ("签署文本.pdf", "校协〔2031〕8号", "校长某某、院长某某", "档案馆3柜", "以纸质签署文本为准"):
            assert words in page
        assert "争议先行协商" not in page and "知识产权归属" not in page
        assert not any("草稿" in title or "对照" in title for title in offers(school.office, agreement))


def test_three_originals_stand_in_the_register_and_on_the_paper(db):
    with clock.travel("2026-03-01T09:00"):
        made = house_czmc.school()
        call = house_czmc.standing_call(made)
    recognition = house_czmc.approved(made, call)
    agreement = house_czmc.signed(made, recognition)
    with clock.travel("2026-04-02T09:00"):
        offered = offers(made.office, agreement)
        said = whole(
            fetched(
                made.office, next(url for title, url in offered.items() if title.startswith("研究生培养基地合作协议书"))
            )
        )
        assert "本协议一式3份" in said and said.count("具有同等效力") == 1
        assert "基地名称" in said and "护理（1054）" in said and "2026年3月20日批准" in said
        assert "有效期为三年（自2026年4月1日起至2029年3月31日止）" in said
        assert "领取" in text_of(made.office.page(agreement))
