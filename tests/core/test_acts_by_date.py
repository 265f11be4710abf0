"""What the system makes when a day has passed: once, late where the job did not run, and one that fails stops no other."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.models import Notice
from core import clock, ledger
from core.models import AttemptLog, InboxMessage, LedgerEntry, TransitionLog
from tenants.models import Organisation
from tests.door.test_races import at_once
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        yield house.nm_region()


def _publicised(region, secretary, office, name: str):
    """A university's list with one application on it, publicised from 2 March on; returns (notice, application)."""
    application = house.nm_draft(region, region.call, secretary, name=name)
    done(secretary.do(application, "submit"))
    done(office.step(application, "six_aspects", house.SIX_ASPECTS))
    with clock.travel("2027-03-02T09:00"):
        case_list = house.recommended_list(region, region.call, office)
        done(office.do(case_list, "add_member", {"case": f"application-{application.pk}"}))
        done(office.do(case_list, "publicise", house.notice_answers("2027-03-02")))
    return Notice.objects.get(case_list=case_list), application


@pytest.fixture
def notice(region):
    region.call = house.open_nm_call(region)
    return _publicised(region, region.secretary, region.office, "第一基地")[0]


def _after(notice, days: int):
    return clock.travel(clock.aware(notice.closes_on + dt.timedelta(days=days)).replace(hour=9))


def _ends(notice) -> list[TransitionLog]:
    return list(TransitionLog.objects.filter(case_kind="notice", case_id=notice.pk, to_state="closed"))


def test_an_act_runs_once_under_two_schedulers_and_catches_up(region, notice):
    """The job did not run for days: the page says what the date implies and writes nothing; then two jobs at once."""
    with _after(notice, 0):
        ledger.run_due(clock.today())
        assert fresh(notice).state == "publicised" and LedgerEntry.objects.get(kind="notice").done_at is None
    with _after(notice, 6):
        lines = TransitionLog.objects.count()
        page = text_of(region.office.page(notice))
        assert f"公示已于{notice.closes_on.isoformat()} 24时届满" in page and "系统随后结束公示" in page
        assert fresh(notice).state == "publicised" and TransitionLog.objects.count() == lines
        today = clock.today()
        assert at_once(*[lambda: ledger.run_due(today)] * 2) == [None, None]
        (line,) = _ends(notice)
        assert (line.role, line.actor_name) == ("system", "系统")
        assert line.on == notice.closes_on + dt.timedelta(days=1)
        assert notice.closes_on.isoformat() in line.reason and "NM-8.2b" in line.reason
        entry = LedgerEntry.objects.get(kind="notice")
        assert entry.acted_at and entry.done_at and not entry.failures
        again = ledger.run_due(today)
        assert (again["acted"], again["failed"]) == (0, 0)
        assert "系统随后结束公示" not in text_of(region.office.page(notice))


def test_a_move_first_makes_what_is_due(region, notice):
    """Nobody ran the job: an objection that comes too late finds the notice ended, whoever enters it."""
    objection = {
        "channel": "phone",
        "name": "某教师",
        "contact": "19900001999",
        "text": "名单中一人未到基地实践，请核查。",
    }
    with _after(notice, 1):
        done(region.office.do(notice, "register_objection", objection))
    with _after(notice, 6):
        (row,) = notice.objections.all()
        said = ledger.run_due(clock.today())
        assert said["waiting"] == 1 and said["failed"] == 0, "an open objection holds it, and that is no fault"
        assert fresh(notice).state == "publicised"
        done(
            region.office.do(
                notice, "resolve_objection", {"objection": row.pk, "outcome": "dismissed", "resolution": "不实。"}
            )
        )
        answer = region.office.do(notice, "register_objection", objection)
        assert answer.status_code in (302, 409)
        assert fresh(notice).state == "closed" and notice.objections.count() == 1
        (line,) = _ends(notice)
        assert line.role == "system"


def test_whoever_asks_for_the_very_move_makes_it(region, notice):
    with _after(notice, 6):
        done(region.office.do(notice, "close", seen=fresh(notice).version))
        (line,) = _ends(notice)
        assert line.actor_name == "温以宁" and LedgerEntry.objects.get(kind="notice").done_at
        assert ledger.run_due(clock.today())["acted"] == 0


