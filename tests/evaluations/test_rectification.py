"""A rectification from its order to its end: problems, plans, evidence, report, recheck; and what stands against each."""

import datetime as dt

import pytest
from django.db import transaction

from casework.models import Effect
from core import clock
from core.door import DoorError, Forbidden, Refused, Stale, perform
from core.ledger import run_due
from core.models import InboxMessage, LedgerEntry, Paper
from evaluations.models import Rectification
from tenants.models import Membership
from tests.effects.acting import declared, proposed
from tests.papers.pdf import whole
from tests.placing import place
from tests.scenarios import house_czmc
from tests.scenarios.house import Person, done, fresh, main_of, pdf, refused, sent, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db

PROBLEMS = [
    {"text": "安全管理办法未修订", "criterion": "查阅修订后的办法"},
    {"text": "导师指导记录不全", "criterion": "抽查三名研究生的记录"},
]
ORDER = {"due_on": "2027-04-30", "person": "纪云舒", "problems": PROBLEMS}
PLAN = {"cause": "人员变动，疏于更新。", "plan": "修订并印发。", "person": "康如月", "planned_on": "2027-03-31"}
DONE = {**PLAN, "result": "已修订印发。"}


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        return house_czmc.school()


@pytest.fixture
def base(school):
    return house_czmc.active(school)


@pytest.fixture
def case(base) -> Rectification:
    """The base failed on 2026-12-15; the rectification waits for its order."""
    with clock.travel("2026-12-15T09:00"):
        proposed(base, declared("rectification", "限期整改", code="unqualified", automatic=True, clause="CZMC-6.3.4a"))
    return Rectification.objects.get(recognition=base)


