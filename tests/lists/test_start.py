"""What is begun from pages of its own: calls, applications, lists, agreements."""

from __future__ import annotations

import datetime as dt

import pytest

from applications.models import Application, Call
from bases.models import Agreement
from casework.models import CaseList
from core import clock
from core.models import InboxMessage, TransitionLog
from tests.lists import rows
from tests.scenarios import house
from tests.scenarios.house import done, fresh, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


NEW_CALL = {
    "f-title": "2027年度申报",
    "f-year": "2027",
    "f-opens_on": "2027-03-15",
    "f-opens_time": "08:00",
    "f-closes_on": "2027-05-31",
    "f-closes_time": "17:00",
    "f-paper_by": "2027-06-05",
    "f-contact": "邵怀瑾",
    "f-phone": "0471-0000001",
    "f-note": "请按时报送。",
}

# --- calls ---------------------------------------------------------------------------------------------------------


def test_an_officer_plans_a_call_to_the_minute(region):
    page = region.officer.get("/calls/new/")
    assert page.status_code == 200
    assert "内蒙古自治区" in text_of(page)
    answer = region.officer.client.post("/calls/new/", {**NEW_CALL, "f-adoption": str(region.version.pk)})
    call = Call.objects.get()
    assert answer["Location"] == call.get_absolute_url()
    assert call.state == "planned" and call.authority == region.department and call.regulation_version == region.version
    assert clock.local(call.opens_at).isoformat()[:16] == "2027-03-15T08:00"
    assert clock.local(call.closes_at).isoformat()[:19] == "2027-05-31T17:00:59"  # the closing minute is inside
    assert call.paper_by == dt.date(2027, 6, 5)
    again = region.officer.client.post("/calls/new/", {**NEW_CALL, "f-adoption": str(region.version.pk)})
    assert again["Location"] == call.get_absolute_url() and Call.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"f-closes_time": "25:00"}, "24小时制"),
        ({"f-closes_on": "2027-03-01"}, "不早于截止时间"),
        ({"f-paper_by": "2027-01-01"}, "纸质材料截止日早于开始日期"),
        ({"f-title": ""}, "批次名称"),
        ({"f-adoption": "99999"}, "适用办法"),
        ({"f-year": "<b>x</b>"}, "年度"),
    ],
)
def test_a_wrong_call_is_refused_and_nothing_typed_is_lost(region, changes, said):
    answer = region.officer.client.post("/calls/new/", {**NEW_CALL, "f-adoption": str(region.version.pk), **changes})
    assert answer.status_code == 422
    assert said in text_of(answer) and "请按时报送。" in text_of(answer)
    assert Call.objects.count() == 0


def test_who_may_not_plan_a_call(region):
    for person in (region.office, region.secretary, region.contact, region.leader):
        answer = person.get("/calls/new/")
        if person is region.office:  # a graduate office may run calls, where a regulation of its own says so
            assert answer.status_code == 200 and "还没有采用" in text_of(answer)
        else:
            assert answer.status_code == 403
    assert (
        region.office.client.post("/calls/new/", {**NEW_CALL, "f-adoption": str(region.version.pk)}).status_code == 200
    )
    assert Call.objects.count() == 0


def test_a_university_plans_its_own_call(school):
    data = {key: value.replace("2027", "2026") for key, value in NEW_CALL.items()}
    answer = school.office.client.post("/calls/new/", {**data, "f-adoption": str(school.version.pk)})
    call = Call.objects.get()
    assert answer["Location"] == call.get_absolute_url()
    assert (call.university, call.authority, call.level) == (school.university, None, "school")


# --- applications --------------------------------------------------------------------------------------------------


def test_a_secretary_starts_a_draft_from_the_open_calls(region):
    call = house.open_nm_call(region)
    page = region.secretary.get("/applications/start/")
    body = text_of(page)
    assert call.title in body and "申请书" in body and "2027-05-31 23:59" in body and "2027-06-05" in body
    answer = region.secretary.client.post("/applications/start/", {"call": call.pk, "title": "作物站基地"})
    application = Application.objects.get()
    assert answer["Location"] == f"/cases/application/{application.pk}/forms/application/"
    assert (application.title, application.college, application.call) == ("作物站基地", region.college, call)
    again = region.secretary.client.post("/applications/start/", {"call": call.pk, "title": "作物站基地"})
    assert again["Location"] == answer["Location"] and Application.objects.count() == 1


