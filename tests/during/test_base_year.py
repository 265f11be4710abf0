"""What is recorded of a base in the course of its years, under each regulation's own words: owed, reminded of, confirmed."""

from __future__ import annotations

import pytest

from casework import records
from casework.models import Confirmation, Record
from core import clock
from core.models import InboxMessage, LedgerEntry
from tests.during.house import Stay, run, stay
from tests.scenarios.house import Person, done, fresh, main_of, refused
from tests.tenants import factories
from tests.trainees.world import School, school

pytestmark = pytest.mark.django_db


def enter(made: School, person: Person, kind: str, on: str, /, **answers):
    base = made.recognition
    sent = {
        "seen": fresh(base).version,
        "type": kind,
        "f-on": on,
        **{f"f-{key}": said for key, said in answers.items()},
    }
    return person.client.post(f"{base.get_absolute_url()}do/enter_record/?type={kind}", sent)


def told(person: Person, words: str) -> bool:
    return InboxMessage.objects.filter(user=person.membership.user, title__contains=words).exists()


@pytest.fixture
def xcu() -> School:
    with clock.travel("2026-03-01T09:00"):
        made = school("xcu", term=("2026-03-01", "2031-02-28"))
        records.begin(made.recognition, clock.today())
        yield made


@pytest.mark.clause("XCU-17")
def test_six_months_after_the_last_exchange_both_sides_are_reminded(xcu):
    """Last on 2026-03-01: nothing on 2026-08-31, a reminder to college and partner on 2026-09-01; an entry of one does for
    both, and the next is due six months after it."""
    done(enter(xcu, xcu.secretary, "exchange", "2026-03-01", kind="talk", parties="双方"))
    run("2026-08-31")
    assert not told(xcu.secretary, "定期交流") and not told(xcu.contact, "定期交流")
    run("2026-09-01")
    assert told(xcu.secretary, "定期交流") and told(xcu.contact, "定期交流")
    with clock.travel("2026-09-02T09:00"):
        done(enter(xcu, xcu.contact, "exchange", "2026-09-02", kind="seminar", parties="双方"))
        rows = LedgerEntry.objects.filter(key__startswith="record_due:exchange:", done_at=None)
        assert {str(row.due_on) for row in rows} == {"2027-03-01"} and rows.count() == 2


@pytest.mark.clause("CZMC-6.1b")
def test_an_exchange_that_fails_is_told_to_office_college_and_base():
    with clock.travel("2026-03-01T09:00"):
        made = school("czmc", term=("2026-03-01", "2031-02-28"))
        records.begin(made.recognition, clock.today())
    run("2026-08-31")
    assert not told(made.office, "定期交流")
    run("2026-09-01")
    assert all(told(person, "定期交流") for person in (made.office, made.secretary, made.contact))


@pytest.mark.clause("XCU-13.1")
def test_a_plan_awaits_the_partner_until_they_confirm_it(xcu):
    sent = {"goals": "共建实践课程", "milestones-0-what": "开课", "milestones-0-by": "2026-09-01"}
    done(enter(xcu, xcu.secretary, "joint_plan", "2026-03-01", **sent))
    assert "待合作单位确认" in main_of(xcu.secretary.page(xcu.recognition))
    entry = Record.objects.get(type="joint_plan")
    address = f"{xcu.recognition.get_absolute_url()}do/confirm_records/"
    for person in (xcu.secretary, xcu.office, Person(factories.member(factories.partner(), "contact"))):
        assert person.client.post(address, {"record": entry.pk}).status_code in (403, 404)
    assert Confirmation.objects.get(record=entry).confirmed_at is None
    refused(xcu.contact.client.post(address, {"record": "0"}), "没有等待您确认的记录")
    done(xcu.contact.client.post(address, {"record": entry.pk}))
    page = main_of(xcu.secretary.page(xcu.recognition))
    assert "双方共同制订" in page and "待合作单位确认" not in page


@pytest.mark.clause("XCU-16")
def test_nothing_unrelated_is_done_under_the_bases_name(xcu):
    sent = {"name": "开放日", "purpose": "介绍实践项目", "kept-law": "on", "kept-name": "on"}
    refused(enter(xcu, xcu.contact, "activity", "2026-03-01", **sent, related="no"), "与研究生教育内容无关")
    done(enter(xcu, xcu.contact, "activity", "2026-03-01", **sent, related="yes"))


@pytest.mark.clause("XCU-12.3")
def test_a_supervisor_is_a_full_time_teacher(xcu):
    sent = {"name": "单于飞", "safety": "已检查", "practice": "已听取汇报"}
    refused(enter(xcu, xcu.secretary, "supervision", "2026-03-01", **sent, teacher="no"), "专任教师")
    done(enter(xcu, xcu.secretary, "supervision", "2026-03-01", **sent, teacher="yes"))


@pytest.fixture
def lcu() -> Stay:
    made = stay("lcu", ("2026-09-07", "2027-03-06"))
    with clock.travel("2027-03-10T10:00"):
        yield made


@pytest.mark.clause("LCU-20b")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"made_on": "2026-09-06"}, "早于进入基地日期"),
        ({"made_on": "2027-03-07"}, "晚于实践结束日期"),
        ({"university_mentor": "别人"}, "不是该研究生的校内导师"),
        ({"base_mentor": "别人"}, "不是该研究生的基地导师"),
        ({"made_on": "2026-09-07"}, ""),
        ({"made_on": "2027-03-06"}, ""),
    ],
)
def test_a_nomination_is_for_a_result_made_there_under_both_mentors(lcu, change, words):
    sent = {"name": "教学案例", "made_on": "2026-12-01", "university_mentor": "郁可", "base_mentor": "柯远", **change}
    answer = lcu.enter(lcu.school.secretary, "award", "2027-03-10", **sent)
    refused(answer, words) if words else done(answer)


@pytest.mark.clause("LCU-14")
@pytest.mark.parametrize("missing", ["liability", "handling"])
def test_an_accident_by_a_breach_names_liability_and_handling(lcu, missing):
    sent = {"what": "违反操作规程", "liability": "本人承担", "handling": "批评教育"}
    refused(lcu.enter(lcu.school.secretary, "violation", "2027-03-10", **{**sent, missing: ""}), "必填")
    done(lcu.enter(lcu.school.secretary, "violation", "2027-03-10", **sent))
