"""Regulations that print no form: the house lays it out, with a block for every opinion given on paper."""

from __future__ import annotations

import pytest

from applications.models import Application, Call
from bases.services import draft_agreement
from casework import papers
from casework.models import Step
from core import clock
from core.forms import store
from regulations import services
from tests.papers_glue.reading import fetched, offers, papers_of, texts, whole
from tests.placing import place
from tests.scenarios import house
from tests.tenants import factories

pytestmark = pytest.mark.django_db


class School:
    """A university under a regulation, with a draft application and a draft agreement."""

    def __init__(self, code: str, track: str = "", change=None):
        self.version = house.published(code, change=change)
        self.university = factories.university(name="岚江大学")
        self.college = factories.college(self.university, "农业学院")
        self.partner = house.partner("高原作物试验站", uscc="12990300DEMP000334", address="青岐市试验站路1号")
        self.secretary = house.Person(factories.member(self.college, "secretary", factories.user("贺小满")))
        now = clock.now()
        main = {"university": self.university, "college": self.college, "partner": self.partner}
        call = Call.objects.create(
            number="PC-1",
            title="批次",
            regulation_version=self.version,
            level="school",
            year=now.year,
            opens_at=now,
            closes_at=now,
            university=self.university,
        )
        self.application = Application.objects.create(
            number="SB-1",
            title="甲基地",
            regulation_version=self.version,
            call=call,
            level="school",
            track=track,
            **main,
        )
        self.form = self.application.form_keys()[0]
        answers = {
            "base_name": "甲基地",
            "partner": self.partner.pk,
            "leader": "程望舒",
            "demand": "服务区域需求。",
        }
        store.save(self.application, self.form, 1, answers, 0, self.secretary.membership)
        if (key := "agreement.signer") in self.version.profile.settings:
            signers = {"school": "university"}
            services.enter_setting(self.version, key, self.university, signers, now.date(), "研究生处通知")
        self.agreement = draft_agreement(self.secretary.membership, **main, version=self.version)


def without_papers(content: dict) -> None:
    """A variant of a regulation that lays none of its papers out."""
    del content["papers"]
    del content["forms"]["proposal"]["paper"]
    for step in content["routes"]["application"]:
        step.pop("paper", None)


def test_a_form_without_printed_paper_is_laid_out_and_issued_all_the_same():
    school = School("lcu", change=without_papers)
    application = school.application
    assert school.form not in application.profile.papers
    found = offers(school.secretary, application)
    title = "研究生联合培养基地建设项目申报材料"
    assert list(found) == [f"{title}（草稿）", f"{title}（空白表）"]
    draft = whole(fetched(school.secretary, found[f"{title}（草稿）"]))
    assert "基地名称甲基地" in draft and "合作单位高原作物试验站" in draft and "草稿（不得用印）" in draft
    paper = papers.issue_now(application, papers.of(application).main(), "贺小满")
    assert (paper.title, paper.seal_kind) == (title, "")
    pages = texts(fetched(school.secretary, offers(school.secretary, application)[f"{title}（第1版）"]))
    assert "申报单位：岚江大学农业学院" in pages[0] and "申报单位（公章）" in pages[-1]
    assert paper.code in pages[-1] and papers_of(application) == [paper]


BLOCKS = {
    "college_visit": "院（系、部）考察评估意见：",
    "college_opinion": "院系签署意见：",
    "office_review": "研究生处审核意见：",
    "vice_president": "分管校领导意见：",
    "president_meeting": "校长办公会审议意见：",
}


@pytest.mark.parametrize(
    "track,blocks",
    [
        ("college", ["college_visit", "office_review", "vice_president"]),
        ("voluntary", ["college_opinion", "office_review", "vice_president"]),
        ("clinical", ["office_review", "president_meeting"]),
    ],
)
def test_every_level_of_the_track_has_its_block(track, blocks):
    """CZMC: one form for three ways of applying; each prints the opinions of its own levels, in their order."""
    school = School("czmc", track)
    paper = papers.issue_now(school.application, papers.of(school.application).main(), "贺小满")
    assert paper.title == "长治医学院研究生培养基地申请表" and "研究生处公章" in paper.seal_kind
    printed = "".join(texts(papers.of(school.application).render(paper)))
    places = [printed.index(BLOCKS[key]) for key in blocks]
    assert places == sorted(places)
    assert not [key for key, words in BLOCKS.items() if key not in blocks and words in printed]


def test_an_edition_with_opinions_of_a_form_without_printed_paper():
    school = School("czmc", "college")
    case = school.application
    office = house.Person(factories.member(school.university, "graduate_office", factories.user("温以宁")))
    Step.objects.create(
        case_kind="application",
        case_id=case.pk,
        case_title=case.title,
        case_number=case.number,
        round=1,
        key="office_review",
        title="研究生处审核",
        stage="reviewing",
        kind="endorse",
        position=1,
        role="graduate_office",
        unit=school.university,
        state="done",
        outcome="positive",
        opinion="材料齐全，同意。",
        entered_by="温以宁",
        on=clock.today(),
        closed_at=clock.now(),
    )
    place(case, "deciding")
    title = "长治医学院研究生培养基地申请表"
    said = whole(fetched(office, offers(office, case)[f"{title}（含办理意见）"]))
    assert "研究生处审核意见：材料齐全，同意。平台办理记录：温以宁岚江大学" in said
    issued = papers.issue_now(case, papers.of(case).main(), "温以宁")
    assert "材料齐全" not in whole(papers.of(house.fresh(case)).render(issued))


def test_an_agreement_of_the_house_says_how_many_originals_there_are():
    """CZMC-4.1b: three originals; the parties' data come from the register of units."""
    school = School("czmc")
    keys = [clause.key for clause in school.version.profile.agreement.clauses]
    row = store.load(school.agreement, "agreement")
    answers = {
        **row.answers,
        "period": {"from": "2026-05-20", "to": "2029-05-19"},
        **{f"clause_{key}": "双方约定如下。" for key in keys[:-1]},
        f"clause_{keys[-1]}": "",
    }
    store.save(school.agreement, "agreement", 1, answers, row.revision, school.secretary.membership)
    offered = offers(school.secretary, school.agreement)
    said = whole(fetched(school.secretary, next(iter(offered.values()))))
    assert "本协议一式3份，由研究生处、研究生培养基地、院（系、部）各存一份" in said
    assert "统一社会信用代码：12990300DEMP000334" in said and "地址：青岐市试验站路1号" in said
    assert (
        f"第{'一二三四五六七八九十'[len(keys) - 2]}条" in said
        and f"第{'一二三四五六七八九十'[len(keys) - 1]}条" not in said
    )


def test_an_agreement_prints_its_table_only_where_somebody_filled_it_in():
    """NM-10b: the persons in charge stand in the revised agreement; nobody signs an empty table."""
    school = School("nm")
    (draft,) = offers(school.secretary, school.agreement).values()
    assert "基地建设和管理负责人" not in whole(fetched(school.secretary, draft))
    row = store.load(school.agreement, "agreement")
    answers = {**row.answers, "leader_university": "程望舒", "duties_partner": "提供岗位。"}
    store.save(school.agreement, "agreement", 1, answers, row.revision, school.secretary.membership)
    said = whole(fetched(school.secretary, draft))
    assert "基地建设和管理负责人程望舒" in said and "提供岗位。" in said