def test_starting_is_refused_outside_the_window_and_for_others(region):
    call = house.open_nm_call(region)
    with clock.travel("2027-06-01T09:00"):
        answer = region.secretary.client.post("/applications/start/", {"call": call.pk, "title": "迟到"})
        assert answer.status_code == 422 and "不在申报期内" in text_of(answer)
        assert call.title not in text_of(region.secretary.get("/applications/start/")).split("<main")[1]
    assert region.office.get("/applications/start/").status_code == 403
    assert region.contact.client.post("/applications/start/", {"call": call.pk}).status_code == 403
    other = house.Person(factories.member(factories.college(), "secretary"))
    assert other.client.post("/applications/start/", {"call": call.pk}).status_code == 404
    assert region.secretary.client.post("/applications/start/", {"call": "x"}).status_code == 422
    dean = house.Person(factories.member(region.college, "dean"))
    assert dean.get("/applications/start/").status_code == 200
    assert dean.client.post("/applications/start/", {"call": call.pk}).status_code == 403
    assert Application.objects.count() == 0


def test_an_extension_keeps_the_start_open_for_its_unit_only(region):
    call = house.open_nm_call(region)
    with clock.travel("2027-05-30T09:00"):
        done(
            region.officer.do(
                call,
                "extend",
                {
                    "organisation": str(region.university.pk),
                    "until": "2027-06-10",
                    "letter": "函〔2027〕3号",
                    "reason": "疫情",
                },
            )
        )
    with clock.travel("2027-06-05T09:00"):
        assert "已延期" in text_of(region.secretary.get("/applications/start/"))
        assert region.secretary.client.post("/applications/start/", {"call": call.pk}).status_code == 302
        assert region.other_secretary.client.post("/applications/start/", {"call": call.pk}).status_code == 422


# --- lists ---------------------------------------------------------------------------------------------------------


def test_a_list_is_begun_by_the_unit_that_the_regulation_names(region):
    call = house.open_nm_call(region)
    page = region.office.get("/lists/new/", call=call.pk)
    assert "推荐名单" in text_of(page) and "初步名单" not in text_of(page)
    answer = region.office.client.post("/lists/new/", {"call": call.pk, "key": "recommended"})
    made = CaseList.objects.get()
    assert answer["Location"] == made.get_absolute_url() and made.university == region.university
    second = region.office.client.post("/lists/new/", {"call": call.pk, "key": "recommended"})
    assert second.status_code == 403 and CaseList.objects.count() == 1
    assert region.office.client.post("/lists/new/", {"call": call.pk, "key": "recognition"}).status_code == 403
    assert region.officer.client.post("/lists/new/", {"call": call.pk, "key": "recognition"}).status_code == 302
    assert region.officer.client.post("/lists/new/", {"call": call.pk, "key": "nonsense"}).status_code == 404
    assert region.secretary.client.post("/lists/new/", {"call": call.pk, "key": "recommended"}).status_code == 403
    foreign = house.Person(factories.member(factories.university(), "graduate_office"))
    assert foreign.client.post("/lists/new/", {"call": call.pk, "key": "recommended"}).status_code == 404


# --- agreements ----------------------------------------------------------------------------------------------------


def draft(region, call) -> Application:
    return house.nm_draft(region, call, agreement=None)


def test_an_agreement_is_drafted_from_the_application(region):
    application = draft(region, house.open_nm_call(region))
    url = f"/applications/{application.pk}/agreement/"
    assert url in text_of(region.secretary.page(application))
    assert region.secretary.get(url).status_code == 200
    answer = region.secretary.client.post(url, {"do": "draft"})
    agreement = Agreement.objects.get()
    assert answer["Location"] == agreement.get_absolute_url()
    assert fresh(application).agreement == agreement and agreement.application_id == application.pk
    assert (agreement.partner, agreement.college, agreement.type) == (region.partner, region.college, "new")
    assert region.secretary.client.post(url, {"do": "draft"}).status_code == 422
    assert Agreement.objects.count() == 1
    assert region.other_secretary.get(url).status_code == 404
    assert region.contact.get(url).status_code == 403


