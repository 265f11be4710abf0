"""The register, the month, the feed and the settings of what is due: each shows what its reader sees and no more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from core import clock, ledger
from core.models import LedgerEntry, TransitionLog
from portal.due import scope
from tenants.models import MutedKind, ReminderDays
from tests.scenarios import house
from tests.scenarios.house import Person, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db

TODAY = "2027-03-01T09:00"
D = dt.date.fromisoformat


@pytest.fixture
def world():
    with clock.travel(TODAY):
        world = house.nm_region()
        world.agreement = house.recorded_agreement(world.secretary, world.partner, world.version, "2024-06-01")
        yield world


def owe(membership, name: str, day: str, kind: str = "record", **more) -> LedgerEntry:
    return ledger.owe(
        name,
        kind=kind,
        title=f"事项{name}",
        due_on=D(day),
        organisation_id=membership.organisation_id,
        role=membership.role,
        **more,
    )


def test_the_register_shows_what_its_reader_sees(world):
    """The university's row about a common agreement is on everybody's register who sees the agreement; what a stranger's
    university owes is on none."""
    owe(world.office.membership, "office", "2027-03-05", clause="NM-13")
    owe(world.other_office.membership, "other", "2027-03-05")
    mine = text_of(world.office.get("/due/"))
    assert "协议到期：" in mine and "事项office" in mine and "事项other" not in mine and "NM-13" in mine
    partner = Person(factories.member(world.partner, "contact"))
    seen = text_of(partner.get("/due/"))
    assert "协议到期：" in seen and "事项office" not in seen and "事项other" not in seen
    assert "协议到期：" not in text_of(world.other_office.get("/due/"))
    assert "事项office" not in text_of(world.secretary.get("/due/"))


def test_what_a_sibling_owes_on_a_common_call_is_its_own_business(world):
    """Both universities see the department's call; each sees only what it owes itself, the department sees both."""
    call = house.open_nm_call(world)
    rows = LedgerEntry.objects.filter(kind="call", case_id=call.pk)
    assert rows.count() > 1
    for person in (world.office, world.other_office):
        seen = scope.seen(person.membership).filter(kind="call")
        assert {row.organisation_id for row in seen} == {person.membership.organisation_id}
    assert scope.seen(world.officer.membership).filter(kind="call").count() == rows.count()
    assert not scope.seen(factories.member(world.university, "expert")).exists()


@pytest.mark.parametrize(
    ("light", "days"),
    [("over", -1), ("red", 0), ("red", 7), ("orange", 8), ("orange", 30), ("yellow", 31), ("yellow", 60),
     ("blue", 61), ("blue", 90), ("later", 91)],
)  # fmt: skip
def test_the_four_colours_at_their_bounds(world, light, days):
    owe(world.office.membership, "x", (clock.today() + dt.timedelta(days=days)).isoformat())
    for other in ("over", "red", "orange", "yellow", "blue", "later"):
        shown = "事项x" in text_of(world.office.get("/due/", light=other))
        assert shown == (other == light)


def test_the_register_costs_the_same_for_one_row_and_for_thirty(world):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert world.office.get("/due/").status_code == 200
        return len(context)

    owe(world.office.membership, "first", "2027-03-05")
    world.office.get("/due/")
    few = queries()
    for number in range(30):
        owe(world.office.membership, f"more{number}", "2027-03-06")
    assert queries() == few


def test_done_rows_and_export(world):
    owe(world.office.membership, "open", "2027-03-05")
    owe(world.office.membership, "done", "2027-03-05")
    ledger.settle("done")
    page = text_of(world.office.get("/due/"))
    assert "事项open" in page and "事项done" not in page
    assert "事项done" in text_of(world.office.get("/due/", state="done"))
    sheet = world.office.get("/due/", export="all")
    assert sheet.status_code == 200 and sheet.headers["Content-Type"].startswith("application/vnd.openxml")


def test_the_month_names_a_few_rows_a_day_and_counts_the_others(world):
    for number in range(7):
        owe(world.office.membership, f"m{number}", "2027-03-15")
    owe(world.office.membership, "april", "2027-04-20")
    page = text_of(world.office.get("/due/calendar/", month="2027-03"))
    assert "事项m0" in page and "事项m3" in page and "事项m4" not in page and "还有3项" in page
    assert "事项april" not in page and "2027年的节假日安排未录入" in page
    assert "事项april" in text_of(world.office.get("/due/calendar/", month="2027-04"))
    for odd in ("", "x", "9999-12", "0001-01", "2027-13"):
        assert world.office.get("/due/calendar/", month=odd).status_code == 200


def _address(person: Person) -> str:
    page = person.client.post("/due/settings/", {"act": "feed"}, follow=True)
    return "/calendar/" + text_of(page).split(f"{settings.SITE_URL}/calendar/")[1].split(".ics")[0] + ".ics"


