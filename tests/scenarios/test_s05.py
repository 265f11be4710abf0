"""S05: NM's call, quota, duplicates and lateness, over HTTP with the clock set."""

import datetime as dt

import pytest
from django.test import Client

from applications.lists import start_list
from applications.models import Application, Call
from applications.services.starting import plan_call
from casework.models import CaseList, ListEntry
from core import clock, ledger
from core.models import TransitionLog
from tenants.models import ActionLink, DegreeProgramme, Organisation
from tenants.services import links
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T09:00"):
        return house.open_nm_call(region)


def submitted(region, call, name, person=None, **changes) -> Application:
    """An application handed in, by default by the region's first secretary."""
    application = house.nm_draft(region, call, person, name, **changes)
    done((person or region.secretary).do(application, "submit"))
    return fresh(application)


def reviewed(region, call, name, **changes) -> Application:
    application = submitted(region, call, name, **changes)
    done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
    return fresh(application)


def code(application) -> str:
    return f"application-{application.pk}"


@pytest.mark.clause("NM-5")
def test_one_call_a_year(region, call):
    """A second call of the same year is refused; one of the next year is not."""
    with clock.travel("2027-03-01T10:00"):
        second = plan_call(
            region.officer.membership,
            version=region.version,
            title="第二次申报",
            year=2027,
            opens_at=clock.aware("2027-04-01"),
            closes_at=clock.aware("2027-06-30"),
        )
        with unchanged(second):
            refused(region.officer.do(second, "open"), clause="NM-5")
        other = plan_call(
            region.officer.membership,
            version=region.version,
            title="下一年度",
            year=2028,
            opens_at=clock.aware("2028-03-01"),
            closes_at=clock.aware("2028-05-31"),
        )
        done(region.officer.do(other, "open"))
    assert Call.objects.filter(year=2027, state="open").count() == 1


@pytest.mark.clause("NM-4a")
def test_an_institution_recognises_nothing(region, call):
    """Review, recognition and the lists of the department are the department's: 403 for an institution."""
    with clock.travel("2027-03-02T09:00"):
        application = submitted(region, call, "基地一")
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        final = start_list(call, "recognition", region.officer.membership)
        assert region.office.do(final, "publish").status_code == 404
        assert (
            region.office.do(call, "set_quota", {"organisation": str(region.university.pk), "number": "9"}).status_code
            == 403
        )
        assert region.office.do(call, "close").status_code == 403


@pytest.mark.clause("NM-4b")
def test_the_department_edits_no_draft(region, call):
    """A draft does not exist for the department (404); once sent it is seen, but its form is not the department's."""
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        assert region.officer.page(application).status_code == 404
        assert region.officer.fill(application, "application", {"base_name": "改名"}).status_code == 404
        done(region.secretary.do(application, "submit"))
        Application.objects.filter(pk=application.pk).update(authority=region.department)
        assert region.officer.page(application).status_code == 200
        assert region.officer.do(application, "submit").status_code == 403
        assert region.officer.do(application, "withdraw", {"reason": "改"}).status_code == 403
        assert region.officer.fill(application, "application", {"base_name": "改名"}).status_code == 302
        assert fresh(application).title == "作物试验站基地"


@pytest.mark.clause("NM-6a")
def test_applicants_lie_in_the_region_and_train_professional_degrees(region, call):
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        Organisation.objects.filter(pk=region.university.pk).update(division="980100")
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), clause="NM-6a")
        Organisation.objects.filter(pk=region.university.pk).update(division="990100")
        programmes = DegreeProgramme.objects.filter(university=region.university)
        programmes.update(professional=False)
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), clause="NM-6a")
        programmes.update(professional=True)
        done(region.secretary.do(application, "submit"))