def test_an_application_without_a_partner_says_what_to_do_first(region):
    call = house.open_nm_call(region)
    region.secretary.client.post("/applications/start/", {"call": call.pk, "title": "空白"})
    application = Application.objects.get()
    url = f"/applications/{application.pk}/agreement/"
    assert "还没有选定合作单位" in text_of(region.secretary.get(url))
    assert region.secretary.client.post(url, {"do": "draft"}).status_code == 422


def test_an_existing_agreement_is_linked_and_taken_off_again(region):
    application = draft(region, house.open_nm_call(region))
    url = f"/applications/{application.pk}/agreement/"
    earlier = house.recorded_agreement(region.secretary, region.partner, region.version)
    stranger = house.recorded_agreement(region.secretary, factories.partner(), region.version)
    others = house.recorded_agreement(region.other_secretary, region.partner, region.version)
    page = text_of(region.secretary.get(url))
    assert earlier.number in page and stranger.number not in page and others.number not in page
    for wrong in (stranger.pk, others.pk, 99999, "x", ""):
        assert region.secretary.client.post(url, {"do": "link", "agreement": wrong}).status_code == 422
    assert region.office.client.post(url, {"do": "link", "agreement": earlier.pk}).status_code == 403
    before = fresh(application).version
    done(region.secretary.client.post(url, {"do": "link", "agreement": earlier.pk}))
    application = fresh(application)
    assert application.agreement == earlier and application.version == before + 1
    assert fresh(earlier).application_id == application.pk
    line = TransitionLog.objects.filter(case_kind="application", case_id=application.pk).order_by("-id").first()
    assert (line.transition, line.facts["agreement"]) == ("link_agreement", earlier.number)
    done(region.secretary.client.post(url, {"do": "unlink"}))
    assert fresh(application).agreement is None and fresh(earlier).application_id is None


def test_an_agreement_of_a_running_application_is_not_linked_twice(region):
    call = house.open_nm_call(region)
    first = house.nm_draft(region, call)
    second = house.nm_draft(region, call, name="另一基地", agreement=None)
    taken = fresh(first).agreement
    url = f"/applications/{second.pk}/agreement/"
    assert taken.number not in text_of(region.secretary.get(url))
    assert region.secretary.client.post(url, {"do": "link", "agreement": taken.pk}).status_code == 422


@pytest.mark.clause("NM-7.3b")
def test_an_earlier_paper_agreement_is_recorded_before_the_application(region):
    page = region.secretary.get("/agreements/new/", type="recorded", partner=region.partner.pk)
    assert page.status_code == 200
    data = {"f-type": "recorded", "f-version": str(region.version.pk), "f-partner": str(region.partner.pk)}
    answer = region.secretary.client.post("/agreements/new/", data)
    agreement = Agreement.objects.get()
    assert answer["Location"] == f"/cases/agreement/{agreement.pk}/do/record_paper/"
    assert (agreement.type, agreement.university, agreement.college) == (
        "recorded",
        region.university,
        region.college,
    )
    done(
        region.secretary.do(
            agreement,
            "record_paper",
            {
                "signed_on": "2025-04-01",
                "period": {"from": "2025-04-01", "to": "2030-03-31"},
                "signatories": "校长",
                "scan": [house.sent("协议.pdf")],
            },
        )
    )
    assert fresh(agreement).state == "signed"
    again = region.secretary.client.post("/agreements/new/", data)
    assert again["Location"] != answer["Location"]  # the first one is no draft any more


