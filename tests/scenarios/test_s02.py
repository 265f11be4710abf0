"""S02: a unit from outside that volunteers under CZMC, from its own application to the agreement, every act a request."""

from __future__ import annotations

import pytest

from applications.models import Application
from bases.models import Agreement, Recognition
from casework.models import Effect
from config.stories import answers as written
from config.stories import czmc
from core import clock
from core.door import chain
from core.models import Paper
from tenants.models import Invitation, Organisation
from tenants.services import invitations, links
from tests.evaluations import walking
from tests.papers_glue.reading import fetched, offers, whole
from tests.scenarios import house, house_czmc
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories
from tests.trainees import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUSE = house_czmc  # whose `school` and `call` are meant (conftest)

NAME = house_czmc.NAME


@pytest.fixture
def applied(school, call):
    """The unit has applied and brought its seal; the graduate office has not acted yet."""
    with clock.travel("2026-03-03T09:00"):
        return house_czmc.applied(school, call)


# --- 1: it applies itself -----------------------------------------------------------------------------------------------


@pytest.mark.clause("CZMC-3.3a")
def test_a_unit_applies_straight_to_the_graduate_office(school, call):
    """No college drafts for it; the graduate office hears of it when it is handed in, and not before."""
    contact = school.contact
    with clock.travel("2026-03-03T09:00"):
        page = main_of(contact.get("/applications/start/"))
        assert "研究生培养基地申报（常年受理）" in page and "按填报的内容确定" in page
        done(contact.client.post("/applications/start/", {"call": call.pk, "title": NAME}))
        application = Application.objects.get()
        assert (application.filed_by, application.partner, application.college) == ("partner", school.partner, None)
        assert application.university == school.university
        for other in (school.office, school.secretary):
            assert other.page(application).status_code == 404
            assert NAME not in text_of(other.get("/applications/"))
        assert "继续填写" in text_of(contact.get("/"))
        with unchanged(application):
            refused(contact.do(application, "submit"), clause="CZMC-2.2.1a")
        done(contact.fill(application, "application", house_czmc.answers(school)))
        done(contact.do(application, "submit"))
        application = fresh(application)
        assert (application.state, application.track) == ("recommending", "voluntary")
        assert "收到申报" in text_of(school.office.get("/inbox/"))
        assert NAME in text_of(school.office.get("/applications/"))
        assert school.secretary.page(application).status_code == 404
        assert Paper.objects.get(case_kind="application", kind="application").round == 1
        said = whole(
            fetched(contact, next(url for title, url in offers(contact, application).items() if "第1版" in title))
        )
    assert "申请单位意见：" in said and "院（系、部）考察评估意见" not in said and "校长办公会" not in said


@pytest.mark.clause("CZMC-3.3a")
def test_a_unit_is_registered_joins_and_applies(school, call):
    """S02.1 from its beginning: entered by the graduate office, its contact invited, who joins and applies at once."""
    with clock.travel("2026-03-03T09:00"):
        entry = {"name": "江畔康复医院", "partner_kind": "public_institution", "legal_person": "true"}
        entry["uscc"] = "91990200DEMP00025Y"
        done(school.office.client.post("/organisation/partners/new/", entry))
        unit = Organisation.objects.get(name="江畔康复医院")
        guest = {"name": "施若水", "role": "contact", "email": "shi@example.invalid"}
        done(school.office.client.post(f"/organisation/{unit.pk}/invite/", guest))
        invitation = Invitation.objects.get()
        invitations.confirm(factories.member(school.university, "admin"), invitation)
        invitation.link.refresh_from_db()
        links.send_code(invitation.link)
        invitation.link.refresh_from_db()
        account = {"login": "shi.ruoshui", "name": "施若水", "password": "xi-ting-4417-qing"}
        joined = invitations.accept_as_new(invitation, code=links.code_of(invitation.link), **account)
        contact = Person(joined)
        assert call.title in main_of(contact.get("/applications/start/"))
        done(contact.client.post("/applications/start/", {"call": call.pk, "title": "江畔康复医院基地"}))
        application = Application.objects.get()
        answers = house_czmc.answers(school, partner=unit.pk, base_name="江畔康复医院基地")
        done(contact.fill(application, "application", answers))
        done(contact.do(application, "submit"))
        assert (fresh(application).partner, fresh(application).track) == (unit, "voluntary")
        assert "收到申报" in text_of(school.office.get("/inbox/"))
        assert school.contact.page(application).status_code == 404


