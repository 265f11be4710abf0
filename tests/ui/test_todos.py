"""One source of to-dos: home, the list and the counts agree, whatever waits; what is done asks nobody any more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Objection
from core import clock, ledger
from core.models import InboxMessage, TransitionLog
from portal import todos
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories
from tests.ui import factories as things

pytestmark = pytest.mark.django_db
QUERIES = 14  # of the page that lists all to-dos, whatever waits


@pytest.fixture
def office(db):
    return Person(factories.member(factories.university(name="测试大学甲"), "graduate_office"))


def on_both_pages(person: Person) -> list[str]:
    """The steps of the reader's to-dos; home, the list, its export's rows and the counts say the same."""
    home = person.get("/").context["todos"]
    listed = person.get("/todos/").context["list"]
    assert listed.total == home.total == len(home.rows) == todos.counts(person.membership).total
    assert [row.url for row in listed.page.rows] == [row.url for row in home.rows]
    return [row.step for row in home.rows]


def owed(office: Person, kind: str, number: int, due: int = 10) -> None:
    ledger.owe(
        f"{kind}:{number}",
        kind=kind,
        title=f"{kind}的事",
        due_on=clock.today() + dt.timedelta(days=due),
        organisation_id=office.organisation.pk,
        role="graduate_office",
        case=fresh(things.notice(office.organisation, "某公示", slug=f"{kind}{number}")),
    )


@pytest.mark.both_databases
def test_of_what_is_due_only_what_asks_for_something_is_a_todo(office):
    for kind in ("agreement_due", "record_due", "record", "agreement_expiry", "construction"):
        owed(office, kind, 1)
    assert sorted(on_both_pages(office)) == ["agreement_due的事", "record_due的事", "record的事"]
    reminded = [row.kind for row in office.get("/").context["reminders"]]
    assert sorted(reminded) == ["agreement_expiry", "construction"]
    ledger.settle("record_due:1")
    assert sorted(on_both_pages(office)) == ["agreement_due的事", "record的事"]


def test_what_a_long_period_owes_is_a_todo_in_its_last_month_only(office):
    owed(office, "record_due", 1, due=32)
    assert on_both_pages(office) == []
    owed(office, "record_due", 2, due=31)
    owed(office, "agreement_due", 3, due=32)  # what is due once is asked for at once
    assert sorted(on_both_pages(office)) == ["agreement_due的事", "record_due的事"]


@pytest.mark.both_databases
def test_an_objection_is_a_todo_until_it_has_an_outcome(office):
    notice = things.notice(office.organisation, "拟推荐名单公示")
    assert on_both_pages(office) == []
    raised = {"channel": "letter", "name": "某教师", "contact": "0471", "text": "材料不实。"}
    done(office.do(notice, "register_objection", raised))
    assert on_both_pages(office) == ["办理异议"]
    (todo,) = office.get("/").context["todos"].rows
    assert todo.from_person == "某教师" and office.get(todo.url.partition("#")[0]).status_code == 200
    others = [("legal", office.organisation), ("graduate_office", factories.university())]
    assert [on_both_pages(Person(factories.member(unit, role))) for role, unit in others] == [[], []]
    message = InboxMessage.objects.get(user=office.membership.user, title="公示收到异议")
    assert message.read_at is None
    objection = Objection.objects.get()
    done(
        office.do(
            notice,
            "resolve_objection",
            {"objection": str(objection.pk), "outcome": "dismissed", "resolution": "经核查，材料属实。"},
        )
    )
    assert on_both_pages(office) == []
    message.refresh_from_db()
    assert message.read_at is not None


def test_a_scan_left_behind_by_a_return_is_nobodys_todo_and_what_was_done_is_read():
    with clock.travel("2026-03-02T09:00"):
        school = house.xcu_school()
        application = house.xcu_submitted(school, house.open_xcu_call(school))
    colleague = Person(factories.member(school.partner, "contact"))
    with clock.travel("2026-03-05T09:00"):
        asked = InboxMessage.objects.filter(asks__startswith="step:", membership_id=school.contact.membership.pk)
        assert asked.get().read_at is None
        opinion = {"opinion": "同意共建。", "scan": [house.sent("盖章.pdf")]}
        done(school.contact.step(application, "partner_opinion", opinion))
        assert asked.get().read_at is not None
        assert "盖章件核对" in on_both_pages(school.office)
        assert on_both_pages(colleague) == []
        returned = {"opinion": "请补充论证。", "decided_by": "院长", "decided_on": "2026-03-05"}
        returned["correction_due"] = "2026-03-12"
        done(school.secretary.step(application, "college_opinion", returned, outcome="return"))
        assert fresh(application).state == "draft"
        assert "盖章件核对" not in on_both_pages(school.office)
        assert "退回修改" in on_both_pages(school.secretary)
        back = InboxMessage.objects.get(title__startswith="退回修改", membership_id=school.secretary.membership.pk)
        assert back.read_at is None
        done(school.secretary.do(application, "submit"))
        back.refresh_from_db()
        assert back.read_at is not None
        unread = InboxMessage.objects.filter(read_at=None).exclude(asks="").values_list("asks", flat=True)
        still = {f"step:{pk}" for pk in fresh(application).open_steps().values_list("pk", flat=True)}
        assert set(unread) <= still


def test_each_todo_stands_under_the_membership_it_is_due_from(office):
    """One person in two offices: each sees its own, is told of the other, and the act stands under the one it was
    done in."""
    other = factories.member(factories.university(name="测试大学乙"), "graduate_office", office.membership.user)
    notice = things.notice(other.organisation, "乙校公示")
    raised = {"channel": "phone", "name": "某生", "contact": "0471", "text": "材料不实。"}
    done(Person(factories.member(other.organisation, "graduate_office")).do(notice, "register_objection", raised))
    home = office.get("/")
    assert home.context["todos"].rows == []
    assert [(one.pk, total) for one, total in home.context["elsewhere"]] == [(other.pk, 1)]
    client: Client = office.client
    assert client.post("/switch/", {"membership": other.pk}).status_code == 302
    (todo,) = client.get("/").context["todos"].rows
    assert client.get(todo.url.partition("#")[0]).status_code == 200
    settled = {"objection": str(Objection.objects.get().pk), "outcome": "dismissed", "resolution": "经核查，材料属实。"}
    done(office.do(notice, "resolve_objection", settled))
    line = TransitionLog.objects.get(transition="resolve_objection")
    assert (line.membership_id, line.organisation_id) == (other.pk, other.organisation_id)
    assert client.get("/").context["elsewhere"] == []


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_as_much_of_one_row_as_of_thirty(office, count):
    notice = things.notice(office.organisation, "某公示")
    for number in range(count):
        things.step(office.organisation, "graduate_office", number, number + 1)
        owed_on = clock.today() + dt.timedelta(days=number)
        unit = office.organisation.pk
        ledger.owe(f"record:{number}", kind="record", title="事", due_on=owed_on, organisation_id=unit, case=notice)
        Objection.objects.create(
            notice=notice,
            number=f"YY-{number}",
            channel="letter",
            name="某人",
            contact="1",
            text="不实",
            raised_at=clock.now(),
        )
    office.get("/todos/")
    with CaptureQueriesContext(connection) as seen:
        listed = office.get("/todos/").context["list"]
    assert len(seen) == QUERIES
    assert (listed.total, len(listed.page.rows)) == (3 * count, min(3 * count, 50))


def test_the_list_turns_pages_searches_sorts_and_is_exported(office):
    for number in range(1, 61):
        things.step(office.organisation, "graduate_office", number, number)
    first = office.get("/todos/").context["list"]
    assert [row.number for row in first.page.rows] == [f"T-2026-{number:04d}" for number in range(1, 51)]
    second = office.client.get("/todos/" + first.urls["after"]).context["list"]
    assert [row.number for row in second.page.rows] == [f"T-2026-{number:04d}" for number in range(51, 61)]
    back = office.client.get("/todos/" + second.urls["before"]).context["list"]
    assert back.page.rows == first.page.rows and first.total == 60
    down = office.get("/todos/", sort="-number").context["list"]
    assert down.page.rows[0].number == "T-2026-0060"
    sought = office.get("/todos/", q="T-2026-0042").context["list"]
    assert [row.number for row in sought.page.rows] == ["T-2026-0042"]
    assert office.get("/todos/", export="all")["Content-Type"].endswith("sheet")
    assert office.get("/todos/", after="nonsense").context["list"].page.rows == first.page.rows
