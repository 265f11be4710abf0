"""What the case pages add for lists, calls, notices and bases; one decision for many."""

from __future__ import annotations

import datetime as dt

import pytest

from applications.services.starting import plan_call, start_application
from bases.models import Agreement
from casework.models import CaseList, Decision, Effect
from core import clock
from core.models import AttemptLog, Document, TransitionLog
from tests.lists import rows
from tests.placing import place, placed
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of, sent, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# --- calls ---------------------------------------------------------------------------------------------------------


def test_a_call_shows_quotas_and_progress_to_who_runs_it_and_ones_own_row_to_the_others(region):
    call = house.open_nm_call(region)
    body = main_of(region.officer.page(call))
    for words in (
        region.university.name,
        region.other_university.name,
        "名额合计 6",
        "未报送 2",
        "2027-05-31 23:59",
        "新建名单",
    ):
        assert words in body, words
    body = main_of(region.office.page(call))
    assert region.university.name in body and region.other_university.name not in body
    body = main_of(region.secretary.page(call))
    assert "我要申报" in body and region.other_university.name not in body


def test_a_college_is_told_how_far_its_own_applications_are_not_that_it_has_sent_nothing(region):
    call = house.open_nm_call(region)

    def words() -> str:
        return main_of(region.secretary.page(call))

    assert "未报送" not in words() and "本院：尚未申报" in words()
    start_application(region.secretary.membership, call, title="草稿")
    assert "本院：填报中" in words()
    application = house.nm_draft(region, call)
    done(region.secretary.do(application, "submit"))
    assert "本院：已送审" in words()
    assert "本院：已送审" in main_of(region.secretary.get("/calls/progress/", call=call.pk))
    assert "未报送" in main_of(region.office.page(call)) and "未报送 2" in main_of(region.officer.page(call))


def test_the_colleges_of_a_universitys_own_call_hand_in_and_send_nothing(school):
    call = house.open_xcu_call(school)
    assert "未报送" not in main_of(school.office.page(call))
    assert "尚未申报" in main_of(school.office.page(call))
    house.xcu_submitted(school, call)
    for person in (school.office, school.secretary):
        body = main_of(person.page(call))
        assert "已送审" in body and "报送 " not in body and "本院" not in body
    assert "已送审" in main_of(school.office.get("/calls/progress/", call=call.pk))


def test_a_planned_call_says_what_stands_against_its_announcement(region):
    call = plan_call(
        region.officer.membership,
        version=region.version,
        title="旧批次",
        year=2027,
        opens_at=clock.aware("2027-01-01"),
        closes_at=clock.aware("2027-02-01"),
    )
    assert "不能发布" in main_of(region.officer.page(call))


def test_progress_follows_the_units_of_the_chosen_call(region):
    first, second = house.open_nm_call(region), rows.calls(region, 1)[0]
    placed(
        CaseList,
        "sent",
        number="MD-1",
        title="名单",
        key="recommended",
        kind="recommended",
        regulation_version=region.version,
        context_kind="call",
        context_id=first.pk,
        university=region.university,
        authority=region.department,
        sent_on=dt.date(2027, 5, 20),
        sent_at=clock.aware("2027-05-20T09:00"),
    )
    body = main_of(region.officer.get("/calls/progress/", call=first.pk))
    assert "已报送" in body and "2027-05-20 09:00" in body
    drawn = region.officer.get("/calls/progress/", call=first.pk, progress="waiting").context["list"]
    assert [row.pk for row in drawn.page.rows] == [region.other_university.pk]
    drawn = region.officer.get("/calls/progress/", call=second.pk).context["list"]
    assert {row.progress for row in drawn.page.rows} == {"waiting"}
    assert ("call", str(second.pk)) in drawn.keep
    foreign = house.Person(factories.member(factories.department(), "officer"))
    drawn = foreign.get("/calls/progress/", call=first.pk).context["list"]
    assert drawn.page.rows == []
    assert foreign.get("/calls/quotas/").status_code == 200


# --- applications --------------------------------------------------------------------------------------------------


