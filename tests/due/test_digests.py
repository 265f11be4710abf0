"""One digest a person and day; stages; what may be switched off; each tenant for itself; a run that only looks."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from bases.models import Agreement
from core import clock, ledger
from core.ledger import kinds, people, run
from core.models import DailyRun, InboxMessage, LedgerEntry, OutboxMessage, Reminder
from tenants.models import MutedKind, ReminderDays
from tests.scenarios import house
from tests.tenants import factories

pytestmark = pytest.mark.django_db

D = dt.date.fromisoformat


@pytest.fixture
def clerk():
    university = factories.university()
    return factories.member(university, "graduate_office")


def owe(clerk, name: str, day: str, kind: str = "report", **more) -> LedgerEntry:
    return ledger.owe(
        name,
        kind=kind,
        title=f"事项{name}",
        due_on=D(day),
        organisation_id=clerk.organisation_id,
        role=clerk.role,
        **more,
    )


def morning(day: str, hour: int = 8) -> dict:
    with clock.travel(f"{day}T{hour:02}:00"):
        return ledger.run_scheduled()


def mails() -> list[dict]:
    return [row.payload for row in OutboxMessage.objects.filter(kind="mail").order_by("pk")]


def test_one_mail_a_person_and_day(clerk):
    for number in range(3):
        owe(clerk, f"a{number}", "2027-03-05")
    said = morning("2027-03-01")
    assert (said["reminded"], said["told"], said["failed"]) == (3, 1, 0)
    (mail,) = mails()
    assert mail["subject"] == "【到期提醒】3项" and all(f"事项a{number}" in mail["body"] for number in range(3))
    assert InboxMessage.objects.count() == 3, "a few rows: each is read when its matter is done"
    owe(clerk, "late-comer", "2027-03-04")
    assert (morning("2027-03-01", 12)["reminded"], len(mails())) == (0, 1), "the day's run is done"
    with clock.travel("2027-03-01T13:00"):
        assert ledger.run_due(clock.today())["reminded"] == 1, "by hand: gathered, told with the next day's"
    assert len(mails()) == 1
    assert (morning("2027-03-02")["told"], len(mails())) == (1, 2)
    assert mails()[1]["subject"] == "【到期提醒】事项late-comer"
    for day in ("2027-03-02", "2027-03-03"):
        assert morning(day)["told"] == 0


def test_many_rows_are_one_message_that_leads_to_the_register(clerk):
    for number in range(60):
        owe(clerk, f"a{number:02}", "2027-03-05")
    morning("2027-03-01")
    (message,) = InboxMessage.objects.all()
    assert (message.title, message.url) == ("【到期提醒】60项", "/due/")
    (mail,) = mails()
    assert mail["body"].count("【到期提醒】") == 50 and "共60项，其余见到期台账" in mail["body"]


def test_nothing_goes_out_before_the_morning_and_a_missed_morning_is_caught_up(clerk):
    owe(clerk, "a", "2027-03-05")
    assert (morning("2027-03-01", 6)["reminded"], DailyRun.objects.count()) == (0, 0)
    assert morning("2027-03-01", 23)["told"] == 1


def test_what_is_done_before_it_was_told_is_not_told(clerk):
    owe(clerk, "a", "2027-03-05")
    with clock.travel("2027-03-01T08:00"):
        run.run_daily(people.directory.tenants()[1], clock.today())
        ledger.settle("a")
    assert (morning("2027-03-02")["told"], mails()) == (0, [])


@pytest.mark.parametrize(
    ("owed_on", "told_on"),
    [
        ("2029-01-01", ["2029-06-02", "2029-07-02", "2029-08-01", "2029-08-24"]),
        ("2029-07-15", ["2029-07-15", "2029-08-01", "2029-08-24"]),
        ("2029-08-24", ["2029-08-24"]),
    ],
)
def test_an_end_is_reminded_of_in_stages(clerk, owed_on, told_on):
    """90, 60, 30 and 7 days before; what is entered late at once, and then at the stages that are left."""
    with clock.travel(f"{owed_on}T06:00"):
        owe(clerk, "end", "2029-08-31", kind="agreement_expiry")
    day, told = D(owed_on), []
    while day <= D("2029-08-31"):
        if morning(day.isoformat())["reminded"]:
            told.append(day.isoformat())
        day += dt.timedelta(days=1)
    assert told == told_on


def test_days_missed_leave_one_reminder_not_three(clerk):
    with clock.travel("2029-01-01"):
        owe(clerk, "end", "2029-08-31", kind="construction")
    assert [morning(day)["reminded"] for day in ("2029-08-02", "2029-08-03", "2029-08-24")] == [1, 0, 1]


def test_an_organisation_chooses_its_stages(clerk):
    """A row of its own from a day on; a college takes the university's where it has said nothing."""
    ReminderDays.objects.create(
        organisation=clerk.organisation, kind="agreement_expiry", days=[10, 3], from_on=D("2027-02-01"), by="甲"
    )
    college = factories.member(factories.college(clerk.organisation), "secretary")
    with clock.travel("2027-01-31"):
        assert owe(clerk, "before", "2027-12-31", kind="agreement_expiry").stages == [90, 60, 30, 7]
    with clock.travel("2027-02-01"):
        assert owe(clerk, "own", "2027-12-31", kind="agreement_expiry").stages == [10, 3]
        row = owe(college, "college", "2027-12-31", kind="agreement_expiry")
        assert (row.stages, row.remind_on) == ([10, 3], D("2027-12-21"))
        assert owe(clerk, "other", "2027-12-31", kind="construction").stages == [90, 60, 30, 7]


