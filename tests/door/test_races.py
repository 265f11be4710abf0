"""S29 (1, 2, 5): simultaneous acts, a worker killed between commit and mail."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import connections

from bases.models import Recognition
from casework.models import ListEntry
from config.stories import czmc
from core import clock, outbox
from core.door import DoorError, perform
from core.models import AttemptLog, OutboxMessage, TransitionLog
from core.outbox import lanes
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        yield house.nm_region()


@pytest.fixture
def call(region):
    return house.open_nm_call(region)


def at_once(*acts):
    """Run acts in threads of their own, as near to the same moment as can be; their errors, None for what went through."""
    barrier, said = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait(10)
            act()
        except DoorError as error:
            said[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def test_two_tabs_submit_the_same_application(region, call):
    """One goes through; the other is told, and nothing is there twice."""
    application = house.nm_draft(region, call)
    seen = application.version
    who = region.secretary.membership
    said = at_once(*[lambda: perform(application, "submit", who, seen=seen)] * 2)
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Stale"]
    assert TransitionLog.objects.filter(transition="submit", case_id=application.pk).count() == 1
    assert AttemptLog.objects.filter(transition="submit", case_id=application.pk, error="stale").count() == 1
    assert application.steps().count() == len({step.key for step in application.steps()})


def test_a_second_tab_over_http_gets_a_friendly_answer(region, call):
    application = house.nm_draft(region, call)
    seen = application.version
    done(region.secretary.do(application, "submit", seen=seen))
    again = region.secretary.do(application, "submit", seen=seen)
    assert again.status_code == 302 and again["Location"] == application.get_absolute_url()
    other = region.secretary.do(application, "withdraw", {"reason": "不报了，理由是课程调整。"}, seen=seen)
    assert other.status_code == 409
    body = other.content.decode()
    assert "贺小满" in body and "课程调整" in body  # who was quicker, and nothing typed is lost


@pytest.mark.clause("NM-8.2c")
def test_two_tabs_send_the_same_list(region, call):
    """Sent twice at the same moment: the department has it once, and each case on it moved on once."""
    application = house.nm_draft(region, call)
    done(region.secretary.do(application, "submit"))
    done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
    with clock.travel("2027-03-02T09:00"):
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": f"application-{application.pk}"}))
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-03-02")))
    with clock.travel("2027-03-20T09:00"):
        seen, who = fresh(case_list).version, region.office.membership
        said = at_once(*[lambda: perform(case_list, "send", who, seen=seen)] * 2)
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Stale"]
    assert fresh(case_list).state == "sent" and fresh(application).state == "reviewing"
    assert TransitionLog.objects.filter(transition="send", case_id=case_list.pk).count() == 1
    assert application.steps().filter(key="expert_review").count() == 1


@pytest.mark.clause("XCU-7.4b")
def test_a_partner_confirms_and_declines_at_the_same_moment():
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        call = house.open_xcu_call(school)
        application = house.xcu_draft(school, call)
        agreement = application.agreement
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "同意。"}))
        step = str(fresh(agreement).open_steps().get().pk)
        seen, who = fresh(agreement).version, school.contact.membership
        said = at_once(
            lambda: perform(
                agreement, "act_on_step", who, {"step": step, "answers": {"outcome": "positive"}}, seen=seen
            ),
            lambda: perform(
                agreement,
                "act_on_step",
                who,
                {"step": step, "answers": {"outcome": "negative", "opinion": "条款不能接受。"}},
                seen=seen,
            ),
        )
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Stale"]
    assert fresh(agreement).state in ("confirming", "declined")
    assert (
        TransitionLog.objects.filter(
            case_kind="agreement", case_id=agreement.pk, step_key="partner_confirmation", transition="act_on_step"
        ).count()
        == 1
    )


@pytest.fixture
def reviewed():
    """A case under CZMC that the vice-president decides next: visited by its college, reviewed by the graduate office."""
    with clock.travel("2026-03-20T09:00"):
        school = house_czmc.school()
        application = house_czmc.draft(school, house_czmc.standing_call(school))
        done(school.secretary.do(application, "submit"))
        czmc.visited(school.dean.hand, application, "2026-03-19")
        czmc.reviewed(school.office.hand, application)
        yield school, fresh(application)


def approval(person, application, step: int, seen: int):
    """What presses the button of a step."""
    answers = {"outcome": "positive", "opinion": "同意设立。"}
    data = {"step": str(step), "answers": answers}
    return lambda: perform(application, "act_on_step", person.membership, data, seen=seen)


def approvals(application) -> list[TransitionLog]:
    """The lines of the log that say that the vice-president's step was done."""
    lines = TransitionLog.objects.filter(case_kind="application", case_id=application.pk, transition="act_on_step")
    return list(lines.filter(step_key="vice_president"))


