"""S01: a base that a college contacted under CZMC, from the form to its working group, every act a request."""

from __future__ import annotations

import pytest

from applications.models import Application
from applications.services.starting import plan_call
from bases.models import Agreement, Recognition
from config.stories import agreements, czmc
from config.stories import answers as written
from core import clock
from core.door import Refused, chain
from core.forms.store import load
from core.models import Paper
from regulations import services
from tests.papers_glue.reading import fetched, offers, sheet, whole
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUSE = house_czmc  # whose `school` and `call` are meant (conftest)


def test_from_the_form_to_the_working_group(school, call):
    """The whole of S01's steps 1-6 on the scenario's days."""
    recognition = house_czmc.approved(school, call)
    assert recognition.state == "pending" and str(recognition.decided_on) == "2026-03-20"
    agreement = house_czmc.signed(school, recognition)
    assert (agreement.state, fresh(recognition).state) == ("signed", "active")
    with clock.travel("2026-04-05T09:00"):
        school.secretary.hand.record(recognition, "working_group", written.working_group("2026-04-05"))
        mentor = written.base_mentor("纪云舒", "主任护师", "护理学", "2026-04-05")
        school.office.hand.record(recognition, "mentor", mentor)
    assert list(chain.breaks()) == []


# --- a call without an end --------------------------------------------------------------------------------------------


def test_applications_are_taken_at_any_time(school, call):
    """CZMC knows no yearly call: one that the graduate office opens takes applications until it ends it."""
    with clock.travel("2028-06-01T09:00"):
        page = main_of(school.secretary.get("/applications/start/"))
        assert "常年受理" in page and "院系自主联系" in page
        for person, address in (
            (school.office, "/calls/"),
            (school.office, call.get_absolute_url()),
            (school.secretary, "/"),
        ):
            assert "常年受理" in main_of(person.get(address))
        application = house_czmc.draft(school, call)
        done(school.secretary.do(application, "submit"))
        refused(school.office.do(call, "extend", {"organisation": str(school.college.pk)}), "常年受理", status=422)
        done(school.office.do(call, "close"))
        assert "常年受理" not in main_of(school.secretary.get("/applications/start/"))