def test_a_draft_shows_every_finding_to_who_may_submit(region):
    call = house.open_nm_call(region)
    application = start_application(region.secretary.membership, call, title="空白")
    page = region.secretary.page(application)
    body = main_of(page)
    assert page.context["page"].primary.code == "fill_application"  # what is missing, not what is held back
    assert "submit" in {choice.code for choice in page.context["page"].others}
    assert "暂不能送审" in body and "填写：" in body and "起草或关联协议" in body
    assert {"NM-7.3a", "NM-7.3b", "NM-7.3d"} <= house.findings_of(page)
    assert "暂不能送审" not in main_of(region.office.page(application))


def test_the_list_says_at_which_step_an_application_is_and_since_when(region):
    call = house.open_nm_call(region)
    with clock.travel("2027-03-12T09:00"):
        application = house.nm_draft(region, call)
        assert "填报" in main_of(region.secretary.get("/applications/"))
        done(region.secretary.do(application, "submit"))
    application = fresh(application)
    assert application.stage_title == "培养单位审核（六方面）"
    with clock.travel("2027-03-22T10:00"):
        body = main_of(region.office.get("/applications/"))
        assert "培养单位审核（六方面）" in body and '<td data-label="停留天数" class="num right">10</td>' in body
        assert "急需行业优先" in body and "农业（0951）" in body and "贺小满" not in body
        mine = region.office.get("/applications/", work="mine").context["list"].page.rows
        assert [row.pk for row in mine] == [application.pk]
        assert region.secretary.get("/applications/", work="mine").context["list"].page.rows == []
        done(
            region.office.step(
                application,
                "six_aspects",
                {"opinion": "请补充证明。", "correction_due": "2027-04-01"},
                "return",
            )
        )
        assert "退回修改" in main_of(region.secretary.get("/applications/"))
    assert region.other_office.get("/applications/").context["list"].page.rows == []
    assert region.officer.get("/applications/").context["list"].page.rows == []


def test_stamped_papers_show_in_the_list(school):
    call = house.open_xcu_call(school)
    application = house.xcu_draft(school, call)
    done(school.secretary.do(application, "submit"))
    assert "待打印" in main_of(school.office.get("/applications/"))
    done(school.contact.step(application, "partner_opinion", {"opinion": "同意。", "scan": [sent("盖章.pdf")]}))
    body = main_of(school.office.get("/applications/", work="to_match"))
    assert "待核对" in body and "盖章件待核对" in fresh(application).stage_title


# --- one set of minutes --------------------------------------------------------------------------------------------


def at_the_meeting(school, many: int) -> list:
    """Applications that wait for the meeting of the president's office."""
    call = house.open_xcu_call(school)
    found = []
    for n in range(many):
        application = house.xcu_draft(school, call, agreement=False)
        unit = house.partner(f"合作单位{n}")
        checked = placed(
            Agreement,
            "confirming",
            number=f"XY-9-{n}",
            title="协议",
            regulation_version=school.version,
            university=school.university,
            college=school.college,
            partner=unit,
            application_id=application.pk,
        )
        type(application).objects.filter(pk=application.pk).update(partner=unit, title=f"基地{n}", agreement=checked)
        application = fresh(application)
        done_by_hand(application)
        step = rows.step(
            application,
            school.university,
            "meeting_recorder",
            key="meeting_decision",
            title="校长办公会审定（学校意见）",
            kind="decision",
            stage="deciding",
        )
        found.append((fresh(application), step))
    return found


def done_by_hand(application) -> None:
    """Put the application at its deciding stage; how it got there is the scenarios' business."""
    place(application, "deciding")


MEETING = {
    "f-outcome": "positive",
    "f-body": "校长办公会",
    "f-session": "2026年第9次",
    "f-decided_on": "2026-05-06",
    "f-resolution": "同意设立。",
    "f-opinion": "",
}


def address(found) -> str:
    return "/agenda/decide/?" + "&".join(f"step={step.pk}" for _application, step in found)