def test_only_its_contact_and_head_file_for_a_unit(school, call):
    """A base mentor of the unit does not; another unit's people see nothing; the unit names no other than itself."""
    other = house.partner("城西医院")
    stranger = Person(factories.member(other, "contact", factories.user("路过")))
    mentor = Person(factories.member(school.partner, "base_mentor", factories.user("带教")))
    with clock.travel("2026-03-03T09:00"):
        assert mentor.get("/applications/start/").status_code == 403
        assert mentor.client.post("/applications/start/", {"call": call.pk, "title": NAME}).status_code == 403
        done(school.contact.client.post("/applications/start/", {"call": call.pk, "title": NAME}))
        application = Application.objects.get()
        assert stranger.page(application).status_code == 404
        form = main_of(school.contact.get(f"{application.get_absolute_url()}forms/application/"))
        assert "城东医院" in form and "城西医院" not in form
        school.contact.fill(application, "application", house_czmc.answers(school, partner=other.pk))
        assert fresh(application).partner == school.partner
        with unchanged(application):
            refused(school.contact.do(application, "submit"))


def test_a_call_without_such_a_way_is_not_offered(school):
    """NM and XCU name no unit from outside: it is told that no call is open, and what it posts is refused."""
    with clock.travel("2026-03-03T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region, opens="2026-03-01T00:00", closes="2026-05-31T23:59:59")
        assert "当前没有开放的申报批次" in main_of(region.contact.get("/applications/start/"))
        assert region.contact.client.post("/applications/start/", {"call": call.pk}).status_code == 403
        assert region.contact.get(call.get_absolute_url()).status_code == 404


# --- returns, recall, giving up ------------------------------------------------------------------------------------------


def test_it_is_sent_back_corrected_and_handed_in_again(school, applied):
    """A return goes to the unit that applied, not to the college named meanwhile, and back to it alone."""
    office, contact = school.office, school.contact
    with clock.travel("2026-03-05T09:00"):
        czmc.taken_up(office.hand, applied, school.college)
        given = {"opinion": "请补充导师名单。", "correction_due": "2026-03-12"}
        done(office.step(applied, "joint_visit", given, outcome="return"))
        application = fresh(applied)
        assert (application.state, application.round, application.college) == ("draft", 2, school.college)
        assert "退回修改" in text_of(contact.get("/")) and "退回修改" in text_of(contact.get("/inbox/"))
        assert NAME not in text_of(school.secretary.get("/"))
        assert office.page(application).status_code == 200
        for other in (school.secretary, office):
            with unchanged(application):
                assert other.do(application, "submit").status_code == 403
    with clock.travel("2026-03-12T20:00"):
        done(contact.do(application, "submit"))
    assert fresh(application).state == "recommending"


def test_it_takes_its_application_back_or_gives_it_up(school, call):
    with clock.travel("2026-03-03T09:00"):
        first = house_czmc.applied(school, call)
        refused(school.contact.do(first, "recall", {"reason": "名单有误"}), "申请单位签署盖章")
        done(school.contact.do(first, "withdraw", {"reason": "今年不再申报"}))
        assert fresh(first).state == "withdrawn"
        done(school.contact.client.post("/applications/start/", {"call": call.pk, "title": "第二次"}))
        second = Application.objects.get(title="第二次")
        done(school.contact.fill(second, "application", house_czmc.answers(school)))
        done(school.contact.do(second, "submit"))
        done(school.contact.do(second, "recall", {"reason": "名单有误"}))
        assert fresh(second).state == "draft"
        for person in (school.office, school.secretary):
            answer = person.do(second, "withdraw", {"reason": "代为放弃"})
            assert answer.status_code in (403, 404)
    assert fresh(second).state == "draft"


# --- 2: first, and tagged --------------------------------------------------------------------------------------------------


@pytest.mark.clause("CZMC-2.2.3b")
def test_a_unit_that_volunteers_stands_before_an_equal_one(school, call, applied):
    """The college's case is the newer one, and everything else is equal; once decided, it is first no more."""
    with clock.travel("2026-03-04T09:00"):
        other = house_czmc.draft(school, call, base_name="学院联系的基地")
        done(school.secretary.do(other, "submit"))
        rows = main_of(school.office.get("/applications/"))
        assert rows.index(NAME) < rows.index("学院联系的基地")
        assert "自愿申请优先" in rows[rows.index(NAME) :][:600] and rows.count("自愿申请优先") == 1
        assert "自愿申请优先" in main_of(school.office.page(applied))
        done(school.contact.do(applied, "withdraw", {"reason": "不再申报"}))
        rows = main_of(school.office.get("/applications/"))
        assert rows.index("学院联系的基地") < rows.index(NAME)


# --- 3, 4, 5: colleges, visit, opinions in order ------------------------------------------------------------------------


@pytest.mark.clause("CZMC-3.3b")
def test_the_office_names_the_colleges_and_organises_the_visit(school, applied):
    """No visit before the colleges are named; both named colleges see the case from then on, the others never."""
    third = factories.college(school.university, "公共卫生学院")
    outsider = Person(factories.member(third, "secretary", factories.user("旁人")))
    with clock.travel("2026-03-20T09:00"):
        visit = written.visit("2026-03-20")
        with unchanged(applied):
            answer = school.office.step(applied, "joint_visit", visit)
            refused(answer, "“研究生处受理并确定相关院系”尚未办结", clause="CZMC-3.3b")
        school.office.hand.match_all(applied)
        with unchanged(applied):
            refused(school.office.step(applied, "assign_colleges", {"opinion": "受理。"}), "负责院系")
        with unchanged(applied):
            refused(school.office.step(applied, "assign_colleges", written.taken_up(house.partner("外校学院"))))
        assert school.secretary.page(applied).status_code == 404
        czmc.taken_up(school.office.hand, applied, school.college, school.clinical)
        assert fresh(applied).college == school.college
        for person in (school.secretary, school.other_secretary):
            assert person.page(applied).status_code == 200
        assert outsider.page(applied).status_code == 404
        assert "贵单位负责" in text_of(school.secretary.get("/inbox/"))
        assert "请贵单位参加" in text_of(school.other_secretary.get("/inbox/"))
        for missing in ("visited_on", "members", "findings", "assessment"):
            with unchanged(applied):
                refused(school.office.step(applied, "joint_visit", {**visit, missing: ""}))
        with unchanged(applied):
            refused(school.office.step(applied, "joint_visit", written.visit("2026-03-21")), clause="CZMC-3.2b")
        czmc.visited_together(school.office.hand, applied, "2026-03-20")
    assert [step.unit for step in applied.open_steps()] == [school.college, school.clinical]


@pytest.mark.clause("CZMC-3.3c")
def test_opinions_are_signed_level_by_level(school, applied):
    """College, then graduate office, then vice-president, each with its seal; of two colleges both."""
    office, college, clinical = school.office, school.dean, school.clinical_dean
    review = {"opinion": "同意。", "scan": [house.sent("盖章.pdf")]}
    with clock.travel("2026-03-20T09:00"):
        czmc.taken_up(office.hand, applied, school.college, school.clinical)
        czmc.visited_together(office.hand, applied, "2026-03-20")
    with clock.travel("2026-03-26T09:00"):
        with unchanged(applied):
            refused(office.step(applied, "office_review", review), "“院系签署意见”尚未办结")
        with unchanged(applied):
            refused(college.step(applied, "college_opinion", {"opinion": "同意。"}), "盖章件")
        czmc.opinion_signed(college.hand, applied)
        office.hand.match_all(applied)
        review = {"opinion": "同意。", "scan": [house.sent("盖章.pdf")]}
        with unchanged(applied):
            refused(office.step(applied, "office_review", review), "“院系签署意见”尚未办结", clause="CZMC-3.3c")
        czmc.opinion_signed(clinical.hand, applied)
        office.hand.match_all(applied)
        with unchanged(applied):
            answer = school.vice_president.step(applied, "vice_president", {"opinion": "同意。"})
            refused(answer, "“研究生处审核”尚未办结")
    with clock.travel("2026-04-02T09:00"):
        czmc.reviewed(office.hand, applied)
        for person in (school.contact, school.secretary, school.dean):
            with unchanged(applied):
                assert person.step(applied, "vice_president", {"opinion": "同意。"}).status_code == 403
    with clock.travel("2026-04-10T09:00"):
        recognition = czmc.approved(school.vice_president.hand, applied)
        office.hand.match_all(applied)
        titles = offers(office, fresh(applied))
        said = whole(fetched(office, next(url for title, url in titles.items() if "含办理意见" in title)))
    assert fresh(applied).state == "approved"
    assert (str(recognition.decided_on), recognition.college, recognition.partner) == (
        "2026-04-10",
        school.college,
        school.partner,
    )
    places = [
        said.index(words) for words in ("申请单位意见：", "院系签署意见：", "研究生处审核意见：", "分管校领导意见：")
    ]
    assert places == sorted(places)


def test_from_the_application_to_the_agreement(school, call, applied):
    """The whole of S02 on the scenario's days, and the agreement after it: the mapped signer, three originals."""
    office = school.office.hand
    with clock.travel("2026-03-20T09:00"):
        czmc.taken_up(office, applied, school.college, school.clinical)
        czmc.visited_together(office, applied, "2026-03-20")
    with clock.travel("2026-03-26T09:00"):
        czmc.opinion_signed(school.dean.hand, applied)
        czmc.opinion_signed(school.clinical_dean.hand, applied)
    with clock.travel("2026-04-02T09:00"):
        czmc.reviewed(office, applied)
    with clock.travel("2026-04-10T09:00"):
        recognition = czmc.approved(school.vice_president.hand, applied)
        czmc.filed(office, recognition, "2026-04-10")
        page = text_of(school.secretary.page(recognition))
        assert "已归档" in page and "护理学院" in page
        assert school.other_secretary.page(recognition).status_code == 404
    house_czmc.signed(school, recognition, ("2026-04-20", "2029-04-19"))
    agreement = Agreement.objects.get()
    assert (agreement.state, fresh(recognition).state) == ("signed", "active")
    assert [party.name for party in agreement.parties.all()] == ["望川医科大学研究生处", "城东医院"]
    assert Recognition.objects.count() == 1 and list(chain.breaks()) == []


# --- 6: what it may record ---------------------------------------------------------------------------------------------------

FUND = {"on": "2026-05-06", "amount": "200000", "purpose": "示教室改造"}
ALLOWANCE = {"on": "2026-05-06", "student": "沈青", "month": "2026年4月", "amount": "800"}


@pytest.fixture
def in_force(school, call):
    return house_czmc.active(school, call)


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        pytest.param("fund", FUND, "示教室改造", marks=pytest.mark.clause("CZMC-6.4a")),
        pytest.param("allowance", ALLOWANCE, "沈青", marks=pytest.mark.clause("CZMC-6.4b")),
    ],
)
def test_fund_and_allowance_are_kept_and_hold_nothing_back(school, in_force, kind, given, said):
    """The base enters them, both offices read them; a base without them takes students and is graded as well."""
    profile = school.version.profile
    assert not any(kind in str(rule.params) for rule in profile.rules) and profile.records[kind].gates == []
    with clock.travel("2026-05-06T09:00"):
        assert fresh(in_force).state == "active"  # without any
        for person in (school.secretary, school.office):
            with unchanged(in_force):
                assert person.do(in_force, "enter_record", given, type=kind).status_code in (403, 422)
        done(school.contact.do(in_force, "enter_record", given, type=kind))
        for person in (school.contact, school.secretary, school.office):
            assert said in text_of(person.page(in_force))


@pytest.mark.clause("CZMC-6.4a")
@pytest.mark.clause("CZMC-6.4b")
@pytest.mark.parametrize("kept", [True, False])
def test_a_base_is_graded_alike_with_and_without_them(kept):
    """S02.6: in December a base that keeps a fund and pays an allowance passes, and one that keeps none passes too."""
    with clock.travel("2026-05-06T09:00"):
        scene = world.school("czmc")
        for kind, given in (("fund", FUND), ("allowance", ALLOWANCE)) if kept else ():
            done(scene.contact.do(scene.recognition, "enter_record", given, type=kind))
    people = [scene.office, scene.secretary, scene.contact]
    with clock.travel("2026-12-01T09:00"):
        evaluation = walking.opened(scene.recognition, "annual")
        walking.reported(evaluation, people)
    with clock.travel("2026-12-18T09:00"):
        evaluation = walking.graded(evaluation, people, "pass")
    assert (evaluation.state, evaluation.grade, evaluation.passed) == ("confirmed", "pass", True)
    assert not Effect.about(scene.recognition).exists() and fresh(scene.recognition).state == "active"