def test_a_prescribed_window_needs_an_end():
    """NM-8.2c prescribes a window: no call of it stands without an end."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        with pytest.raises(Refused) as stopped:
            plan_call(
                region.officer.membership,
                version=region.version,
                title="无截止",
                year=2027,
                opens_at=clock.aware("2027-03-01"),
                closes_at=None,
            )
        assert [finding.clause for finding in stopped.value.findings] == ["NM-8.2c"]


# --- 1: the form --------------------------------------------------------------------------------------------------------

NO_ROOM = {"dormitory": {"checked": False, "remark": ""}}
ROOMS = ("demonstration_room", "study_room", "library", "canteen")


@pytest.mark.parametrize(
    "blank",
    [
        pytest.param({"representative": ""}, marks=pytest.mark.clause("CZMC-2.2.1a"), id="CZMC-2.2.1a representative"),
        pytest.param({"business_fit": ""}, marks=pytest.mark.clause("CZMC-2.2.1a"), id="CZMC-2.2.1a business"),
        pytest.param(
            {"staff": [{"name": "纪云舒", "title": "主任护师", "meets_mentor_rule": False}]},
            marks=pytest.mark.clause("CZMC-2.2.2"),
            id="CZMC-2.2.2 staff",
        ),
        pytest.param(
            {"commitment": written.ticks("people", "materials")},
            marks=pytest.mark.clause("CZMC-2.2.3a"),
            id="CZMC-2.2.3a money",
        ),
        pytest.param(
            {"facilities": {**written.ticks(*ROOMS), **NO_ROOM}},
            marks=pytest.mark.clause("CZMC-2.2.4"),
            id="CZMC-2.2.4 dormitory",
        ),
        pytest.param(
            {"safety": written.ticks("labour_protection")},
            marks=pytest.mark.clause("CZMC-2.2.5"),
            id="CZMC-2.2.5 safety",
        ),
    ],
)
def test_a_condition_left_open_is_refused(school, call, blank, request):
    clause = request.node.callspec.id.split()[0]
    with clock.travel("2026-03-02T09:00"):
        application = house_czmc.draft(school, call, **blank)
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), clause=clause)
        done(school.secretary.fill(application, "application", house_czmc.answers(school)))  # the dormitory explained
        done(school.secretary.do(application, "submit"))
    assert fresh(application).state == "recommending"


@pytest.mark.clause("CZMC-3.2a")
def test_the_college_files_its_form_with_the_graduate_office(school, call):
    with clock.travel("2026-03-02T09:00"):
        application = house_czmc.draft(school, call)
        assert "收到申报" not in text_of(school.office.get("/inbox/"))
        done(school.secretary.do(application, "submit"))
        inbox = text_of(school.office.get("/inbox/"))
        assert "收到申报" in inbox and "院系考察评估" in inbox
        paper = Paper.objects.get(case_kind="application", kind="application")
        assert paper.title == "长治医学院研究生培养基地申请表"
        (printed,) = (url for title, url in offers(school.office, fresh(application)).items() if "第1版" in title)
        said = whole(fetched(school.office, printed))
    for words in ("城东医院护理培养基地", "1054", "纪云舒", "院（系、部）考察评估意见：", "分管校领导意见："):
        assert words in said
    assert "校长办公会" not in said


@pytest.mark.clause("CZMC-3.1")
def test_the_specialty_says_who_selects(school, call):
    """护理 is its college's; 临床医学 is the graduate office's, and neither takes the other's way."""
    with clock.travel("2026-05-01T09:00"):
        page = main_of(school.secretary.get("/applications/start/"))
        assert "院系自主联系" in page and "临床医学" not in page and "单位自愿申请" not in page
        for track, clause in (("clinical", "CZMC-3.1"), ("voluntary", "CZMC-3.3a")):
            answer = begun(school.secretary, call, track)
            refused(answer, clause=clause)
        application = house_czmc.draft(school, call, specialty_code="1051", specialty="临床医学")
        with unchanged(application):
            refused(school.secretary.do(application, "submit"), "研究生处遴选", clause="CZMC-3.1")
        done(school.secretary.fill(application, "application", house_czmc.answers(school)))
        done(school.secretary.do(application, "submit"))
        assert (application.college, application.track) == (school.college, "college")

        page = main_of(school.office.get("/applications/start/"))
        assert "临床医学" in page and "院系自主联系" not in page
        refused(begun(school.office, call, "college"), clause="CZMC-3.2a")
        done(begun(school.office, call, "clinical"))
        clinical = Application.objects.get(track="clinical")
        assert (clinical.college, clinical.university) == (None, school.university)
        given = house_czmc.clinical_answers(school, "2026-05-01", specialty_code="1054", specialty="护理")
        done(school.office.fill(clinical, "application", house._uploads(given)))
        with unchanged(clinical):
            refused(school.office.do(clinical, "submit"), clause="CZMC-3.1")
        given = house_czmc.clinical_answers(school, "2026-05-01")
        done(school.office.fill(clinical, "application", house._uploads(given)))
        done(school.office.do(clinical, "submit"))
    assert [step.key for step in clinical.open_steps()] == ["assign_colleges"]


def begun(person, call, track: str):
    """What the portal says when somebody begins an application on a way of applying."""
    return person.client.post("/applications/start/", {"call": call.pk, "title": "某基地", "track": track})


def test_an_office_fills_in_its_own_applications_only(school, call):
    with clock.travel("2026-05-01T09:00"):
        application = house_czmc.draft(school, call)
        before = load(application, "application").answers
        school.office.fill(application, "application", {"leader": "别人"})
        assert load(application, "application").answers == before
        with unchanged(application):
            assert school.office.do(application, "submit").status_code == 403
        region = house.nm_region()
        assert region.office.get("/applications/start/").status_code == 403


# --- 2, 3, 4: visit, review, approval -------------------------------------------------------------------------------


@pytest.fixture
def submitted(school, call):
    with clock.travel("2026-03-02T09:00"):
        application = house_czmc.draft(school, call)
        done(school.secretary.do(application, "submit"))
        return fresh(application)