def test_one_set_of_minutes_decides_many_cases(school):
    found = at_the_meeting(school, 3)
    with clock.travel("2026-05-07T09:00"):
        agenda = school.recorder.get("/agenda/")
        assert [row.pk for row in agenda.context["list"].page.rows] == [application.pk for application, _step in found]
        sent_on = school.recorder.client.post("/agenda/", {"do": "decide", "pick": [a.pk for a, _s in found]})
        assert sent_on["Location"] == address(found)
        body = main_of(school.recorder.get(address(found)))
        assert "基地0" in body and "基地2" in body and "登记3个项目" in body
        done(school.recorder.client.post(address(found), {**MEETING, "upload-minutes": sent("纪要.pdf")}))
    for application, step in found:
        assert fresh(application).state == "approved"
        step.refresh_from_db()
        assert (step.state, step.on, step.decision.session) == ("done", dt.date(2026, 5, 6), "2026年第9次")
        own = Document.objects.get(case_kind="application", case_id=application.pk, purpose="minutes")
        assert step.answers["minutes"] == [own.pk]
    assert Decision.objects.count() == 1
    acts = TransitionLog.objects.filter(transition="act_on_step", case_id__in=[a.pk for a, _s in found])
    assert acts.count() == 3 and acts.values("correlation").distinct().count() == 1
    listed = main_of(school.recorder.get("/decisions/"))
    assert "2026年第9次" in listed and "纪要.pdf" in listed


def test_all_or_none_and_the_refusal_names_the_case(school):
    found = at_the_meeting(school, 3)
    base = rows.Base.objects.create(
        number="JD-9",
        name="旧基地",
        university=school.university,
        partner=found[1][0].partner,
        category_code=found[1][0].category_code,
    )
    placed(
        rows.Recognition,
        "active",
        number="RD-9",
        title="旧基地",
        base=base,
        regulation_version=school.version,
        level="school",
        university=school.university,
        partner=found[1][0].partner,
        decided_on=dt.date(2025, 1, 1),
    )
    with clock.travel("2026-05-07T09:00"):
        answer = school.recorder.client.post(address(found), {**MEETING, "upload-minutes": sent("纪要.pdf")})
        assert answer.status_code == 422
        body = text_of(answer)
        assert "RD-9" in body and body.count("未通过校验") == 1 and "2026年第9次" in body and "纪要.pdf" in body
        assert {fresh(application).state for application, _step in found} == {"deciding"}
        assert AttemptLog.objects.filter(case_id=found[1][0].pk).count() == 1
        kept = Document.objects.get(case_kind="application", case_id=found[0][0].pk, purpose="minutes")
        others = [found[0], found[2]]
        done(school.recorder.client.post(address(others), {**MEETING, "f-minutes": str(kept.pk)}))
    assert [fresh(application).state for application, _step in found] == ["approved", "deciding", "approved"]
    assert Document.objects.filter(case_id=found[2][0].pk, purpose="minutes").count() == 1


def test_only_open_steps_of_ones_own_are_decided(school):
    found = at_the_meeting(school, 2)
    assert school.office.get(address(found)).status_code == 404
    assert school.secretary.client.post(address(found), MEETING).status_code == 404
    stranger = house.Person(factories.member(factories.university(), "meeting_recorder"))
    assert stranger.get(address(found)).status_code == 404
    assert school.recorder.get("/agenda/decide/").status_code == 404
    assert school.recorder.get("/agenda/decide/?step=x&step=99999999999999999999").status_code == 404
    with clock.travel("2026-05-07T09:00"):
        answer = school.recorder.client.post(address(found), MEETING)
        assert answer.status_code == 422 and "会议纪要" in text_of(answer)
        missing = {**MEETING, "f-session": "", "upload-minutes": sent("假.pdf", b"not a pdf")}
        answer = school.recorder.client.post(address(found), missing)
        assert answer.status_code == 422 and Decision.objects.count() == 0


# --- lists and notices ---------------------------------------------------------------------------------------------


def test_a_list_shows_its_members_and_what_holds_it_back(region):
    call = house.open_nm_call(region)
    application = house.nm_draft(region, call)
    done(region.secretary.do(application, "submit"))
    done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
    case_list = house.recommended_list(region, call)
    done(region.office.do(case_list, "add_member", {"case": f"application-{application.pk}", "rank": "1"}))
    body = main_of(region.office.page(case_list))
    assert application.title in body and application.get_absolute_url() in body and application.number in body
    assert region.office.page(case_list).context["page"].primary.code == "publicise"
    assert "暂不能报送" in body and "尚未公示" in body and call.title in body
    entry = case_list.entries.get()
    done(region.office.do(case_list, "remove_member", {"entry": str(entry.pk), "reason": "材料不全"}))
    assert "已移出的项目（1）" in main_of(region.office.page(case_list))