def read(answer) -> bytes:
    """The file that was answered."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def answered(person, case, **changes) -> None:
    """Every open problem planned and done, with evidence."""
    for problem in case.open_problems():
        answers = {**DONE, **changes, "evidence": [sent(f"佐证{problem.number}.pdf")]}
        done(person.do(case, "answer_problem", answers, step=problem.pk))


def reported(person, case) -> None:
    done(person.do(case, "submit", {"summary": "问题均已整改。", "report": [sent("整改报告.pdf", pdf(2))]}))


def checked(person, case, **results: str):
    """The recheck of problems, by number; those not named are closed."""
    answers = {}
    for problem in case.open_problems():
        answers[f"result_{problem.pk}"] = results.get(f"p{problem.number}", "closed")
        if answers[f"result_{problem.pk}"] == "open":
            answers[f"note_{problem.pk}"] = "记录仍缺第二季度。"
    return person.do(case, "check_problems", answers)


def test_it_waits_for_its_order_and_warns(school, base, case):
    assert case.state == "planned" and case.due_on is None
    effect = Effect.objects.get(pk=case.effect_id)
    assert effect.stands_on(dt.date(2026, 12, 15))
    entry = LedgerEntry.objects.get(key=f"rectification:{case.pk}:order")
    assert (entry.organisation_id, entry.role) == (school.university.pk, "graduate_office")
    with clock.travel("2026-12-16T09:00"):
        assert "去下达" in main_of(school.office.get("/"))
        page = main_of(school.secretary.page(case))
        assert "待下达" in page


def test_the_order_needs_a_day_ahead_of_the_next_evaluation(school, case):
    with clock.travel("2026-12-16T09:00"):
        with unchanged(case):
            refused(school.office.do(case, "order", {**ORDER, "due_on": ""}), "整改期限", clause="CZMC-6.3.4a")
        with unchanged(case):
            refused(school.office.do(case, "order", {**ORDER, "due_on": "2026-12-16"}), "2026-12-16")
        with unchanged(case):
            refused(school.office.do(case, "order", {**ORDER, "due_on": "2027-12-01"}), "2027-12-01")
        with unchanged(case):
            refused(school.office.do(case, "order", {**ORDER, "problems": []}), "问题清单")
        with unchanged(case):
            refused(school.secretary.do(case, "order", ORDER), status=403)
        done(school.office.do(case, "order", {**ORDER, "due_on": "2027-11-30"}))
    case = fresh(case)
    assert (case.state, case.due_on, case.ordered_on) == ("draft", dt.date(2027, 11, 30), dt.date(2026, 12, 16))
    assert case.problems.count() == 2
    assert Paper.about(case).filter(kind="rectification_notice", voided_at=None).count() == 1
    owed = LedgerEntry.about(case).filter(kind="rectification", done_at=None)
    assert {row.organisation_id for row in owed} == {school.college.pk, school.partner.pk}


@pytest.fixture
def ordered(school, case) -> Rectification:
    with clock.travel("2026-12-16T09:00"):
        done(school.office.do(case, "order", ORDER))
    return fresh(case)


def test_the_order_reaches_each_unit_on_paper(school, ordered):
    """Its proof of delivery is printed, signed and entered for each responsible unit, and read on the page."""
    address = f"{ordered.get_absolute_url()}prints/receipt.pdf"

    def delivered(unit: str, on: str, who: str) -> dict:
        return {"unit": unit, "delivered_on": on, "recipient": who, "file": [sent("送达回证.pdf")]}

    with clock.travel("2026-12-17T09:00"):
        printed = whole(read(school.office.get(address)))
        assert "送达回证" in printed and "限期整改通知书" in printed and ordered.number in printed
        refused(
            school.secretary.do(ordered, "record_delivery", delivered("partner", "2026-12-17", "纪云舒")), status=403
        )
        for day in ("2026-12-15", "2026-12-18"):  # before the order, and to come
            with unchanged(ordered):
                refused(school.office.do(ordered, "record_delivery", delivered("partner", day, "纪云舒")), day)
        partner = ("partner", "2026-12-17", "纪云舒")
        done(school.office.do(ordered, "record_delivery", delivered(*partner)))
        refused(school.office.do(ordered, "record_delivery", delivered(*partner)), "受送达单位")
        done(school.office.do(ordered, "record_delivery", delivered("college", "2026-12-16", "康如月")))
        page = main_of(school.contact.page(ordered))
        assert "纪云舒签收" in page and "康如月签收" in page and "2026-12-16" in page
        assert "record_delivery" not in {each.code for each in school.office.page(ordered).context["page"].choices}
        assert school.office.get(address).status_code == 404


def test_who_repairs_has_one_blue_button(school, ordered):
    """The partner's contact is led to the first problem that nobody has answered; who reports, to the report at last."""
    with clock.travel("2026-12-17T09:00"):
        for number in (1, 2):
            primary = school.contact.page(ordered).context["page"].primary
            assert primary.label == f"填写第{number}条问题的整改情况"
            assert school.contact.client.get(primary.url).status_code == 200
            problem = ordered.problems.get(number=number)
            answers = {**DONE, "evidence": [sent("佐证.pdf")]}
            done(school.contact.do(ordered, "answer_problem", answers, step=problem.pk))
        assert school.contact.page(ordered).context["page"].primary is None
        assert school.secretary.page(ordered).context["page"].primary.code == "submit"


def test_plans_end_within_the_period_and_results_bring_evidence(school, ordered):
    problem = ordered.problems.first()
    with clock.travel("2027-01-10T09:00"):
        with unchanged(ordered):
            late = {**PLAN, "planned_on": "2027-05-01"}
            refused(school.secretary.do(ordered, "answer_problem", late, step=problem.pk), "2027-04-30")
        with unchanged(ordered):
            refused(school.secretary.do(ordered, "answer_problem", DONE, step=problem.pk), "佐证材料")
        refused(school.other_secretary.do(ordered, "answer_problem", PLAN, step=problem.pk), status=404)
        done(school.contact.do(ordered, "answer_problem", {**PLAN, "planned_on": "2027-04-30"}, step=problem.pk))
        page = main_of(school.office.page(ordered))
        assert "修订并印发。" in page


def test_the_report_answers_every_problem(school, ordered):
    with clock.travel("2027-03-20T09:00"):
        report = {"summary": "已整改。", "report": [sent("整改报告.pdf")]}
        with unchanged(ordered):
            refused(school.secretary.do(ordered, "submit", report), "第1、2条", clause="CZMC-6.3.4a")
        answered(school.secretary, ordered)
        with unchanged(ordered):
            refused(school.contact.do(ordered, "submit", report), status=403)
        with unchanged(ordered):
            refused(school.secretary.do(ordered, "submit", {"summary": "已整改。"}), "整改报告")
        reported(school.secretary, ordered)
    case = fresh(ordered)
    assert (case.state, case.reported_on) == ("rechecking", dt.date(2027, 3, 20))
    assert not LedgerEntry.about(case).filter(kind="rectification", done_at=None).exists()
    assert case.open_steps().get().key == "recheck"


