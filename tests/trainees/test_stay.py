"""A stay under XCU: applied for, approved, prepared, entered, assessed (Annexes 2 and 3)."""

from __future__ import annotations

import pytest

from config.stories import placements, practice
from core import clock
from tests.papers.pdf import whole
from tests.scenarios.house import Person, done, fresh, main_of, refused
from tests.tenants import factories
from tests.trainees.world import School, school
from trainees.models import Placement, Student

pytestmark = pytest.mark.django_db
YEAR = ("2027-03-01", "2027-08-31")


@pytest.fixture
def xcu():
    with clock.travel("2027-02-20T09:00"):
        scene = school("xcu", term=("2026-03-01", "2031-02-28"))
        own = Person(factories.member(scene.college, "student", factories.user("陆离")))
        Student.objects.filter(pk=scene.student.pk).update(seat=own.membership)
        scene.student.refresh_from_db()
        scene.own = own
        yield scene


def applies(scene: School) -> Placement:
    """The student's own application, its mentors chosen and its forms filled in; the college has checked the courses."""
    answer = scene.own.client.post(
        "/placements/apply/",
        {
            "f-base": scene.recognition.pk,
            "f-periods-0-period-from": YEAR[0],
            "f-periods-0-period-to": YEAR[1],
        },
    )
    done(answer)
    stay = Placement.objects.get()
    assert answer["Location"] == stay.get_absolute_url()
    placements.guided(scene.own.hand, stay, scene.mentor, scene.base_mentor)
    fills(scene, stay)
    return fresh(stay)


def fills(scene: School, stay: Placement, **changes) -> None:
    stay = fresh(stay)
    for form, answers in practice.of(stay).items():
        given = {**answers, **{key: value for key, value in changes.items() if key in answers}}
        courses = {"courses_done": given.pop("courses_done")} if "courses_done" in given else {}
        scene.own.hand.fill(stay, form, given)
        if courses:
            scene.secretary.hand.fill(fresh(stay), form, courses)


def person_of(scene: School, step) -> Person:
    return Person(placements.acting(step))


def walked(scene: School, stay: Placement, state: str, without: tuple[str, ...] = ()) -> None:
    hands = lambda membership: Person(membership).hand  # noqa: E731
    placements.carried_on(hands, stay, state, without)


def insured(scene: School, stay: Placement, last: str = YEAR[1]) -> None:
    placements.insured(scene.secretary.hand, stay, YEAR[0], last)


@pytest.mark.clause("XCU-21a")
def test_courses_come_before_the_application(xcu):
    """S21 1: filed with courses unfinished it is refused; the student cannot say so themselves."""
    stay = applies(xcu)
    xcu.secretary.hand.fill(stay, "practice_plan", {"courses_done": False})
    refused(xcu.secretary.do(stay, "submit"), "课程学习", clause="XCU-21a")
    xcu.own.hand.fill(fresh(stay), "practice_plan", {"courses_done": True})
    refused(xcu.own.do(fresh(stay), "submit"), "研究生秘书")
    xcu.secretary.hand.fill(fresh(stay), "practice_plan", {"courses_done": True})
    done(xcu.own.do(fresh(stay), "submit"))
    assert fresh(stay).state == "checking"


@pytest.mark.clause("XCU-A2.P1")
@pytest.mark.clause("XCU-A2.P3")
@pytest.mark.clause("XCU-A2.O1")
@pytest.mark.clause("XCU-A2.S4")
def test_bounds_of_the_application_form(xcu):
    stay = applies(xcu)
    inside = [{"task": "试验", "from": YEAR[0], "to": YEAR[1]}]
    for wrong, right, words, clause in (
        ({"pledge_contact": ""}, {"pledge_contact": "每周沟通。"}, "沟通", "XCU-A2.O1"),
        ({"family_contact": ""}, {"family_contact": "陆父"}, "家庭联系人", "XCU-A2.S4"),
        ({"family_phone": ""}, {"family_phone": "13700000000"}, "家庭联系", "XCU-A2.S4"),
        (
            {"tasks": [{"task": "早到", "from": "2027-02-28", "to": "2027-03-05"}]},
            {"tasks": inside},
            "早到",
            "XCU-A2.P3",
        ),
        ({"tasks": [{"task": "晚走", "from": YEAR[1], "to": "2027-09-01"}]}, {"tasks": inside}, "晚走", "XCU-A2.P3"),
        (
            {"practice_period": {"from": YEAR[1], "to": YEAR[0]}},
            {"practice_period": {"from": YEAR[0], "to": YEAR[1]}},
            "实践环节时间",
            "XCU-A2.P1",
        ),
    ):
        xcu.own.hand.fill(fresh(stay), "practice_application", wrong)
        refused(xcu.own.do(fresh(stay), "submit"), words, clause=clause)
        xcu.own.hand.fill(fresh(stay), "practice_application", right)
    done(xcu.own.do(fresh(stay), "submit"))