@pytest.mark.clause("NM-6a")
def test_only_an_institution_applies_through_its_college(region, call):
    """Nobody else of the house can so much as begin: the department, a partner unit, an expert (403)."""
    start = "/applications/start/"
    expert = house.expert(region.department, "钟离靖")
    with clock.travel("2027-03-02T09:00"):
        for person in (region.officer, region.contact, expert):
            assert person.client.post(start, {"call": call.pk, "title": "基地"}).status_code == 403
        assert not Application.objects.exists()
        answer = region.secretary.client.post(start, {"call": call.pk, "title": "基地"})
        assert answer.status_code == 302
        assert Application.objects.get().university == region.university


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        pytest.param(
            "NM-7.1a",
            {"degree_category": "", "degree_category_name": ""},
            marks=pytest.mark.clause("NM-7.1a"),
        ),
        pytest.param("NM-7.1b", {"industry_fit": ""}, marks=pytest.mark.clause("NM-7.1b")),
        pytest.param("NM-8.1", {"investments": []}, marks=pytest.mark.clause("NM-8.1")),
    ],
)
def test_incomplete_applications_are_refused_until_completed(region, call, clause, changes):
    """Without a category, the fit statement or the input table nothing is handed in; completed it is."""
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, **changes)
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), clause=clause)
        done(region.secretary.fill(application, "application", house.nm_answers(region)))
        done(region.secretary.do(application, "submit"))
        assert fresh(application).state == "recommending"


@pytest.mark.clause("NM-8.2a")
@pytest.mark.parametrize("blank", house.ASPECTS)
def test_every_one_of_the_six_aspects_is_reviewed(region, call, blank):
    """One of the six aspects blank: the review is refused, and the case cannot be put on the list."""
    with clock.travel("2027-03-02T09:00"):
        application = submitted(region, call, "基地一")
        with unchanged(application):
            refused(
                region.office.step(application, "six_aspects", {**house.SIX_ASPECTS, blank: ""}),
                clause="NM-8.2a",
            )
        case_list = house.recommended_list(region, call)
        answer = region.office.do(case_list, "add_member", {"case": code(application)})
        assert answer.status_code == 422
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        done(region.office.do(case_list, "add_member", {"case": code(application)}))


@pytest.mark.clause("NM-6b")
def test_the_fourth_is_refused_by_a_quota_of_three(region, call):
    with clock.travel("2027-03-02T09:00"):
        cases = [reviewed(region, call, f"基地{n}") for n in range(4)]
        case_list = house.recommended_list(region, call)
        for application in cases[:3]:
            done(region.office.do(case_list, "add_member", {"case": code(application)}))
        with unchanged(case_list):
            refused(region.office.do(case_list, "add_member", {"case": code(cases[3])}), "3", clause="NM-6b")
        assert ListEntry.objects.filter(removed_at=None).count() == 3
        entry = ListEntry.objects.get(case_id=cases[0].pk)
        done(region.office.do(case_list, "remove_member", {"entry": str(entry.pk), "reason": "调整排序"}))
        done(region.office.do(case_list, "add_member", {"case": code(cases[3])}))


@pytest.mark.clause("NM-6b")
def test_without_a_quota_nothing_is_recommended(region):
    with clock.travel("2027-03-02T09:00"):
        call = house.open_nm_call(region, quotas=())
        application = reviewed(region, call, "基地一")
        case_list = house.recommended_list(region, call)
        with unchanged(case_list):
            refused(region.office.do(case_list, "add_member", {"case": code(application)}), "名额", clause="NM-6b")
        done(region.officer.do(call, "set_quota", {"organisation": str(region.university.pk), "number": "1"}))
        done(region.office.do(case_list, "add_member", {"case": code(application)}))