def test_somebody_else_closes_and_everything_must_be_closed(school, base, ordered):
    with clock.travel("2027-03-20T09:00"):
        answered(school.secretary, ordered)
        reported(school.secretary, ordered)
    with clock.travel("2027-04-10T09:00"):
        with unchanged(ordered):
            refused(school.office.step(ordered, "recheck", {"opinion": "合格。"}), "第1、2条", clause="CZMC-6.3.4a")
        done(checked(school.office, ordered, p2="open"))
        assert [problem.number for problem in ordered.open_problems()] == [2]
        with unchanged(ordered):
            refused(school.office.step(ordered, "recheck", {"opinion": "合格。"}), "第2条")
        answers = {"opinion": "补齐第二季度记录。", "correction_due": "2027-04-20"}
        done(school.office.step(ordered, "recheck", answers, outcome="return"))
    case = fresh(ordered)
    assert (case.state, case.round) == ("draft", 2)
    with clock.travel("2027-04-18T09:00"):
        assert "补齐第二季度记录。" in main_of(school.secretary.page(case))
        answered(school.secretary, case)
        reported(school.secretary, case)
        done(checked(school.office, case))
        done(school.office.step(case, "recheck", {"opinion": "均已到位。"}))
    case = fresh(case)
    assert (case.state, case.concluded_on) == ("passed", dt.date(2027, 4, 18))
    effect = Effect.objects.get(pk=case.effect_id)
    assert effect.lifted_on == dt.date(2027, 4, 18)
    assert not Effect.about(base).filter(kind="suspension").exists()
    assert Paper.about(case).filter(kind="rectification_result").exists()


def test_nobody_closes_what_they_wrote(school, ordered):
    """One person in two memberships: who wrote for the college does not close for the university."""
    both = Membership.objects.create(
        user=school.secretary.membership.user, organisation=school.university, role="graduate_office", state="active"
    )
    with clock.travel("2027-03-20T09:00"):
        answered(school.secretary, ordered)
        reported(school.secretary, ordered)
        with unchanged(ordered):
            refused(checked(Person(both), ordered), "第1、2条", "其他人员")
        done(checked(school.office, ordered))


def test_late_is_seen_by_everybody(school, ordered):
    with clock.travel("2027-04-30T09:00"):
        run_due(clock.today())
        with unchanged(ordered):
            refused(school.office.do(ordered, "recheck_unreported", {"reason": "未报"}), "2027-04-30")
    with clock.travel("2027-05-01T09:00"):
        run_due(clock.today())
        run_due(clock.today())
        told = InboxMessage.objects.filter(case_id=ordered.pk, title__startswith="整改期满")
        people = (school.office, school.secretary, school.contact)
        assert sorted(told.values_list("user", flat=True)) == sorted(one.membership.user_id for one in people)
        for person in (school.office, school.secretary, school.contact):
            assert "整改期限2027-04-30已过" in main_of(person.page(ordered))
            assert "逾期1天" in main_of(person.get("/rectifications/"))
        assert fresh(ordered).state == "draft"
        with unchanged(ordered):
            refused(school.secretary.do(ordered, "recheck_unreported", {"reason": "未报"}), status=403)
        done(school.office.do(ordered, "recheck_unreported", {"reason": "期满未报。"}))
    assert fresh(ordered).state == "rechecking"


def test_the_organiser_may_move_the_day_that_they_set(school, ordered):
    with clock.travel("2027-04-01T09:00"):
        with unchanged(ordered):
            refused(school.office.do(ordered, "move_due", {"due_on": "2027-12-01", "reason": "工期"}), "2027-12-01")
        done(school.office.do(ordered, "move_due", {"due_on": "2027-05-31", "reason": "工期"}))
    assert fresh(ordered).due_on == dt.date(2027, 5, 31)
    assert set(LedgerEntry.about(ordered).filter(done_at=None).values_list("due_on", flat=True)) == {
        dt.date(2027, 5, 31)
    }


