"""What is written during a stay under XCU: contacts, logs, allowances, incidents, results, each with both sides of its bound."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.models import Confirmation, Record
from core import clock
from core.models import Document, InboxMessage
from regulations.facts import CATALOGUE
from tests.during.house import Stay, run, stay
from tests.scenarios.house import Person, done, fresh, main_of, refused, sent
from tests.tenants import factories
from trainees.models import Placement

pytestmark = pytest.mark.django_db
ENTERED = "2026-09-10"


@pytest.fixture
def xcu() -> Stay:
    made = stay("xcu", (ENTERED, "2027-03-31"))
    with clock.travel(f"{ENTERED}T10:00"):
        yield made


def told(person: Person, words: str) -> bool:
    return InboxMessage.objects.filter(user=person.membership.user, title__contains=words).exists()


@pytest.mark.clause("XCU-22.2")
def test_reports_are_due_so_long_after_the_last_one(xcu):
    """Local interval 14 days, last report 2026-10-01: nothing on the 14th, a reminder to the student on the 15th."""
    assert xcu.owed("report", by=xcu.student) == ["2026-09-23"]
    for day in ("2026-09-20", "2026-10-01"):
        with clock.travel(f"{day}T10:00"):
            done(xcu.enter(xcu.student, "report", day, text="一切正常"))
    assert xcu.owed("report") == ["2026-10-14"]
    run("2026-10-14")
    assert not told(xcu.student, "汇报")
    run("2026-10-15")
    assert told(xcu.student, "汇报") and not told(xcu.mentor, "汇报")


def contact(xcu: Stay, person: Person, day: str, way: str) -> None:
    with clock.travel(f"{day}T10:00"):
        done(xcu.enter(person, "mentor_contact", day, way=way, text="思想稳定，进展正常"))


@pytest.mark.clause("XCU-20b")
def test_a_month_of_the_stay_without_contact_is_told_to_both_mentors(xcu):
    """October 2026: nothing on the 31st, a reminder to both on 2026-11-01; a contact entered by one does for both."""
    contact(xcu, xcu.mentor, "2026-09-20", "call")
    run("2026-10-31")
    assert not told(xcu.mentor, "导师沟通（2026-10") and not told(xcu.base_mentor, "导师沟通（2026-10")
    run("2026-11-01")
    assert told(xcu.mentor, "导师沟通（2026-10") and told(xcu.base_mentor, "导师沟通（2026-10")
    assert not told(xcu.mentor, "导师沟通（2026-09") and not told(xcu.student, "导师沟通")
    contact(xcu, xcu.base_mentor, "2026-11-02", "call")
    run("2026-12-01")
    assert not told(xcu.mentor, "导师沟通（2026-11") and not told(xcu.base_mentor, "导师沟通（2026-11")


@pytest.mark.clause("XCU-20c")
@pytest.mark.parametrize(("times", "reminded"), [(1, True), (2, False)])
def test_two_meetings_face_to_face_are_wanted_in_a_year(xcu, times, reminded):
    for day in ("2026-09-20", "2026-10-20")[:times]:
        contact(xcu, xcu.mentor, day, "face_to_face")
    contact(xcu, xcu.mentor, "2026-10-25", "call")  # no meeting
    run("2026-11-30")
    assert not told(xcu.mentor, "2026年至少2次")
    run("2026-12-01")
    assert told(xcu.mentor, "2026年至少2次") is reminded
    assert told(xcu.base_mentor, "2026年至少2次") is reminded


def test_the_photographs_of_a_report_are_read_by_its_readers_alone(xcu):
    address = f"{xcu.placement.get_absolute_url()}do/enter_record/?type=report"
    data = {"seen": fresh(xcu.placement).version, "type": "report", "f-on": ENTERED, "f-text": "附照片"}
    done(xcu.student.client.post(address, data | {"upload-photos": sent("现场照片.pdf")}))
    path = f"/documents/{Document.objects.get(name__contains='现场照片').uid}/"
    readers = (xcu.student, xcu.mentor, xcu.school.secretary)
    for person in (*readers, xcu.base_mentor, xcu.school.contact):
        may = any(person is reader for reader in readers)
        assert (person.client.get(path).status_code == 200) is may, person
        assert ("现场照片" in main_of(person.page(xcu.placement))) is may, person


@pytest.mark.clause("XCU-22.1")
def test_both_mentors_see_the_tasks_and_another_student_does_not(xcu):
    done(xcu.enter(xcu.student, "task_log", ENTERED, text="整理合作单位的台账"))
    for person in (xcu.mentor, xcu.base_mentor):
        assert "整理合作单位的台账" in main_of(person.page(xcu.placement))
    other = Person(factories.member(xcu.school.college, "student"))
    assert other.page(xcu.placement).status_code == 404


@pytest.mark.clause("XCU-23")
def test_an_allowance_is_payable_once_the_tasks_are_confirmed(xcu):
    with clock.travel("2026-10-31T10:00"):
        sent = {"month": "2026-10", "amount": "800", "basis": "按工作量"}
        done(xcu.enter(xcu.school.contact, "allowance", "2026-10-31", **sent))
        assert "工作任务未确认，不可发放" in main_of(xcu.student.page(xcu.placement))
        entry = Record.objects.get(type="allowance")
        done(xcu.base_mentor.client.post("/placements/reports/", {"record": entry.pk}))
        page = main_of(xcu.student.page(xcu.placement))
        assert "工作任务已确认，可发放" in page and "不可发放" not in page
        assert "可发放" not in main_of(xcu.mentor.page(xcu.placement))  # allowances have readers of their own


@pytest.mark.clause("XCU-13.6c")
def test_an_allowance_says_on_which_basis_it_is_paid(xcu):
    sent = {"month": "2026-09", "amount": "800"}
    refused(xcu.enter(xcu.school.contact, "allowance", ENTERED, **sent), "发放依据")
    done(xcu.enter(xcu.school.contact, "allowance", ENTERED, **sent, basis="按实际贡献"))


@pytest.mark.clause("XCU-18.1.3")
@pytest.mark.parametrize("missing", ["university_mentor", "base_mentor"])
def test_a_stage_of_the_thesis_names_both_mentors(xcu, missing):
    sent = {"stage": "opening", "university_mentor": "郁可", "base_mentor": "柯远", "result": "通过"}
    refused(xcu.enter(xcu.mentor, "thesis_event", ENTERED, **{**sent, missing: ""}), "导师")
    done(xcu.enter(xcu.mentor, "thesis_event", ENTERED, **sent))


def shares(*values: int) -> dict[str, str]:
    rows = {}
    for at, value in enumerate(values):
        rows |= {
            f"liability-{at}-party": f"当事人{at}",
            f"liability-{at}-share": str(value),
            f"liability-{at}-cause": "直接",
        }
    return rows


@pytest.mark.clause("XCU-15b")
def test_shares_of_liability_make_a_hundred_per_cent(xcu):
    sent = {"happened_on": ENTERED, "what": "搬运设备时扭伤", "handling": "协商处理"}
    refused(xcu.enter(xcu.school.secretary, "injury", ENTERED, **sent, **shares(60, 30)), "应为100%")
    refused(xcu.enter(xcu.school.secretary, "injury", ENTERED, **sent, **shares(60, 30, 11)), "应为100%")
    done(xcu.enter(xcu.school.secretary, "injury", ENTERED, **sent, **shares(60, 30, 10)))


SEEN = {
    "leak": ({"what": "疑似外传工艺参数"}, {"secretary", "office", "contact"}),
    "problem": ({"text": "基地导师安排与专业无关的工作"}, {"secretary", "office", "student"}),
}


@pytest.mark.clause("XCU-25d")
@pytest.mark.parametrize("kind", SEEN)
def test_a_leak_and_a_problem_are_seen_by_those_whom_the_profile_names_alone(xcu, kind):
    answers, readers = SEEN[kind]
    people = {
        "student": xcu.student,
        "mentor": xcu.mentor,
        "base_mentor": xcu.base_mentor,
        "secretary": xcu.school.secretary,
        "office": xcu.school.office,
        "contact": xcu.school.contact,
    }
    author = xcu.student if kind == "problem" else xcu.school.secretary
    refused(xcu.enter(xcu.base_mentor, kind, ENTERED, **answers), "不由您的角色填写")
    done(xcu.enter(author, kind, ENTERED, **answers))
    title = {"leak": "秘密泄露", "problem": "问题反映"}[kind]
    log = main_of(people["base_mentor"].page(xcu.placement)).partition("办理记录")[2]
    assert title not in log  # not even that there is one
    for who, person in people.items():
        assert (next(iter(answers.values())) in main_of(person.page(xcu.placement))) is (who in readers), who


@pytest.mark.clause("XCU-25a")
def test_a_result_belongs_to_both_sides_unless_agreed_otherwise(xcu):
    said = {"name": "山地特色作物栽培", "kind": "paper"}
    refused(xcu.enter(xcu.student, "result", ENTERED, **said, owners=["university"]), "归学校和合作单位双方所有")
    done(xcu.enter(xcu.student, "result", ENTERED, **said, owners=["university", "partner"]))
    agreed = {"upload-agreement": sent("归属约定.pdf")}
    address = f"{xcu.placement.get_absolute_url()}do/enter_record/?type=result"
    data = {"seen": fresh(xcu.placement).version, "type": "result", "f-on": ENTERED, "f-owners": ["university"]}
    done(xcu.student.client.post(address, data | {f"f-{key}": value for key, value in said.items()} | agreed))


@pytest.mark.clause("XCU-25c")
def test_nothing_is_published_before_the_partner_has_cleared_that_very_text(xcu):
    wish = {"name": "基于云平台的物流优化", "use": "paper", "content": "合作单位的调度数据"}
    published = {"name": wish["name"], "where": "《物流技术》"}
    refused(xcu.enter(xcu.student, "release", ENTERED, **published), "还没有确认这一成果的涉密性")
    done(xcu.enter(xcu.student, "publication", ENTERED, **wish))
    refused(xcu.enter(xcu.student, "release", ENTERED, **published), "还没有确认这一成果的涉密性")
    entry = Record.objects.get(type="publication")
    done(xcu.base_mentor.client.post("/placements/reports/", {"record": entry.pk}))  # not the partner's own word
    assert Confirmation.objects.get(record=entry).confirmed_at is None
    done(xcu.school.contact.client.post("/placements/reports/", {"record": entry.pk}))
    refused(xcu.enter(xcu.student, "release", ENTERED, **published | {"name": "另一篇"}), "还没有确认")
    done(xcu.enter(xcu.student, "release", ENTERED, **published))


@pytest.mark.clause("XCU-13.6b")
def test_half_a_year_without_party_life_is_a_gap(xcu):
    """Local interval 6 months from 2026-09-10: no gap on 2027-03-09, one on the day after; none where there was an activity."""

    def gap() -> bool:
        return (
            "党团员组织生活（2026-09-10至2027-03-09）"
            in main_of(xcu.school.secretary.page(xcu.placement)).partition("缺交")[2]
        )

    run("2027-03-09")
    with clock.travel("2027-03-09T10:00"):
        assert not gap()
    with clock.travel("2027-03-10T10:00"):
        assert gap()
        done(xcu.enter(xcu.school.contact, "party_activity", "2027-03-09", kind="party", text="主题党日"))
        assert not gap()


def read(name: str, case, day: str):
    with clock.travel(f"{day}T12:00"):
        return CATALOGUE[name].read([fresh(case)], dt.date.fromisoformat(day)).get(case.pk)


def test_what_is_missing_and_what_there_is_are_facts(xcu):
    base = xcu.school.recognition
    run("2026-11-05")
    assert read("placement.gaps", xcu.placement, "2026-11-05") == 3  # September, October; one report
    assert read("recognition.record_gaps", base, "2026-11-05") == 3
    done(xcu.enter(xcu.student, "result", ENTERED, name="论文一", kind="paper", owners=["university", "partner"]))
    rows = read("recognition.stay_records", base, ENTERED)
    assert {"type": "result", "code": "paper", "confirmed": True, "times": 1} in rows


@pytest.mark.parametrize(("last", "number"), [("2027-03-09", 1), ("2027-03-08", 0)])
def test_half_a_year_counts_to_the_day(xcu, last, number):
    Placement.objects.filter(pk=xcu.placement.pk).update(ends_on=last)
    assert read("recognition.long_practices", xcu.school.recognition, ENTERED) == number