@pytest.mark.clause("NM-6b", "NM-8.2c")
def test_a_list_longer_than_a_lowered_quota_is_not_sent(region, call):
    """Three are on the list when the department lowers the quota to two: refused with both figures until one is off."""
    with clock.travel("2027-05-06T09:00"):
        case_list = house.recommended_list(region, call)
        for number in range(3):
            application = reviewed(region, call, f"基地{number}")
            done(region.office.do(case_list, "add_member", {"case": code(application)}))
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
    with clock.travel("2027-05-20T09:00"):
        quota = {"organisation": str(region.university.pk), "number": "2"}
        done(region.officer.do(call, "set_quota", quota))
        with unchanged(case_list):
            refused(region.office.do(case_list, "send"), "推荐数为3项，超过名额2", clause="NM-6b")
        entry = ListEntry.objects.get(case_id=application.pk)
        done(region.office.do(case_list, "remove_member", {"entry": str(entry.pk), "reason": "名额调减"}))
        done(region.office.do(case_list, "send"))


@pytest.mark.clause("NM-8.2b")
def test_the_notice_runs_to_the_end_of_its_last_day(region, call):
    """Not publicised, then running until 24:00 of its last day: refused with that day; the next day it is sent."""
    with clock.travel("2027-05-06T09:00"):
        application = reviewed(region, call, "基地一")
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": code(application)}))
        with unchanged(case_list):
            refused(region.office.do(case_list, "send"), "尚未公示", clause="NM-8.2b")
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
    with clock.travel("2027-05-17T23:59:59"), unchanged(case_list):
        refused(region.office.do(case_list, "send"), "2027年5月17日24时", clause="NM-8.2b")
    with clock.travel("2027-05-18T00:00:00"):
        done(region.office.do(case_list, "send"))
    assert case_list.notice().state == "closed"


@pytest.mark.clause("NM-8.2b", "NM-8.2c")
def test_an_open_objection_holds_the_list_and_lateness_ends_it(region, call):
    """Notice 05-10, objection 05-12, dismissed 05-18, sent once on 05-20 although pressed twice; late on 06-01."""
    with clock.travel("2027-05-06T09:00"):
        cases = [reviewed(region, call, f"基地{n}") for n in range(3)]
        case_list = house.recommended_list(region, call)
        for application in cases:
            done(region.office.do(case_list, "add_member", {"case": code(application)}))
    with clock.travel("2027-05-10T09:00"):
        with unchanged(case_list):
            refused(region.office.do(case_list, "send"), clause="NM-8.2b")
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
        notice = case_list.notice()
        assert str(notice.closes_on) == "2027-05-17"
    with clock.travel("2027-05-12T09:00"):
        public = Client()
        page = public.get(f"/public/notices/{notice.slug}/")
        assert page.status_code == 200
        answer = public.post(
            f"/public/notices/{notice.slug}/",
            {"f-name": "某教师", "f-email": "teacher@example.invalid", "f-text": "材料与事实不符。"},
        )
        link = ActionLink.objects.get(purpose="objection")
        answer = public.post(answer["Location"], {"f-code": links.code_of(link)})
        assert answer.status_code in (200, 302)
        assert notice.objections.count() == 1
    with clock.travel("2027-05-18T08:00"):
        with unchanged(case_list):
            refused(region.office.do(case_list, "send"), notice.objections.get().number, clause="NM-8.2b")
        done(
            region.office.do(
                notice,
                "resolve_objection",
                {"objection": str(notice.objections.get().pk), "outcome": "dismissed", "resolution": "经核查不成立。"},
            )
        )
    with clock.travel("2027-05-20T09:00"):
        seen = fresh(case_list).version
        done(region.office.do(case_list, "send", seen=seen))
        again = region.office.do(case_list, "send", seen=seen)
        assert again.status_code == 302 and again["Location"] == case_list.get_absolute_url()
    assert TransitionLog.objects.filter(case_kind="list", case_id=case_list.pk, transition="send").count() == 1
    assert {fresh(application).state for application in cases} == {"reviewing"}
    assert CaseList.objects.filter(state="sent").count() == 1