def test_its_papers_say_what_they_are_about(school, ordered):
    with clock.travel("2027-03-20T09:00"):
        answered(school.secretary, ordered)
        paper = Paper.about(ordered).get(kind="rectification_notice")
        said = whole(read(school.secretary.get(f"{ordered.get_absolute_url()}papers/{paper.pk}/pdf/")))
        for words in ("限期整改通知书", "安全管理办法未修订", "2027年4月30日", "第六条"):
            assert words in said
        answer = school.secretary.get(f"{ordered.get_absolute_url()}prints/ledger.pdf")
        assert "已修订印发。" in whole(read(answer))
        answer = school.secretary.get(f"{ordered.get_absolute_url()}prints/ledger.xlsx")
        assert answer.status_code == 200
        reported(school.secretary, ordered)
        done(checked(school.office, ordered))
        done(school.office.step(ordered, "recheck", {"opinion": "现场核查，均已到位。"}))
        answer = school.secretary.get(f"{ordered.get_absolute_url()}prints/ledger.pdf")
        assert "2027年3月20日" in whole(read(answer))
        paper = Paper.about(ordered).get(kind="rectification_result")
        answer = school.secretary.get(f"{ordered.get_absolute_url()}papers/{paper.pk}/pdf/")
        said = whole(read(answer))
        for words in ("整改复核意见书", "准予销号", "现场核查，均已到位。", "田雨禾"):
            assert words in said


def test_each_problem_is_answered_by_those_who_repair(school, ordered):
    """The roles that the regulation names, in every state: others are refused, and nobody writes but while it is repaired."""
    problem = ordered.problems.first()
    dean = Person(factories.member(school.college, "dean", factories.user("另一位院长")))
    may = [school.secretary, school.contact]
    for state in ("planned", "draft", "checking", "rechecking", "passed", "failed", "cancelled"):
        place(ordered, state)
        for person in (school.office, school.vice_president, school.secretary, school.contact, dean):
            with transaction.atomic(), clock.travel("2027-01-10T09:00"):
                with pytest.raises(DoorError) as error:
                    data = {"step": str(problem.pk), "answers": {}}
                    perform(fresh(ordered), "answer_problem", person.membership, data)
                transaction.set_rollback(True)
            if person not in may:
                assert isinstance(error.value, Forbidden), (state, person.membership.role)
            else:
                assert isinstance(error.value, Refused if state == "draft" else Stale), state


def test_a_base_that_ends_has_nothing_to_repair(school, base, ordered):
    with clock.travel("2027-01-15T09:00"):
        proposed(base, declared("revocation", "撤销", reason="incident", automatic=True, clause="CZMC-6.3.4b"))
    case = fresh(ordered)
    assert (case.state, fresh(base).state) == ("cancelled", "ended")
    assert not LedgerEntry.about(case).filter(done_at=None).exists()
    assert Effect.objects.get(pk=case.effect_id).lifted_on == dt.date(2027, 1, 15)


def test_ordered_again_while_it_runs_it_is_one(school, base, ordered):
    with clock.travel("2027-01-15T09:00"):
        again = declared("rectification", "限期整改", code="unqualified", automatic=True, clause="CZMC-6.3.4a")
        proposed(base, again, source=ordered)
    assert Rectification.objects.count() == 1
    assert Effect.about(base).filter(kind="rectification", lifted_on=None).count() == 2
    with clock.travel("2027-03-20T09:00"):
        answered(school.secretary, ordered)
        reported(school.secretary, ordered)
        done(checked(school.office, ordered))
        done(school.office.step(ordered, "recheck", {"opinion": "均已到位。"}))
    assert not Effect.about(base).filter(kind="rectification", lifted_on=None).exists()


def test_the_ledger_is_filtered_and_exported(school, ordered):
    with clock.travel("2027-04-20T09:00"):
        row = main_of(school.office.get("/rectifications/"))
        for words in ("护理学院（纪云舒）", "2026-12-16", "2027-04-30", "剩10天", "未提交", "未销号（0/2）"):
            assert words in row
        assert "ZG-2026-0001" not in main_of(school.office.get("/rectifications/", left="over"))
        assert "ZG-2026-0001" in main_of(school.office.get("/rectifications/", left="30"))
        assert "ZG-2026-0001" not in main_of(school.other_secretary.get("/rectifications/"))
        assert school.office.get("/rectifications/", export="all").status_code == 200