def test_a_kind_is_switched_off_but_no_legal_day(clerk):
    colleague = factories.member(clerk.organisation, "graduate_office")
    MutedKind.objects.create(user=clerk.user, kind="construction")
    owe(clerk, "ours", "2027-03-05", kind="construction")
    owe(clerk, "law", "2027-03-06", kind="construction", clause="NM-12a")
    morning("2027-03-01")
    assert {mail["to"]: mail["subject"] for mail in mails()} == {
        clerk.user.email: "【到期提醒】事项law",
        colleague.user.email: "【到期提醒】2项",
    }


def test_the_leader_hears_of_what_is_late_once_also_where_days_were_missed(clerk):
    leader = factories.member(clerk.organisation, "vice_president")
    owe(clerk, "a", "2027-03-05")
    assert morning("2027-03-05")["escalated"] == 0
    assert morning("2027-03-09")["escalated"] == 1 and morning("2027-03-10")["escalated"] == 0
    assert [mail["subject"] for mail in mails() if mail["to"] == leader.user.email] == ["【逾期】事项a"]


def test_one_tenants_fault_stops_no_other(clerk, monkeypatch, settings):
    """A tenant whose run breaks is tried again at the next one; the others have had their day."""
    other = factories.member(factories.university(), "graduate_office")
    owe(clerk, "a", "2027-03-05")
    LedgerEntry.objects.filter(key="a").update(stages={"broken": 1}, due_on=D("2027-03-05"))
    owe(other, "b", "2027-03-05")
    said = morning("2027-03-01")
    assert (said["reminded"], said["failed"]) == (1, 1)
    assert [mail["to"] for mail in mails()] == [other.user.email]
    LedgerEntry.objects.filter(key="a").update(stages=[])
    assert morning("2027-03-02")["reminded"] == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    """S13: the agreement of a base under LCU ends by itself the day after its last; the dry run says so years before."""
    region = house.nm_region()
    lcu = house.published("lcu")
    with clock.travel("2026-09-01T10:00"):
        agreement = house.recorded_agreement(region.secretary, region.partner, lcu, "2024-09-01")
        after = house.fresh(agreement).ends_on + dt.timedelta(days=1)

        def counts():
            return {model: model._base_manager.count() for model in apps.get_models()}

        before, said = counts(), StringIO()
        call_command("run_due", date=after, dry_run=True, stdout=said)
        assert counts() == before and house.fresh(agreement).state == "signed"
        text = said.getvalue()
        assert "Nothing of this is written" in text and "agreement_expiry: 1 made" in text
        assert agreement.title in text and "LCU-5d" in text
        with pytest.raises(CommandError, match="only --dry-run looks ahead"):
            call_command("run_due", date=after)
    assert not Reminder.objects.exists() and Agreement.objects.get().ended_on is None


def test_s13_the_office_hears_ninety_days_before_the_end_and_the_end_comes_by_itself():
    """S13 1-3: an agreement under LCU that ends on 2029-08-31: reminded of on 2029-06-02 and not before, ended by the job of
    2029-09-01, and a second run changes nothing."""
    region = house.nm_region()
    with clock.travel("2026-09-02T10:00"):
        agreement = house.recorded_agreement(region.secretary, region.partner, house.published("lcu"), "2024-08-31")
    first, eve = D("2029-06-02"), D("2029-08-31")
    assert house.fresh(agreement).ends_on == eve
    office = region.office.membership
    told = InboxMessage.objects.filter(membership_id=office.pk, title__contains="协议到期")
    morning((first - dt.timedelta(days=1)).isoformat())
    assert not told.exists()
    morning(first.isoformat())
    assert told.count() == 1
    morning(eve.isoformat())
    assert house.fresh(agreement).state == "signed"
    after = (eve + dt.timedelta(days=1)).isoformat()
    assert morning(after)["kinds"]["agreement_expiry"]["acted"] == 1
    ended = house.fresh(agreement)
    assert (ended.state, ended.ended_on) == ("ended", eve)
    assert morning(after, 12)["acted"] == 0 and house.fresh(agreement).version == ended.version


def test_every_kind_of_row_has_a_name():
    """Whatever code enters in the ledger is called something where people choose, filter and read it."""
    unnamed = [kind.code for kind in kinds.KINDS.values() if kind.listed and not str(kind.label)]
    assert not unnamed and {"agreement_expiry", "construction"} <= set(kinds.staged())
