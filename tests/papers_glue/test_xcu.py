"""XCU's papers as the portal hands them out: Annex 1 from draft to decision, sheets, agreement, certificate."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from pypdf import PdfReader

from bases.models import Recognition
from bases.papers import validity
from core import clock, outbox, triggers
from core.forms import store
from core.papers.seal import verify_pdf
from tests.papers_glue.reading import fetched, offers, papers_of, printed, texts, whole
from tests.scenarios import house
from tests.scenarios.house import done, fresh, sent
from tests.tenants import factories

pytestmark = pytest.mark.django_db
MM = 72 / 25.4
FORM = "西昌学院研究生联合培养基地申报书"
BLOCKS = ("校内申报单位意见：", "基地建设合作单位意见：", "学科与研究生处意见：", "学校意见：")


@pytest.fixture
def submitted(school, draft):
    with clock.travel("2026-03-01T10:00"):
        done(school.secretary.do(draft, "submit"))
    return fresh(draft)


def endorse(school, application) -> None:
    """The two opinions on paper, with their scans."""
    done(school.contact.step(application, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
    done(
        school.secretary.step(
            application,
            "college_opinion",
            {
                "opinion": "同意申报。",
                "decided_by": "吉克·拉则（院长）",
                "decided_on": "2026-03-04",
                "scan": [sent("盖章页.pdf")],
            },
        )
    )
    for step in fresh(application).unmatched_steps():
        done(school.office.do(application, "match_scan", {"result": "matched", "kept_at": "档案柜3"}, step=step.pk))


def review(school, application):
    """Somebody is asked for a review and has promised; returns the expert."""
    reviewer = house.expert(school.university, "钟离靖")
    done(
        school.office.do(
            application,
            "assign_expert",
            {"expert": str(reviewer.membership.pk), "closes_on": "2026-04-20"},
            step="expert_review",
        )
    )
    assignment = fresh(application).steps().get(key="expert_review").assignments.get()
    done(reviewer.do(application, "promise", house.PROMISE, step=assignment.pk))
    return reviewer


def opinion(reviewer, application) -> None:
    assignment = fresh(application).steps().get(key="expert_review").assignments.get()
    done(reviewer.do(application, "give_opinion", house.OPINION, step=assignment.pk))


def test_a_draft_is_marked_on_every_page_and_bears_no_code(school, draft):
    with clock.travel("2026-03-01T09:30"):
        content = printed(school.secretary, draft, f"{FORM}（草稿）")
    for page in texts(content):
        assert "草稿（不得用印）" in page
        assert "版本校验码" not in page
    assert papers_of(draft) == []


@pytest.mark.clause("XCU-A1.C0", "XCU-A1.C8", "XCU-A1.C9")
def test_the_issued_form_has_cover_code_and_address_of_verification(school, submitted):
    """Page 1 is the cover with label, title, imprint and Chinese month; every page bears number and code."""
    with clock.travel("2026-03-01T10:30"):
        pages = texts(printed(school.secretary, submitted, f"{FORM}（第1版）"))
    for said in (
        "附件1",
        FORM,
        "西昌学院制",
        "二〇二六年三月",
        "农业科学学院",
        "青岐市高原作物试验站",
        "2026年3月1日",
    ):
        assert said in pages[0]
    paper = papers_of(submitted, "application")[0]
    for at, page in enumerate(pages, 1):
        assert f"编号：{submitted.number}｜版本校验码：{paper.code}｜第{at}页共{len(pages)}页" in page
        assert "草稿" not in page


@pytest.mark.clause("XCU-A1.C9")
def test_the_blank_form_leaves_the_year_open(school, draft):
    with clock.travel("2026-03-01T09:30"):
        cover = texts(printed(school.secretary, draft, f"{FORM}（空白表）"))[0]
    assert "二〇二年月" in cover
    assert "青岐" not in cover


@pytest.mark.clause("XCU-A1.N3")
def test_the_form_goes_to_the_printer_on_a3_with_its_own_cover_outside(school, submitted):
    with clock.travel("2026-03-01T10:30"):
        found = offers(school.secretary, submitted)
        flat = PdfReader(io.BytesIO(fetched(school.secretary, found[f"{FORM}（第1版）"])))
        booklet = PdfReader(io.BytesIO(fetched(school.secretary, found[f"{FORM}（A3中缝装订）"])))
    sizes = {(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in booklet.pages}
    assert sizes == {(420, 297)}
    assert len(booklet.pages) == -(-len(flat.pages) // 4) * 2
    assert "西昌学院制" in booklet.pages[0].extract_text()
    body = {(font.get("/BaseFont"), round(size)) for font, size in _runs(flat.pages[2])}
    assert {size for name, size in body if "Serif" in name or "Sim" in name} >= {12}


def _runs(page):
    found = []

    def visit(text, matrix, line, font, size):
        if text.strip() and font:
            found.append((font, abs(size * matrix[3] * line[3])))

    page.extract_text(visitor_text=visit)
    return found


def test_blocks_given_on_paper_stay_empty_and_what_was_recorded_has_its_own_edition(school, submitted):
    """RR-7: the issued form is stamped by hand; the opinions are printed only by the edition for the files."""
    with clock.travel("2026-03-05T09:00"):
        endorse(school, submitted)
        issued = texts(printed(school.office, submitted, f"{FORM}（第1版）"))[-1]
        with_opinions = texts(printed(school.office, submitted, f"{FORM}（含办理意见）"))[-1]
    assert all(block in issued for block in BLOCKS)
    assert "同意" not in issued and issued.count("年月日") == 4
    assert issued.count("院长签章：") == issued.count("负责人签章：") == 1
    assert "同意申报。" in with_opinions and "平台办理记录：吉克·拉则（院长）农业科学学院2026年3月4日" in with_opinions
    assert "同意共建。" in with_opinions
    assert with_opinions.count("年月日") == 2
    assert [paper.kind for paper in papers_of(submitted)] == ["application", "application_recorded"]
    assert papers_of(submitted, "application")[0].stamped.count() == 2


def test_a_further_opinion_makes_a_further_edition_and_leaves_the_stamped_form_alone(school, submitted):
    with clock.travel("2026-03-05T09:00"):
        endorse(school, submitted)
        printed(school.office, submitted, f"{FORM}（含办理意见）")
        printed(school.office, submitted, f"{FORM}（含办理意见）")
        assert len(papers_of(submitted, "application_recorded")) == 1
    with clock.travel("2026-04-12T09:00"):
        opinion(review(school, submitted), submitted)
        done(school.office.step(submitted, "expert_review", {"opinion": "同意。"}))
        done(school.office.step(submitted, "site_visit", house.SITE_VISIT))
        done(school.office.step(submitted, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"}))
    with clock.travel("2026-04-20T09:00"):
        agreement = fresh(submitted).agreement
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        done(school.office.step(submitted, "go_opinion", {"opinion": "拟同意设立。"}))
    with clock.travel("2026-05-06T16:00"):
        done(
            school.recorder.step(
                submitted, "meeting_decision", house.meeting("校长办公会", "2026年第9次", "2026-05-06")
            )
        )
        url = offers(school.office, submitted)[f"{FORM}（含办理意见）"]
        last = texts(fetched(school.office, url))[-1]
    assert "拟同意设立。" in last
    assert "经校长办公会（2026年第9次）审定：同意。" in last
    first, second = papers_of(submitted, "application_recorded")
    assert first.voided_at and not second.voided_at
    issued = papers_of(submitted, "application")
    assert len(issued) == 1 and issued[0].voided_at is None
    visit = papers_of(submitted, "site_visit")[0]
    assert visit.file_sha256 == ""  # rendered when first wanted
    with clock.travel("2026-05-07T09:00"):
        (sheet,) = texts(printed(school.office, submitted, "实地考察记录表"))
    assert "钟离靖、阿依努尔" in sheet and "2026年4月10日" in sheet and "√已核查，符合" in sheet
    assert "基地名称：青岐学院—高原作物试验站研究生联合培养基地" in sheet


def test_a_changed_content_voids_the_version_before(school, submitted):
    """A return opens a round; what is handed in again changed is version 2, and version 1 is printed no more."""
    with clock.travel("2026-03-02T09:00"):
        done(school.secretary.do(submitted, "recall", {"reason": "补充材料"}))
        case, row = fresh(submitted), store.load(fresh(submitted), "annex1")
        changed = {**row.answers, "hallmark_results": "形成两套可推广的实践教学案例。"}
        store.save(case, "annex1", case.round, changed, row.revision, school.secretary.membership)
        done(school.secretary.do(submitted, "submit"))
        first, second = papers_of(submitted, "application")
        assert (first.version, second.version) == (1, 2)
        assert first.voided_at and first.code != second.code
        assert "两套" in whole(printed(school.secretary, submitted, f"{FORM}（第2版）"))
        old = fetched(school.secretary, f"/cases/application/{submitted.pk}/papers/{first.pk}/pdf/")
    assert "一套" in whole(old) and "草稿（不得用印）" in whole(old)
    first.refresh_from_db()
    assert not first.file


def test_an_expert_gets_the_dossier_and_nothing_that_others_said(school, submitted):
    with clock.travel("2026-03-05T09:00"):
        endorse(school, submitted)
    with clock.travel("2026-04-12T09:00"):
        reviewer = review(school, submitted)
        assert list(offers(reviewer, submitted)) == [f"{FORM}（送审稿）"]
        content = whole(printed(reviewer, submitted, f"{FORM}（送审稿）"))
        assert "送审稿" in content and "同意申报" not in content and "同意共建" not in content
        opinion(reviewer, submitted)
        base = f"/cases/application/{submitted.pk}/"
        paper = papers_of(submitted, "application")[0]
        for closed in (
            "prints/recorded.pdf",
            "prints/opinions_expert_review.pdf",
            "prints/blank.pdf",
            f"papers/{paper.pk}/pdf/",
            f"papers/{paper.pk}/",
        ):
            assert reviewer.client.get(base + closed).status_code == 404, closed
        found = whole(printed(school.office, submitted, "专家评审意见表（已提交）"))
        assert "钟离靖" in found and "建议设立" in found and "材料完整" in found
        for other in (school.contact, school.secretary, school.dean, school.recorder):
            assert other.client.get(f"{base}prints/opinions_expert_review.pdf").status_code == 404
            assert not any("已提交" in title for title in offers(other, submitted))
    with clock.travel("2026-04-21T09:00"):  # the assignment is over
        assert reviewer.client.get(f"{base}draft.pdf").status_code == 404


def test_strangers_get_nothing(school, submitted):
    with clock.travel("2026-03-01T11:00"):
        paper = papers_of(submitted)[0]
        outsider = house.Person(factories.member(house.partner("外单位"), "contact", factories.user("外人")))
        for path in ("draft.pdf", "prints/blank.pdf", "prints/recorded.pdf", f"papers/{paper.pk}/pdf/"):
            for stranger in (school.other_secretary, outsider):
                assert stranger.client.get(f"/cases/application/{submitted.pk}/{path}").status_code == 404
        for nonsense in (
            "prints/nothing.pdf",
            "prints/draft.xlsx",
            "prints/recorded.pdf",
            "prints/booklet.pdf",
        ):
            assert school.secretary.client.get(f"/cases/application/{submitted.pk}/{nonsense}").status_code == 404


# --- agreement and certificate ---------------------------------------------------------------------------------------

CHANGED = "研究生在基地期间形成的研究成果归甲方所有，乙方享有优先使用权。"


@pytest.fixture
def sealing(school, submitted):
    """The agreement of an approved application (one clause changed), final and on its way to the seals."""
    with clock.travel("2026-03-05T09:00"):
        endorse(school, submitted)
    with clock.travel("2026-04-12T09:00"):
        opinion(review(school, submitted), submitted)
        done(school.office.step(submitted, "expert_review", {"opinion": "同意。"}))
        done(school.office.step(submitted, "site_visit", house.SITE_VISIT))
        done(school.office.step(submitted, "review_opinion", {"review_text": "建议设立。", "opinion": "同意。"}))
    agreement = fresh(submitted).agreement
    with clock.travel("2026-04-20T09:00"):
        changed = house.agreement_answers(
            agreement, clause_ip=CHANGED, second_signatory="马吉宁", note="合作单位要求保留优先使用权"
        )
        done(school.secretary.fill(agreement, "agreement", changed))
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "送法务。"}))
        done(school.legal.step(agreement, "legal_review", {"opinion": "可行。"}))
        done(school.office.step(submitted, "go_opinion", {"opinion": "同意。"}))
    with clock.travel("2026-05-06T16:00"):
        done(
            school.recorder.step(
                submitted, "meeting_decision", house.meeting("校长办公会", "2026年第9次", "2026-05-06")
            )
        )
    with clock.travel("2026-05-18T09:00"):
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
    return fresh(agreement)


@pytest.fixture
def signed(school, sealing):
    """The agreement signed on 2026-05-18, with the base in force; and its final text as it was before."""
    agreement = sealing
    with clock.travel("2026-05-18T09:00"):
        before = printed(school.office, agreement, "研究生联合培养基地协议书（第1版）")
        done(
            school.office.do(
                agreement,
                "record_signature",
                {
                    "signed_on": "2026-05-18",
                    "effective_on": "2026-05-20",
                    "signatories": "校长、站长",
                    "scan": [sent("签署.pdf", house.pdf(3))],
                    "pages_complete": True,
                    "kept_at": "档案室",
                },
            )
        )
        outbox.drain()
    return fresh(agreement), before


def test_what_goes_to_the_lawyers_and_to_the_seal(school, sealing):
    """Legal opinion, authorisation, data for the seal: each with number and code, for whom it is."""
    with clock.travel("2026-05-18T10:00"):
        legal = whole(printed(school.office, sealing, "合法性审查意见单"))
        for said in (
            "知识产权归属",
            "合作单位要求保留优先使用权",
            "审查结论审查通过",
            "审查意见可行。",
            "青岐学院邱明允",
        ):
            assert said in legal, said
        theirs = whole(printed(school.contact, sealing, "法定代表人授权委托书"))
        assert "兹授权马吉宁为我单位代理人，代表我单位（乙方）签署" in theirs and sealing.number in theirs
        assert "单位名称青岐市高原作物试验站" in theirs and "法定代表人签字：" in theirs
        ours = whole(printed(school.office, sealing, "法定代表人授权委托书"))
        assert "代表我单位（甲方）" in ours and "单位名称青岐学院" in ours
        request = whole(printed(school.office, sealing, "用印申请要素单"))
        final = papers_of(sealing, "agreement")[0]
        for said in (final.code, "学校公章与合作单位公章", "已通过（2026年4月20日）", "2026年5月20日至2031年5月19日"):
            assert said in request, said
        assert "用印申请要素单" not in offers(school.contact, sealing)
        kinds = {paper.kind.partition(".")[0]: paper for paper in papers_of(sealing)}
        assert kinds["seal_request"].code and kinds["legal_opinion"].number == sealing.number
        assert final.voided_at is None  # none of them touches the text


def test_once_it_is_signed_nobody_is_authorised_any_more(school, signed):
    agreement, _before = signed
    with clock.travel("2026-05-19T09:00"):
        titles = offers(school.office, agreement)
    assert "合法性审查意见单" in titles and "用印申请要素单" not in titles and "法定代表人授权委托书" not in titles


def test_the_page_of_a_base_bears_its_own_name(school, signed):
    """The regulation gives all bases one name; a page that bore it would tell none apart."""
    recognition = Recognition.objects.get()
    with clock.travel("2026-05-19T09:00"):
        page = school.office.page(recognition)
    shown = page.context["page"]
    assert shown.title == "青岐学院—高原作物试验站研究生联合培养基地（校级）"
    facts = {fact.label: fact.value for fact in shown.facts}
    assert facts["办法规定的名称"] == "西昌学院研究生联合培养基地"
    assert f"<h1>{shown.title}" in page.content.decode()


def test_a_revision_in_mid_term_does_not_shorten_what_the_certificate_says(school, signed):
    """A supplement has no term of its own, a revised text runs from the day of the one that it took the place of."""
    agreement, _before = signed
    recognition = Recognition.objects.get()
    triggers.remove(connection, ["bases_agreement"])  # texts that are there, as if they had gone their way
    made = type(agreement).objects.create
    common = {"university": agreement.university, "partner": agreement.partner, "recognition": recognition}
    common |= {"regulation_version": agreement.regulation_version, "previous": agreement, "title": "协议"}
    with clock.travel("2028-01-10T09:00"):
        days = {"signed_on": "2028-01-01", "effective_on": "2028-01-05", "ends_on": "2029-01-04"}
        made(number="XY-S", type="supplement", state="signed", **common, **days)
        assert [str(day) for day in validity(recognition)] == ["2026-05-20", "2031-05-19"]
        days |= {"ends_on": "2031-05-19"}
        made(number="XY-R", type="revision", state="signed", **common, **days)
        assert [str(day) for day in validity(recognition)] == ["2026-05-20", "2031-05-19"]
        days = {"signed_on": "2028-01-02", "effective_on": "2031-05-20", "ends_on": "2036-05-19"}
        made(number="XY-N", type="renewal", state="signed", **common, **days)
        assert [str(day) for day in validity(recognition)] == ["2026-05-20", "2031-05-19"]
    with clock.travel("2031-06-01T09:00"):
        assert [str(day) for day in validity(recognition)] == ["2031-05-20", "2036-05-19"]


def test_the_agreement_its_comparison_and_the_seal_after_signature(school, signed):
    agreement, before = signed
    pages = texts(before)
    for said in (
        "研究生联合培养基地协议书",
        f"协议编号：{agreement.number}",
        "甲方：青岐学院",
        "乙方：青岐市高原作物试验站",
        "协议期限：2026年5月20日至2031年5月19日",
        "经协商，就共建研究生联合培养基地订立本协议。",
        "第一条建设目标",
    ):
        assert said in pages[0], said
    assert "第十二条变更、解除与争议" in "".join(pages) and CHANGED in "".join(pages)
    assert "签署页" in pages[-1] and "骑缝章" in pages[-1] and "法定代表人或授权代表（马吉宁）签字：" in pages[-1]
    assert not verify_pdf(before).sealed

    paper = papers_of(agreement, "agreement")[0]
    assert paper.sealed
    with clock.travel("2026-05-19T09:00"):
        content = printed(school.contact, agreement, "研究生联合培养基地协议书（第1版）")
        verdict = verify_pdf(content)
        assert verdict.good and "平台防篡改签名（不替代单位公章）" in verdict.signer
        assert content.startswith(before)  # the seal is added to the very file that was signed
        assert printed(school.contact, agreement, "研究生联合培养基地协议书（第1版）") == content
        broken = content.replace(b"/Title", b"/Tytle", 1)
        assert not verify_pdf(broken).good
        table = whole(printed(school.legal, agreement, "协议修改对照表"))
    assert "知识产权归属" in table and "归甲乙双方共有" in table and "优先使用权" in table
    assert "合作单位要求保留优先使用权" in table and "建设目标" not in table
    assert "送审稿" not in table and paper.code in table  # the comparison of a signed text is no draft


@pytest.mark.clause("XCU-4c")
def test_the_certificate_of_an_active_base_bears_the_fixed_name(school, signed):
    """An active base's certificate prints the name the text gives school-level bases, with number and period."""
    recognition = Recognition.objects.get()
    assert recognition.state == "active"
    assert [paper.kind for paper in papers_of(recognition)] == ["certificate"]
    with clock.travel("2026-05-19T09:00"):
        content = printed(school.contact, recognition, "西昌学院研究生联合培养基地证书")
    (page,) = texts(content)
    fixed = str(recognition.profile.recognition.name.value)
    assert fixed == "西昌学院研究生联合培养基地"
    assert page.startswith(fixed)
    for said in (
        "青岐学院—高原作物试验站研究生联合培养基地",
        f"基地编号：{recognition.base.number}",
        "责任单位：农业科学学院",
        "共同建设的上述基地为西昌学院研究生联合培养基地。",
        "有效期：2026年5月20日至2031年5月19日",
        "二〇二六年五月十八日",
        papers_of(recognition)[0].code,
    ):
        assert said in page, said


def test_a_longer_term_makes_a_new_certificate_when_one_is_wanted(school, signed):
    agreement, _before = signed
    recognition = Recognition.objects.get()
    assert list(offers(school.office, recognition)) == ["西昌学院研究生联合培养基地证书（第1版）"]
    type(agreement).objects.filter(pk=agreement.pk).update(ends_on="2036-05-19")
    with clock.travel("2026-06-01T09:00"):
        found = offers(school.office, recognition)
        assert "2036年5月19日" in whole(fetched(school.office, found["西昌学院研究生联合培养基地证书"]))
        first, second = papers_of(recognition)
        assert first.voided_at and second.version == 2
        assert list(offers(school.office, recognition)) == ["西昌学院研究生联合培养基地证书（第2版）"]