@pytest.mark.clause("CZMC-3.2b")
def test_no_review_without_the_college_own_visit(school, submitted):
    review = {"opinion": "同意。", "scan": [house.sent("盖章.pdf")]}
    with clock.travel("2026-03-09T09:00"):
        with unchanged(submitted):
            refused(school.office.step(submitted, "office_review", review), "院系考察评估", clause="CZMC-3.2b")
        for missing in ("visited_on", "members", "findings", "assessment"):
            given = {**written.visit("2026-03-09"), missing: ""}
            with unchanged(submitted):
                refused(school.dean.step(submitted, "college_visit", given), clause="CZMC-3.2b")
        with unchanged(submitted):
            refused(school.dean.step(submitted, "college_visit", written.visit("2026-03-10")), clause="CZMC-3.2b")
        done(school.dean.step(submitted, "college_visit", written.visit("2026-03-09")))
        for reader in (school.dean, school.office, school.vice_president):  # whoever decides on it reads the visit
            assert "病区、示教室、自习室和图书馆齐备" in main_of(reader.page(submitted))
    with clock.travel("2026-03-10T09:00"):
        record = offers(school.office, fresh(submitted))["考察评估记录（第1版）"]
        assert "评估意见符合遴选条件，建议设立。" in whole(fetched(school.office, record))
        done(school.office.step(submitted, "office_review", {**review, "scan": [house.sent("盖章.pdf")]}))
    assert fresh(submitted).state == "deciding"


@pytest.mark.clause("CZMC-3.2c")
def test_the_vice_president_approves_after_the_review(school, submitted):
    with clock.travel("2026-03-10T09:00"):
        czmc.visited(school.dean.hand, submitted, "2026-03-09")
        with unchanged(submitted):
            answer = school.vice_president.step(submitted, "vice_president", {"opinion": "同意。"})
            refused(answer, "“研究生处审核”尚未办结", clause="CZMC-3.2c")
    with clock.travel("2026-03-16T09:00"):
        assert "城东医院护理培养基地" not in text_of(school.vice_president.get("/todos/"))
        czmc.reviewed(school.office.hand, submitted)
        assert "城东医院护理培养基地" in text_of(school.vice_president.get("/todos/"))
    with clock.travel("2026-03-20T09:00"):
        for person in (school.secretary, school.dean):
            with unchanged(submitted):
                assert person.step(submitted, "vice_president", {"opinion": "同意。"}).status_code == 403
        done(school.vice_president.step(submitted, "vice_president", {"opinion": "同意设立。"}))
    assert fresh(submitted).state == "approved"
    assert str(Recognition.objects.get().decided_on) == "2026-03-20"


@pytest.mark.clause("CZMC-3.5")
def test_originals_with_the_office_copies_with_the_college(school, call):
    recognition = house_czmc.approved(school, call)
    with clock.travel("2026-03-20T10:00"):
        page = text_of(school.office.page(recognition))
        assert "未归档" in page and "考察评估记录" in page and "长治医学院研究生培养基地申请表" in page
        originals, copies = page.index("<dt>原件</dt>"), page.index("<dt>复印件</dt>")
        assert "研究生处" in page[originals:copies] and "护理学院" in page[copies : copies + 200]
        assert "建设资料与批准文件" not in text_of(school.contact.page(recognition))
        for missing in ("sealed", "originals_at", "copies_on", "copies_to"):
            given = house._uploads(written.filing("2026-03-20"))
            del given[missing]
            with unchanged(recognition):
                refused(school.office.do(recognition, "enter_record", given, type="archive"), clause="CZMC-3.5")
        with unchanged(recognition):
            again = house._uploads(written.filing("2026-03-20"))
            refused(school.secretary.do(recognition, "enter_record", again, type="archive"), clause="CZMC-3.5")
        czmc.filed(school.office.hand, recognition, "2026-03-20")
        page = text_of(school.secretary.page(recognition))
        assert "已归档" in page and "研究生处档案室2柜" in page


# --- 5: the agreement ---------------------------------------------------------------------------------------------------

NAMES = {"university": "望川医科大学", "graduate_office": "望川医科大学研究生处", "college": "望川医科大学护理学院"}


@pytest.fixture
def base(school, call):
    return house_czmc.approved(school, call)