def test_a_list_that_stays_inside_the_house_is_fixed_not_published(region):
    call = house.open_nm_call(region)
    case_list = house.department_list(region, call, "preliminary")
    case_list.entries.create(case_kind="application", case_id=1, case_title="基地", rank=1)
    page = region.officer.page(case_list)
    assert page.context["page"].primary.label == "确定名单" and "可以确定名单" in text_of(page)
    assert not {"send", "publish"} & {choice.code for choice in page.context["page"].choices}
    done(region.officer.do(case_list, "fix_list", {"note": ""}))
    body = main_of(region.officer.page(case_list))
    assert "已确定" in body and "公布" not in body
    final = house.department_list(region, call, "recognition")
    assert {"send", "fix_list"}.isdisjoint(choice.code for choice in region.officer.page(final).context["page"].choices)


def test_a_notice_shows_objections_with_their_authors_to_who_deals_with_them(region):
    call = house.open_nm_call(region)
    case_list = rows.case_lists(region, call, 1)[0]
    notice = case_list.notice()
    body = main_of(region.office.page(notice))
    assert "某人" in body and "139" in body and f"/public/notices/{notice.slug}/" in body
    leader = house.Person(factories.member(region.university, "vice_president"))
    body = main_of(leader.page(notice))
    assert "某人" not in body and "由公示单位掌握" in body


# --- bases, candidates, coverage -----------------------------------------------------------------------------------


@pytest.mark.clause("NM-2b")
def test_coverage_counts_categories_with_a_base_and_candidates(region):
    rows.recognitions(region, 2, code="0951")
    marked = rows.recognitions(region, 1, code="0854")[0]
    rows.recognitions(region, 1, code="1252", state="ended")
    report = region.officer.get("/reports/coverage/").context["report"]
    assert (report.covered, report.bases, report.candidates) == (2, 3, 0)
    done(region.officer.do(marked, "mark_candidate", {"candidate": "yes", "reason": "条件突出"}))
    answer = region.officer.get("/reports/coverage/", show="covered")
    assert answer.context["report"].candidates == 1
    lines = {line.code: (line.bases, line.candidates, line.universities) for line in answer.context["lines"]}
    assert lines == {"0951": (2, 0, 2), "0854": (1, 1, 0)}
    assert [row.pk for row in region.officer.get("/bases/", candidate="yes").context["list"].page.rows] == [marked.pk]
    done(region.officer.do(marked, "mark_candidate", {"candidate": "no", "reason": "撤回"}))
    assert Effect.objects.get(kind="national_candidate").lifted_on == clock.today()
    assert region.officer.get("/reports/coverage/").context["report"].candidates == 0
    assert region.office.do(marked, "mark_candidate", {"candidate": "yes", "reason": "x"}).status_code == 403
    file = region.officer.get("/reports/coverage/", show="all", export="all")
    assert file["Content-Type"].startswith("application/vnd.openxmlformats")
    for person in (region.office, region.secretary, region.contact, house.expert(region.department, "专家")):
        assert person.get("/reports/coverage/").status_code == 403
    stranger = house.Person(factories.member(factories.department(), "officer"))
    assert stranger.get("/reports/coverage/").context["report"].bases == 0


def test_a_base_has_a_name_for_every_reader(region):
    recognition = rows.recognitions(region, 1)[0]
    for person, title in (
        (region.officer, "基地名录"),
        (region.office, "基地台账"),
        (region.secretary, "本院基地"),
    ):
        answer = person.get("/bases/")
        assert f"<h1>{title}</h1>" in text_of(answer)
        assert recognition.base.name in text_of(answer)
        assert main_of(person.page(recognition)).count("岚教研函〔2027〕0号")
    assert "（企业）" in main_of(region.officer.get("/bases/"))
    assert recognition.base.name not in text_of(region.other_secretary.get("/bases/"))