def test_a_paper_agreement_is_linked_to_the_only_draft_that_wants_one(region):
    call = house.open_nm_call(region)
    data = {"f-type": "recorded", "f-version": str(region.version.pk), "f-partner": str(region.partner.pk)}

    def begun(**more):
        answer = region.secretary.client.post("/agreements/new/", {**data, **more}, follow=True)
        return Agreement.objects.latest("pk"), text_of(answer)

    first = house.nm_draft(region, call, agreement=None)
    stranger = house.nm_draft(region, call, name="另一合作单位的基地", agreement=None)
    type(stranger).objects.filter(pk=stranger.pk).update(partner=house.partner("另一单位"))
    agreement, said = begun()
    assert fresh(first).agreement == agreement and agreement.application_id == first.pk
    assert f"已关联申报项目“{first.title}”" in said and fresh(stranger).agreement is None
    done(region.secretary.client.post(f"/applications/{first.pk}/agreement/", {"do": "unlink"}))
    assert fresh(first).agreement is None

    second = house.nm_draft(region, call, name="第二个基地", agreement=None)
    Agreement.objects.update(created_at=clock.aware("2027-01-01"))
    agreement, said = begun()  # two want one: which it belongs to is for the secretary to say
    assert agreement.application_id is None and "已关联" not in said
    assert fresh(first).agreement is None and fresh(second).agreement is None


@pytest.mark.parametrize(
    "data",
    [
        {"f-partner": "999999"},
        {"f-partner": ""},
        {"f-type": "revision"},
        {"f-version": "0"},
        {"f-college": "x"},
    ],
)
def test_wrong_starts_of_agreements_are_refused(region, data):
    good = {"f-type": "new", "f-version": str(region.version.pk), "f-partner": str(region.partner.pk)}
    answer = region.office.client.post("/agreements/new/", {**good, **data})
    assert answer.status_code == 422 and Agreement.objects.count() == 0


def test_a_graduate_office_names_the_college_of_its_own(region):
    good = {"f-type": "new", "f-version": str(region.version.pk), "f-partner": str(region.partner.pk)}
    foreign = {**good, "f-college": str(region.other_college.pk)}
    assert region.office.client.post("/agreements/new/", foreign).status_code == 422
    done(region.office.client.post("/agreements/new/", {**good, "f-college": str(region.college.pk)}))
    assert Agreement.objects.get().college == region.college
    for person in (region.officer, region.contact):
        assert person.get("/agreements/new/").status_code == 403


@pytest.mark.clause("NM-10a")
def test_a_revision_follows_the_agreement_of_a_base(region):
    recognition = rows.recognitions(region, 1)[0]
    url = f"/bases/{recognition.pk}/agreement/"
    assert url in text_of(region.secretary.page(recognition))
    assert "修订" in text_of(region.secretary.get(url))
    answer = region.secretary.client.post(url, {"type": "revision"})
    made = Agreement.objects.get(type="revision")
    assert answer["Location"] == made.get_absolute_url()
    assert made.previous == recognition.agreements.get(state="signed") and made.recognition == recognition
    assert region.secretary.client.post(url, {"type": "renewal"}).status_code == 422  # one at a time
    assert region.secretary.client.post(url, {"type": "nonsense"}).status_code == 422
    assert region.officer.get(url).status_code == 403
    assert region.other_secretary.get(url).status_code == 404


# --- reminding -----------------------------------------------------------------------------------------------------


def test_units_that_have_not_sent_are_reminded_once_a_day(region):
    call = house.open_nm_call(region)
    before = InboxMessage.objects.count()
    answer = region.officer.client.post(
        f"/calls/progress/?call={call.pk}", {"do": "remind", "pick": [region.university.pk]}
    )
    assert answer.status_code == 302
    told = InboxMessage.objects.count() - before
    assert told == 2  # both clerks of the graduate office
    region.officer.client.post(f"/calls/progress/?call={call.pk}", {"do": "remind", "pick": [region.university.pk]})
    assert InboxMessage.objects.count() - before == told
    assert TransitionLog.objects.filter(transition="remind", reason=region.university.display_name).count() == 1
    assert (
        region.office.client.post(f"/calls/progress/?call={call.pk}", {"do": "remind", "pick": ["1"]}).status_code
        == 404
    )