def test_no_agreement_before_the_approval(school, submitted):
    """CZMC-4.1a: only for a base that meets the conditions; the office's register offers no way around it."""
    with clock.travel("2026-03-16T09:00"):
        school.named(college="college")
        assert "起草或关联协议" not in text_of(school.secretary.page(submitted))
        answer = school.secretary.client.post(f"/applications/{submitted.pk}/agreement/", {"do": "draft"})
        refused(answer, clause="CZMC-4.1a")
        given = {"f-type": "new", "f-version": str(school.version.pk), "f-partner": str(school.partner.pk)}
        refused(school.secretary.client.post("/agreements/new/", given), clause="CZMC-4.1a")
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("signer", list(NAMES))
def test_the_school_says_who_signs(school, base, signer):
    """Refused while the map is empty or silent on this kind of base; then the signer it names, and no other, is the party."""
    admin = house.Person(factories.member(school.university, "admin", factories.user("管理员")))
    address = f"/regulations/CZMC/{school.version.number}/settings/agreement.signer/"
    follow = f"/bases/{base.pk}/agreement/"
    with clock.travel("2026-04-01T09:00"):
        entered = {"from_on": "2026-04-01", "reason": "通知"}
        for kinds in ({}, {"for_voluntary": "university"}):
            if kinds:
                done(admin.client.post(address, {**kinds, **entered}))
            refused(school.secretary.client.post(follow, {"type": "new"}), "院系自主联系的基地", clause="CZMC-4.1a")
            assert not Agreement.objects.exists()
        assert admin.client.post(address, {"for_college": "dean", **entered}).status_code == 422
        done(admin.client.post(address, {"for_college": signer, **entered}))
        assert "院系自主联系的基地 → " in text_of(admin.get(address))
        done(school.secretary.client.post(follow, {"type": "new"}))
        agreement = Agreement.objects.get()
        assert [party.name for party in agreement.parties.all()] == [NAMES[signer], "城东医院"]
        assert f"<dd>{NAMES[signer]}</dd>" in text_of(school.secretary.page(agreement))


@pytest.mark.clause("CZMC-4.1a")
def test_the_school_signs_for_a_clinical_base(school, call):
    """Mapped clinical → school: the school is the party, and the page names no other signer."""
    base = house_czmc.clinical_approved(school, call)
    with clock.travel("2026-06-10T09:00"):
        school.named(college="college")
        refused(
            school.office.client.post(f"/bases/{base.pk}/agreement/", {"type": "new"}),
            "临床医学的基地",
            clause="CZMC-4.1a",
        )
        school.named(college="college", clinical="university")
        done(school.office.client.post(f"/bases/{base.pk}/agreement/", {"type": "new"}))
        agreement = Agreement.objects.get()
        assert [(party.side, party.signer, party.organisation) for party in agreement.parties.all()] == [
            ("first", "university", school.university),
            ("second", "partner", school.partner),
        ]
        page = main_of(school.office.page(agreement))
        assert "<dd>望川医科大学</dd>" in page and "望川医科大学研究生处" not in page and "护理学院" not in page


def test_the_college_is_asked_to_draft_the_agreement(school, base):
    with clock.travel("2026-04-01T09:00"):
        assert "起草合作协议" in text_of(school.secretary.get("/todos/"))
        assert "起草合作协议" not in text_of(school.office.get("/todos/"))
        school.named(college="college")
        done(school.secretary.client.post(f"/bases/{base.pk}/agreement/", {"type": "new"}))
        assert "起草合作协议" not in text_of(school.secretary.get("/todos/"))


@pytest.fixture
def drafted(school, base):
    with clock.travel("2026-04-01T09:00"):
        school.named(college="college")
        done(school.secretary.client.post(f"/bases/{base.pk}/agreement/", {"type": "new"}))
        return Agreement.objects.get()


@pytest.mark.clause("CZMC-4.3")
@pytest.mark.parametrize("part", list(written.FIVE_PARTS))
def test_all_five_parts_or_none(school, drafted, part):
    with clock.travel("2026-04-01T09:00"):
        complete = written.czmc_agreement("2026-04-01", "2029-03-31", "2026-03-21")
        done(school.secretary.fill(drafted, "agreement", {**complete, f"clause_{part}": ""}))
        with unchanged(drafted):
            refused(school.secretary.do(drafted, "submit"), clause="CZMC-4.3")
        done(school.secretary.fill(drafted, "agreement", complete))
        done(school.secretary.do(drafted, "submit"))
    assert fresh(drafted).state == "checking"