@pytest.mark.clause("XCU-A2.O2")
@pytest.mark.clause("XCU-A2.O3")
@pytest.mark.clause("XCU-A2.O4")
@pytest.mark.clause("XCU-A2.N1")
@pytest.mark.clause("XCU-A2.C0")
@pytest.mark.clause("XCU-A2.S4")
def test_opinions_keep_their_order_and_the_paper_has_three_copies(xcu):
    """S21 2."""
    stay = applies(xcu)
    done(xcu.own.do(stay, "submit"))
    keys = []
    while fresh(stay).state == "checking":
        (step,) = fresh(stay).open_steps()
        keys.append(step.key)
        hand = person_of(xcu, step).hand
        hand.step(fresh(stay), step.key, {"opinion": "同意。", **practice.signed(hand, step)})
    assert keys == ["op_mentor", "op_college", "op_go"]
    assert fresh(stay).state == "planned"
    page = main_of(xcu.own.page(stay))
    assert "家庭联系人" in page and "13700000000" in page
    for other in (xcu.contact, Person(xcu.base_mentor)):
        seen = main_of(other.page(stay))
        assert "13700000000" not in seen and "实践和研究工作内容" in seen
    another = Person(factories.member(xcu.college, "student"))  # another student does not even see that there is a stay
    assert another.page(stay).status_code == 404
    pdf = whole(paper(xcu.own, stay, "practice_application"))
    assert pdf.count("附件2") == 3 and "西昌学院硕士研究生专业实践申请表" in pdf
    for holder in ("学科与研究生处存", "学院存", "申请人存"):
        assert holder in pdf


def paper(person: Person, stay: Placement, key: str) -> bytes:
    answer = person.get(f"/cases/placement/{stay.pk}/prints/{key}.pdf")
    assert answer.status_code == 200, answer
    return answer.content


@pytest.mark.clause("XCU-19")
@pytest.mark.clause("XCU-15a")
@pytest.mark.clause("XCU-22.4")
@pytest.mark.clause("XCU-13.6a")
def test_entry_waits_for_every_signature_and_says_who_lacks_what(xcu):
    """S21 3, 4, 7: one signature, one safety education, the pledge, the housing norm, the insurance missing."""
    xcu.prepared("2027-02-20")
    stay = applies(xcu)
    done(xcu.own.do(stay, "submit"))
    walked(xcu, stay, "checking")
    last = ("plan_base_mentor", "safety_college", "safety_pledge", "housing")
    walked(xcu, stay, "planned", without=last)
    with clock.travel("2027-03-01T09:00"):
        going = lambda: xcu.secretary.do(fresh(stay), "start", {"entered_on": "2027-03-01"})  # noqa: E731
        insured(xcu, stay, "2027-08-30")
        refused(going(), "没有人身意外保险", "2027-08-31", clause="XCU-12.4")
        placements.insured(xcu.secretary.hand, stay, "2027-08-31", "2027-08-31")
        for key, words, clause in (
            ("plan_base_mentor", "基地导师签字", "XCU-19"),
            ("safety_college", "学院安全教育", "XCU-15a"),
            ("safety_pledge", "安全承诺书", "XCU-22.4"),
            ("housing", "住宿和实践条件核对", "XCU-13.6a"),
        ):
            refused(going(), words, clause=clause)
            assert fresh(stay).state == "planned"
            walked(xcu, stay, "planned", without=tuple(other for other in last if other != key))
            last = tuple(other for other in last if other != key)
        done(going())
    assert (fresh(stay).state, str(fresh(stay).entered_on)) == ("active", "2027-03-01")