def test_what_fails_stops_no_other_and_the_administrator_sees_it(region, notice):
    """Another tenant's row points to a case that is not there: it is counted, kept, shown to that tenant's administrator
    and tried again; the first tenant's notice ends."""
    other = Organisation.objects.get(pk=region.other_office.membership.organisation_id)
    broken = ledger.owe(
        "notice:gone",
        kind="notice",
        title="公示届满：已损坏的一行",
        due_on=notice.closes_on - dt.timedelta(days=1),  # it is tried first
        organisation_id=other.pk,
        role="graduate_office",
        remind_days=0,
        clause="NM-8.2b",
        handler="notice.close",
    )
    LedgerEntry.objects.filter(pk=broken.pk).update(case_kind="notice", case_id=10**9)
    admin = Person(factories.member(other, "admin", factories.user("管理员甲")))
    stranger = Person(factories.member(notice.university, "admin", factories.user("管理员乙")))
    with _after(notice, 6):
        attempts = AttemptLog.objects.count()
        said = ledger.run_due(clock.today())
        assert (said["acted"], said["failed"]) == (1, 1) and said["kinds"]["notice"]["acted"] == 1
        assert fresh(notice).state == "closed" and AttemptLog.objects.count() == attempts
        broken.refresh_from_db()
        assert broken.failures == 1 and "DoesNotExist" in broken.error and broken.done_at is None
        assert "已损坏的一行" in text_of(admin.get("/organisation/"))
        assert "已损坏的一行" not in text_of(stranger.get("/organisation/"))
        assert ledger.run_due(clock.today())["failed"] == 0, "not again at once"
        row = {"row": f"entry-{broken.pk}", "act": "retry"}
        assert stranger.client.post("/organisation/work/", row).status_code == 404
        assert admin.client.post("/organisation/work/", row).status_code == 302
        assert ledger.run_due(clock.today())["failed"] == 1
    with _after(notice, 9):
        assert ledger.run_due(clock.today())["failed"] == 1, "and again later"
        assert LedgerEntry.objects.get(pk=broken.pk).failures == 3


@pytest.mark.clause("LCU-5d")
def test_an_agreement_that_nobody_renewed_ends_by_itself_where_the_regulation_says_so(region):
    """Under LCU on the day after its last day; under NM, which says nothing of it, it stays as it is."""
    lcu = house.published("lcu")
    with clock.travel("2027-03-01T10:00"):
        own = house.recorded_agreement(region.secretary, region.partner, lcu, "2022-03-05")
        silent = house.recorded_agreement(region.secretary, region.partner, region.version, "2022-03-05")
    assert own.ends_on == silent.ends_on == dt.date(2027, 3, 5)
    with clock.travel("2027-03-05T23:00"):
        ledger.run_due(clock.today())
        assert fresh(own).state == "signed"
    with clock.travel("2027-03-06T00:20"):
        assert "未续签的协议自动终止" in text_of(region.secretary.page(own))
        ledger.run_due(clock.today())
        assert (fresh(own).state, fresh(own).ended_on) == ("ended", dt.date(2027, 3, 5))
        assert fresh(silent).state == "signed"
        line = TransitionLog.objects.filter(case_kind="agreement", case_id=own.pk).latest("id")
        assert line.role == "system" and "LCU-5d" in line.reason and line.on == dt.date(2027, 3, 6)


def test_what_is_late_is_told_to_the_units_leader_once(region):
    dean = factories.member(region.college, "dean", factories.user("院长甲"))
    person = region.secretary.membership
    ledger.owe(
        "report:1",
        kind="report",
        title="月度指导记录",
        due_on=dt.date(2027, 3, 10),
        organisation_id=region.college.pk,
        role="secretary",
        membership=person,
    )
    mine = InboxMessage.objects.filter(title__contains="月度指导记录")
    with clock.travel("2027-03-10T09:00"):
        assert ledger.run_due(clock.today())["escalated"] == 0
        assert [row.membership_id for row in mine] == [person.pk]
    with clock.travel("2027-03-11T09:00"):
        assert ledger.run_due(clock.today())["escalated"] == 1
        assert ledger.run_due(clock.today())["escalated"] == 0
    assert [row.membership_id for row in mine.order_by("pk")] == [person.pk, dean.pk]


def test_after_a_hand_over_the_other_is_reminded(region):
    giver, receiver = (
        factories.member(region.college, "mentor", factories.user(name)) for name in ("导师甲", "导师乙")
    )
    ledger.owe(
        "report:2",
        kind="report",
        title="月度指导记录",
        due_on=dt.date(2027, 3, 10),
        organisation_id=region.college.pk,
        role="mentor",
        membership=giver,
    )
    assert ledger.hand_over(giver, receiver) == 1
    with clock.travel("2027-03-09T09:00"):
        ledger.run_due(clock.today())
    told = InboxMessage.objects.filter(title__contains="月度指导记录")
    assert [row.membership_id for row in told] == [receiver.pk]


def test_what_a_person_owes_is_nobody_elses(region):
    """Two mentors of one college: each sees their own row among what falls due, the secretary neither."""
    one, other = (factories.member(region.college, "mentor", factories.user(name)) for name in ("导师甲", "导师乙"))
    for person in (one, other):
        ledger.owe(
            f"report:{person.pk}",
            kind="report",
            title=f"月度指导记录：{person.name}",
            due_on=dt.date(2027, 3, 10),
            organisation_id=region.college.pk,
            role="mentor",
            membership=person,
        )
    with clock.travel("2027-03-05T09:00"):
        owed = {row.key for row in ledger.owed_by(one)}
        assert owed == {f"report:{one.pk}"} and {row.key for row in ledger.owed_by(other)} == {f"report:{other.pk}"}
        assert not ledger.owed_by(region.secretary.membership).filter(kind="report").exists()