def test_both_sides_have_declared_their_intention(school, drafted):
    with clock.travel("2026-04-01T09:00"):
        complete = written.czmc_agreement("2026-04-01", "2029-03-31", "2026-03-21")
        for side in ("intent_university", "intent_partner"):
            done(school.secretary.fill(drafted, "agreement", {**complete, side: ""}))
            with unchanged(drafted):
                refused(school.secretary.do(drafted, "submit"), clause="CZMC-4.1a")


@pytest.mark.clause("CZMC-4.2")
@pytest.mark.parametrize(
    "end,stands", [("2029-02-28", False), ("2029-03-31", True), ("2031-03-31", True), ("2031-04-01", False)]
)
def test_three_to_five_years(school, drafted, end, stands):
    with clock.travel("2026-04-01T09:00"):
        done(school.secretary.fill(drafted, "agreement", written.czmc_agreement("2026-04-01", end, "2026-03-21")))
        if stands:
            done(school.secretary.do(drafted, "submit"))
            return
        with unchanged(drafted):
            refused(school.secretary.do(drafted, "submit"), clause="CZMC-4.2")
        override = house.asked_for(school.secretary, drafted, "agreement_term", "合作单位规划所限，先签此期限。")
        with unchanged(drafted):
            refused(school.secretary.do(drafted, "submit"), clause="CZMC-4.2")
        done(school.office.do(override, "grant", {"reason": "同意，期满续签。"}))
        done(school.secretary.do(drafted, "submit"))
    assert fresh(drafted).state == "checking"


@pytest.mark.clause("CZMC-4.1b")
def test_three_originals_one_each(school, base):
    office, contact, secretary = school.office, school.contact, school.secretary
    with clock.travel("2026-04-01T09:00"):
        school.named(college="college")
        agreement = czmc.agreed(secretary.hand, base, "2026-04-01", "2029-03-31", "2026-03-21")
        agreements.confirmed(office.hand, contact.hand, agreement)
        assert "领取协议书" in text_of(contact.get("/todos/"))
        holders = (office, "copy_graduate_office"), (contact, "copy_base"), (secretary, "copy_college")
        with unchanged(agreement):
            for person, step in holders:  # not of a day to come
                refused(person.step(agreement, step, written.receipt("2026-04-02")), clause="CZMC-4.1b")
        done(office.step(agreement, "copy_graduate_office", written.receipt("2026-04-01")))
        done(contact.step(agreement, "copy_base", written.receipt("2026-04-01")))
        with unchanged(agreement):
            refused(
                office.do(agreement, "record_signature", house.signature("2026-04-01")),
                "分发未完成",
                "护理学院",
                clause="CZMC-4.1b",
            )
        done(secretary.step(agreement, "copy_college", written.receipt("2026-04-01")))
        done(office.do(agreement, "record_signature", house.signature("2026-04-01")))
        assert (fresh(agreement).state, fresh(base).state) == ("signed", "active")
        offered = offers(office, fresh(agreement))
        register = whole(fetched(office, offered["协议原件分发与存放登记表"]))
        for words in ("城东医院", "2026年4月1日", "由研究生处、研究生培养基地、院（系、部）各存一份"):
            assert words in register
        table = sheet(fetched(office, offered["协议原件分发与存放登记表（电子表格）"]))
        assert {"城东医院", "护理学院", "望川医科大学研究生处"} <= {cell for row in table for cell in row}
        assert "研究生处、研究生培养基地、院（系、部）各一份" in text_of(office.page(base))  # C-8: three originals
        register = text_of(office.get("/agreements/"))
        assert "3份（研究生处、研究生培养基地、院（系、部））" in register


def test_confirmed_online_it_is_signed_when_the_third_has_its_original(school, base):
    """Where both sides let the online confirmation count, the originals are still handed out first."""

    with clock.travel("2026-04-01T09:00"):
        school.named(college="college")
        for unit in (school.college, school.university, school.partner):
            if unit.column in ("university", "partner"):
                services.enter_setting(
                    school.version, "agreement.online_counts_as_seal", unit, "true", clock.today(), "双方约定"
                )
        agreement = czmc.agreed(school.secretary.hand, base, "2026-04-01", "2029-03-31", "2026-03-21")
        done(school.office.step(agreement, "office_check", {"opinion": "要件齐备。"}))
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        assert fresh(agreement).state == "sealing"
        czmc.distributed(school.office.hand, school.contact.hand, school.secretary.hand, agreement, "2026-04-01")
    assert (fresh(agreement).state, fresh(base).state) == ("signed", "active")