def attempts(application) -> list[tuple[str, str, str]]:
    """(who, in which role, what stood against it) of every refused act on a case."""
    rows = AttemptLog.objects.filter(case_kind="application", case_id=application.pk, transition="act_on_step")
    return [(row.actor_name, row.role, row.error) for row in rows.order_by("pk")]


@pytest.mark.clause("CZMC-3.2c")
def test_vice_president_and_graduate_office_press_approve_at_once(reviewed):
    """S29.5: the case is approved once, by whom the text names; the log has the approval, the log of attempts the other."""
    school, application = reviewed
    step, seen = application.open_steps().get().pk, application.version
    pressed = [approval(person, application, step, seen) for person in (school.vice_president, school.office)]
    said = at_once(*pressed)
    assert said[0] is None and type(said[1]).__name__ in ("Refused", "Stale")
    application = fresh(application)
    assert application.state == "approved"
    (approved,) = approvals(application)
    assert (approved.role, approved.membership_id) == ("vice_president", school.vice_president.membership.pk)
    (other,) = attempts(application)
    assert other[:2] == (school.office.membership.name, "graduate_office") and other[2] in ("refused", "stale")
    assert Recognition.objects.filter(application_id=application.pk).count() == 1


@pytest.mark.clause("CZMC-3.2c")
def test_the_vice_president_presses_twice_at_once(reviewed):
    school, application = reviewed
    step, seen = application.open_steps().get().pk, application.version
    said = at_once(*[approval(school.vice_president, application, step, seen)] * 2)
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Stale"]
    assert len(approvals(application)) == 1 and [row[2] for row in attempts(application)] == ["stale"]
    assert Recognition.objects.filter(application_id=application.pk).count() == 1


def test_two_officers_take_the_last_place(region):
    call = house.open_nm_call(region, quotas=((1, 1), (2, 1)))
    cases = []
    for number in (1, 2):
        application = house.nm_draft(region, call, name=f"基地{number}")
        done(region.secretary.do(application, "submit"))
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        cases.append(application)
    lists = [house.recommended_list(region, call, person) for person in (region.office, region.office2)]
    said = at_once(
        *[
            lambda n=n, who=who: perform(
                lists[n], "add_member", who.membership, {"answers": {"case": f"application-{cases[n].pk}"}}
            )
            for n, who in enumerate((region.office, region.office2))
        ]
    )
    assert sorted(type(error).__name__ for error in said) == ["NoneType", "Refused"]
    refusal = next(error for error in said if error)
    assert refusal.findings[0].clause == "NM-6b"
    assert ListEntry.objects.filter(removed_at=None).count() == 1


def test_a_mail_survives_a_worker_and_goes_out_once(region, call):
    """Committed but not sent when the worker died: the next run sends it, once; two workers at a time send it once."""
    application = house.nm_draft(region, call)
    outbox.drain()
    mail.outbox.clear()
    done(region.secretary.do(application, "submit"))
    waiting = OutboxMessage.objects.filter(kind="mail", sent_at=None).count()
    assert waiting > 0 and mail.outbox == []

    class Killed(BaseException):
        """What a killed worker looks like from inside: no handler runs."""

    deliver, calls = lanes.deliver, []

    def dies(message):
        calls.append(message.pk)
        raise Killed

    lanes.deliver = dies
    try:
        with pytest.raises(Killed):
            outbox.drain(lane="mails")
    finally:
        lanes.deliver = deliver
    assert len(calls) == 1 and mail.outbox == []
    assert OutboxMessage.objects.filter(kind="mail", sent_at=None).count() == waiting
    at_once(lambda: outbox.drain() and None, lambda: outbox.drain() and None)
    assert len(mail.outbox) == waiting - 1  # the claim of the dead worker stands until its lease is over
    OutboxMessage.objects.filter(pk__in=calls).update(available_at=clock.real_now())
    at_once(lambda: outbox.drain() and None, lambda: outbox.drain() and None)
    assert len(mail.outbox) == waiting
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == waiting
    assert outbox.drain() == 0


def test_a_mail_of_a_refused_act_never_existed(region, call):
    application = house.nm_draft(region, call, industry_fit="")
    outbox.drain()
    before = OutboxMessage.objects.count()
    assert region.secretary.do(application, "submit").status_code == 422
    assert OutboxMessage.objects.count() == before