def test_a_persons_feed_holds_what_they_see_and_names_no_student(world):
    owe(world.office.membership, "mine", "2027-03-05", clause="NM-13")
    owe(world.other_office.membership, "foreign", "2027-03-05")
    owe(world.office.membership, "张同学实践", "2027-03-06", kind="placement_ends")
    first = _address(world.office)
    answer = Client().get(first)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert {"事项mine", "实践期满"} <= set(events)
    assert not any("张同学" in line or "foreign" in line for line in events) and "张同学" not in answer.content.decode()
    assert events["事项mine"]["dtstart"].dt == D("2027-03-05") and "NM-13" in str(events["事项mine"]["description"])
    assert "/calendar/" not in text_of(world.office.get("/due/settings/")).replace("/due/calendar/", ""), "shown once"
    second = _address(world.office)
    assert Client().get(first).status_code == 404 and Client().get(second).status_code == 200
    world.office.client.post("/due/settings/", {"act": "feed_end"})
    assert Client().get(second).status_code == 404


def test_a_feed_ends_with_its_person(world):
    address = _address(world.office)
    owe(world.office.membership, "mine", "2027-03-05")
    world.office.membership.state = "ended"
    world.office.membership.save()
    assert not Calendar.from_ical(Client().get(address).content).walk("VEVENT")
    world.office.membership.user.is_active = False
    world.office.membership.user.save()
    assert Client().get(address).status_code == 404


def test_a_person_mutes_kinds_and_nobody_elses(world):
    answer = world.office.client.post("/due/settings/", {"act": "mute", "kind": ["record", "nonsense"]})
    assert answer.status_code == 302
    muted = set(MutedKind.objects.values_list("user_id", "kind"))
    assert (world.office.membership.user_id, "construction") in muted
    assert (world.office.membership.user_id, "record") not in muted
    assert {user for user, _kind in muted} == {world.office.membership.user_id}


def test_the_administrator_sets_the_stages_of_the_unit(world):
    """From today on; open rows follow, and what they were reminded of already is not repeated."""
    admin = Person(factories.member(world.university, "admin"))
    entry = LedgerEntry.objects.get(kind="agreement_expiry")
    assert entry.stages == [90, 60, 30, 7]
    assert (
        world.office.client.post(
            "/due/settings/", {"act": "stages", "kind": "agreement_expiry", "days": "45"}
        ).status_code
        == 403
    )
    for wrong in ("", "0", "400", "1,2,3,4,5,6,7,8,9"):
        admin.client.post("/due/settings/", {"act": "stages", "kind": "agreement_expiry", "days": wrong})
    assert not ReminderDays.objects.exists()
    admin.client.post("/due/settings/", {"act": "stages", "kind": "agreement_expiry", "days": "４５，10"})
    entry.refresh_from_db()
    assert entry.stages == [45, 10] and entry.remind_on == entry.due_on - dt.timedelta(days=45)
    line = TransitionLog.objects.get(transition="reminder_days")
    assert (line.actor_name, line.data["days"]) == (admin.membership.name, "45, 10")
    assert "45，10" in text_of(admin.get("/due/settings/"))


def test_what_a_department_sets_reaches_its_universities_and_their_colleges(world):
    """As the page says, down to the last: but not who has days of their own, nor the colleges of such a university."""
    officer = Person(factories.member(world.department, "admin"))
    admin = Person(factories.member(world.university, "admin"))
    set_days = {"act": "stages", "kind": "agreement_expiry", "days": "45"}
    owed = {
        name: owe(unit.membership, name, "2027-12-31", kind="agreement_expiry")
        for name, unit in (
            ("university", world.office),
            ("college", world.secretary),
            ("other", world.other_office),
            ("its college", world.other_secretary),
            ("partner", world.contact),
        )
    }

    def stages() -> dict[str, list[int]]:
        return {name: LedgerEntry.objects.get(pk=row.pk).stages for name, row in owed.items()}

    assert set(map(tuple, stages().values())) == {(90, 60, 30, 7)}
    assert "适用于本单位及下级单位" in text_of(officer.get("/due/settings/"))
    officer.client.post("/due/settings/", set_days)
    below = {name: [45] for name in owed} | {"partner": [90, 60, 30, 7]}
    assert stages() == below
    assert owe(world.secretary.membership, "new", "2027-12-31", kind="agreement_expiry").stages == [45]
    assert "45" in text_of(admin.get("/due/settings/"))
    admin.client.post("/due/settings/", set_days | {"days": "20, 5"})
    own = {"university": [20, 5], "college": [20, 5]}
    assert stages() == below | own
    officer.client.post("/due/settings/", set_days | {"days": "60"})
    assert stages() == {"university": [20, 5], "college": [20, 5], "other": [60], "its college": [60]} | {
        "partner": [90, 60, 30, 7]
    }
    assert owe(world.secretary.membership, "newer", "2027-12-31", kind="agreement_expiry").stages == [20, 5]


def test_the_clock_page_tells_what_runs(world):
    page = text_of(world.office.get(f"{world.agreement.get_absolute_url()}clock/"))
    assert "协议到期" in page and world.agreement.ends_on.isoformat() in page and "未停止" in page
    assert world.other_office.get(f"{world.agreement.get_absolute_url()}clock/").status_code == 404
    assert "期限时钟" in text_of(world.office.page(world.agreement))