@pytest.mark.clause("CZMC-2.1")
def test_the_certificate_bears_the_fixed_title(school, base):
    house_czmc.signed(school, base)
    with clock.travel("2026-04-02T09:00"):
        recognition = fresh(base)
        assert recognition.title == "长治医学院研究生培养基地"
        page = text_of(school.office.page(recognition))
        assert "望川医科大学" in page and "城东医院" in page
        (printed,) = (url for title, url in offers(school.office, recognition).items() if "证书" in title)
        said = whole(fetched(school.office, printed))
    assert "长治医学院研究生培养基地" in said and "城东医院护理培养基地" in said
    assert "由望川医科大学与城东医院共同建立" in said


# --- 6: the working group and the mentors -------------------------------------------------------------------------


def members(*rows) -> list[dict]:
    return [dict(zip(("name", "party", "position", "post"), row, strict=True)) for row in rows]


LEADER = ("沈知微", "college", "leader", "院长")
OFFICE_LEADER = ("田雨禾", "graduate_office", "leader", "处长")
DEPUTY = ("纪云舒", "partner", "deputy", "护理部主任")
STAFF = ("闻人越", "partner", "staff", "干事")


@pytest.mark.parametrize(
    "rows,clause",
    [
        pytest.param([LEADER, ("贺小满", "college", "deputy", "副院长"), STAFF], "CZMC-5.1b", id="deputy of the college",
                     marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([LEADER, STAFF], "CZMC-5.1b", id="no deputy", marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([LEADER, DEPUTY, ("贺小满", "college", "deputy", "副院长"), STAFF], "CZMC-5.1b",
                     id="one deputy of the college too", marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([DEPUTY, STAFF], "CZMC-5.1b", id="no leader", marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([LEADER, ("纪云舒", "partner", "leader", "主任"), DEPUTY, STAFF], "CZMC-5.1b",
                     id="one leader of the base too", marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([("纪云舒", "partner", "leader", "主任"), DEPUTY, STAFF], "CZMC-5.1b", id="leader of the base",
                     marks=pytest.mark.clause("CZMC-5.1b")),
        pytest.param([LEADER, DEPUTY], "CZMC-5.1c", id="no staff", marks=pytest.mark.clause("CZMC-5.1c")),
    ],
)  # fmt: skip
def test_a_group_made_up_otherwise_is_refused(school, base, rows, clause):
    with clock.travel("2026-04-05T09:00"):
        with unchanged(base):
            given = written.working_group("2026-04-05", members=members(*rows))
            refused(school.secretary.do(base, "enter_record", given, type="working_group"), clause=clause)
        for leader in ([LEADER], [OFFICE_LEADER], [LEADER, OFFICE_LEADER]):  # C-6: one or two leaders
            given = written.working_group("2026-04-05", members=members(*leader, DEPUTY, STAFF))
            done(school.secretary.do(base, "enter_record", given, type="working_group"))


def test_the_group_takes_up_its_three_duties(school, base):
    with clock.travel("2026-04-05T09:00"), unchanged(base):
        given = written.working_group("2026-04-05", tasks=written.ticks("plans", "mentors"))
        refused(school.secretary.do(base, "enter_record", given, type="working_group"), clause="CZMC-5.1a")


def test_mentors_are_selected_under_the_school_rules(school, base):
    """CZMC-5.2a: the rule and the decision stand in the entry; mentors of different disciplines are both listed."""
    with clock.travel("2026-04-05T09:00"):
        for missing in ("rule", "decision", "decided_on"):
            given = written.base_mentor("纪云舒", "主任护师", "护理学", "2026-04-05", **{missing: ""})
            with unchanged(base):
                refused(school.office.do(base, "enter_record", given, type="mentor"), clause="CZMC-5.2a")
        for name, discipline in (("纪云舒", "护理学"), ("闻人越", "公共卫生")):
            given = written.base_mentor(name, "主任护师", discipline, "2026-04-05")
            with unchanged(base):
                refused(school.secretary.do(base, "enter_record", given, type="mentor"), clause="CZMC-5.2a")
            done(school.office.do(base, "enter_record", given, type="mentor"))
        page = text_of(school.contact.page(base))
        assert "护理学" in page and "公共卫生" in page