def there(scene: School) -> Placement:
    scene.prepared("2027-02-20")
    stay = applies(scene)
    insured(scene, stay)
    done(scene.own.do(stay, "submit"))
    for state in ("checking", "planned"):
        walked(scene, stay, state)
    with clock.travel("2027-03-01T09:00"):
        done(scene.secretary.do(fresh(stay), "start", {"entered_on": "2027-03-01"}))
    return fresh(stay)


@pytest.mark.clause("XCU-24")
@pytest.mark.clause("XCU-A3.7")
@pytest.mark.clause("XCU-A3.10")
@pytest.mark.clause("XCU-18.2.2")
@pytest.mark.clause("XCU-A3.0")
def test_the_end_needs_report_thesis_and_the_base_mentors_mark(xcu):
    """S21 6."""
    stay = there(xcu)
    with clock.travel("2027-08-31T17:00"):
        answers = practice.completion(stay)
        hands_in = lambda: xcu.own.do(fresh(stay), "hand_in", {"left_on": "2027-08-31"})  # noqa: E731
        thesis = answers.pop("thesis")
        xcu.own.hand.fill(stay, "practice_assessment", {**answers, "report": "总" * 4999})
        refused(hands_in(), "5000", "学位论文", clause="XCU-A3.7")
        xcu.own.hand.fill(fresh(stay), "practice_assessment", {"report": "总" * 5000})
        refused(hands_in(), "学位论文", clause="XCU-24")
        xcu.own.hand.fill(fresh(stay), "practice_assessment", {"thesis": thesis})
        done(hands_in())
        assert fresh(stay).state == "assessing"
        walked(xcu, stay, "assessing", without=("performance",))
        assert fresh(stay).state == "assessing"  # without the base mentor's mark nothing closes
        walked(xcu, stay, "assessing")
        assert fresh(stay).state == "ended"
        printed = whole(paper(xcu.own, stay, "practice_assessment"))
        assert "附件3" in printed and "西昌学院硕士研究生专业实践考核登记表" in printed
        assert "兹证明陆离" in whole(paper(xcu.own, stay, "practice_proof"))


def test_an_interruption_an_early_end_and_a_transfer(xcu):
    stay = there(xcu)
    with clock.travel("2027-05-10T09:00"):
        refused(xcu.secretary.do(stay, "interrupt", {"interrupted_on": "2027-03-01", "reason": "病假"}), "2027-03-02至")
        refused(xcu.secretary.do(stay, "interrupt", {"interrupted_on": "2027-05-11", "reason": "病假"}), "2027-05-10")
        done(xcu.secretary.do(fresh(stay), "interrupt", {"interrupted_on": "2027-05-10", "reason": "病假"}))
        assert [(str(row.starts_on), str(row.ends_on)) for row in stay.periods.all()] == [("2027-03-01", "2027-05-09")]
    with clock.travel("2027-06-01T09:00"):
        back = {"period": {"from": "2027-06-01", "to": "2027-09-30"}}
        refused(xcu.secretary.do(fresh(stay), "resume", back), "没有人身意外保险", clause="XCU-12.4")
        back = {"period": {"from": "2027-06-01", "to": "2027-08-31"}}
        done(xcu.secretary.do(fresh(stay), "resume", back))
        assert fresh(stay).state == "active"
        refused(xcu.secretary.do(fresh(stay), "end_early", early("early")), "没有申请提前结束")
        done(xcu.own.do(fresh(stay), "ask_to_end", {"reason": "已被录用"}))
        assert "申请提前结束实践" in main_of(xcu.secretary.get("/todos/"))
        done(xcu.secretary.do(fresh(stay), "end_early", early("early")))
        ended = fresh(stay)
        assert (ended.state, ended.end_code, ended.end_reason) == ("ended", "early", "已被录用")


def early(code: str) -> dict:
    return {"end_code": code, "left_on": "2027-06-01", "reason": "已被录用"}