@pytest.mark.clause("NM-8.2c")
@pytest.mark.parametrize(("moment", "late"), [("2027-05-31T23:59:00", False), ("2027-06-01T00:00:00", True)])
def test_the_window_closes_to_the_minute(region, call, moment, late):
    with clock.travel("2027-05-06T09:00"):
        person = region.other_secretary
        application = submitted(region, call, "另一校基地", person)
        done(region.other_office.step(application, "six_aspects", house.SIX_ASPECTS))
        case_list = house.recommended_list(region, call, region.other_office)
        done(region.other_office.do(case_list, "add_member", {"case": code(application)}))
        done(region.other_office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
    with clock.travel(moment):
        if late:
            with unchanged(case_list):
                refused(
                    region.other_office.do(case_list, "send"),
                    "2027年5月31日 23:59",
                    "2027年6月1日 00:00",
                    clause="NM-8.2c",
                )
        else:
            done(region.other_office.do(case_list, "send"))


@pytest.mark.clause("NM-7.1c")
def test_the_named_sectors_carry_the_priority_tag(region, call):
    with clock.travel("2027-03-02T09:00"):
        first = submitted(region, call, "智慧农牧业基地", sectors=["smart_agriculture"])
        second = submitted(region, call, "零售业基地", sectors=["other"], sectors_other="零售业")
    assert [tag["clause"] for tag in first.priority] == ["NM-7.1c"]
    assert second.priority == []


def test_a_call_ends_by_itself_the_day_after_its_last_window(region, call):
    """If the job has not run, the page says what the date implies; an extension lets it run on for that unit alone."""
    last = clock.local(call.closes_at).date()
    with clock.travel(f"{last}T23:59"):
        ledger.run_due(clock.today())
        assert fresh(call).state == "open" and "申报已截止" not in text_of(region.officer.page(call))
    after = last + dt.timedelta(days=1)
    with clock.travel(f"{after}T09:00"):
        assert "申报已截止" in text_of(region.officer.page(call)) and fresh(call).state == "open"
        for _run in range(2):
            ledger.run_due(clock.today())
        assert fresh(call).state == "closed"
        line = TransitionLog.about(call).get(transition="close")
        assert line.actor_name == "系统" and line.on == after
        extension = {"letter": "岚教研便函8号", "reason": "系统故障", "organisation": str(region.university.pk)}
        until = after + dt.timedelta(days=5)
        done(region.officer.do(call, "extend", {**extension, "until": until.isoformat()}))
        assert fresh(call).is_open_for(region.university) and not fresh(call).is_open_for(region.other_university)
    with clock.travel(f"{until}T09:00"):
        ledger.run_due(clock.today())
        assert fresh(call).state == "open"
    with clock.travel(f"{until + dt.timedelta(days=1)}T09:00"):
        ledger.run_due(clock.today())
        assert fresh(call).state == "closed" and not fresh(call).is_open_for(region.university)


def test_an_act_on_a_call_makes_first_what_the_date_implies(region, call):
    after = clock.local(call.closes_at).date() + dt.timedelta(days=1)
    extension = {"letter": "岚教研便函9号", "reason": "系统故障", "organisation": str(region.university.pk)}
    with clock.travel(f"{after}T09:00"):
        until = (after + dt.timedelta(days=5)).isoformat()
        done(region.officer.do(call, "extend", {**extension, "until": until}))
    acts = list(TransitionLog.about(call).order_by("position").values_list("transition", flat=True))
    assert acts[-2:] == ["close", "extend"] and fresh(call).state == "open"


@pytest.mark.clause("NM-8.2c")
def test_an_extension_for_one_unit(region, call):
    """A unit with an extension sends after the others' close; another one does not."""
    with clock.travel("2027-05-30T09:00"):
        done(
            region.officer.do(
                call,
                "extend",
                {
                    "organisation": str(region.university.pk),
                    "until": "2027-06-04",
                    "letter": "岚教研便函7号",
                    "reason": "疫情",
                },
            )
        )
    with clock.travel("2027-06-02T09:00"):
        assert fresh(call).is_open_for(region.university)
        assert not fresh(call).is_open_for(region.other_university)
