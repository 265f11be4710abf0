"""Records: about a base, a partner, a university; owed again and again; keeping a gate shut; their columns typed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from bases.models import Recognition
from casework.models import Record
from core import clock, ledger
from core.models import InboxMessage, LedgerEntry
from regulations.loader import load_data
from tests.scenarios import test_sixth_profile as sixth
from tests.scenarios.house import done, fresh, main_of, refused, sent
from tests.scenarios.test_sixth_profile import field, local
from tests.scenarios.test_sixth_profile import profile as plain

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def profile() -> dict:
    """The sixth school's rules, in force on the decision, with records of three subjects."""
    made = plain()
    made["recognition"] |= {
        "active_when": local(value="decided"),
        "construction": {"years": local(value=2, unit="year"), "from": local(value="decided")},
        "plaque": {"when": local(value="after_recognition")},
    }
    made["settings"]["plan.interval"] = local(title="计划间隔", type="integer", value=None, unit="month")
    secretary, office = {"unit": "college", "role": "secretary"}, {"unit": "university", "role": "graduate_office"}
    made["records"] = {
        "exchange": local(
            title="交流活动",
            subject="base",
            authors=[secretary],
            fields=[field("what", required=True), field("spent", "money"), field("letter"), field("ends", "date")],
            columns={"amount": "spent", "number": "letter", "until": "ends"},
            cadence=local(months=1),
        ),
        "safety": local(
            title="安全检查",
            subject="partner",
            authors=[office],
            fields=[field("seen", required=True)],
            gates=["plaque.issue"],
        ),
        "plan": local(
            title="年度计划",
            subject="university",
            authors=[office],
            fields=[field("text", required=True)],
            cadence=local(months={"setting": "plan.interval"}),
        ),
    }
    return made


@pytest.fixture
def school(monkeypatch):
    monkeypatch.setattr(sixth, "profile", profile)
    with clock.travel("2027-03-01T09:00"):
        made = sixth.School()
        yield made


@pytest.fixture
def base(school) -> Recognition:
    application = school.draft(3)
    done(school.secretary.do(application, "submit"))
    done(school.support.step(application, "safety", {"remark": "已看"}))
    done(school.finance.step(application, "money", {"opinion": "同意"}))
    done(school.vice_president.step(application, "leader", {"opinion": "同意"}))
    made = Recognition.objects.get()
    assert (made.state, made.active_on) == ("active", dt.date(2027, 3, 1))
    return made


def enter(person, base, kind: str, on: str, **answers):
    return person.client.post(
        f"{base.get_absolute_url()}do/enter_record/?type={kind}",
        {
            "seen": fresh(base).version,
            "f-on": on,
            "type": kind,
            **{f"f-{key}": value for key, value in answers.items()},
        },
    )


def owed(kind: str) -> list[str]:
    rows = LedgerEntry.objects.filter(kind="record_due", done_at=None, key__startswith=f"record_due:{kind}:")
    return [row.due_on.isoformat() for row in rows.order_by("due_on")]


def test_an_entry_is_about_what_its_type_says(school, base):
    done(
        enter(
            school.secretary,
            base,
            "exchange",
            "2027-03-01",
            what="互访",
            spent="1200.50",
            letter="函1",
            ends="2027-03-02",
        )
    )
    entry = Record.objects.get()
    assert (entry.subject_kind, entry.subject_id) == ("base", base.base_id)
    assert (entry.case_kind, entry.case_id) == ("recognition", base.pk)
    assert (entry.amount, entry.number, entry.until_on) == (Decimal("1200.50"), "函1", dt.date(2027, 3, 2))
    done(enter(school.graduate_office, base, "safety", "2027-03-01", seen="合格"))
    done(enter(school.graduate_office, base, "plan", "2027-03-01", text="今年两次交流"))
    subjects = Record.objects.exclude(pk=entry.pk).order_by("pk").values_list("subject_kind", "subject_id")
    assert list(subjects) == [("organisation", school.unit.pk), ("organisation", school.university.pk)]
    page = main_of(school.secretary.page(base))
    assert all(word in page for word in ("互访", "安全检查", "年度计划"))
    refused(enter(school.contact, base, "exchange", "2027-03-01", what="不是我的"), status=422)


def test_a_gate_waits_for_the_record(school, base):
    def plaque() -> dict:
        return {"issued_on": "2027-03-01", "recipient": "企业", "photo": [sent("授牌.pdf")]}

    refused(school.graduate_office.do(base, "issue_plaque", plaque()), "还没有“安全检查”的记录")
    done(enter(school.graduate_office, base, "safety", "2027-03-01", seen="合格"))
    done(school.graduate_office.do(base, "issue_plaque", plaque()))


def test_a_record_is_owed_in_every_period_and_a_gap_stays(school, base):
    """Monthly since 2027-03-01: settled by an entry dated inside the month; a month without one stays open."""
    assert owed("exchange") == ["2027-03-31"] and owed("plan") == []
    done(enter(school.secretary, base, "exchange", "2027-03-01", what="互访"))
    assert owed("exchange") == []
    with clock.travel("2027-03-31T09:00"):
        ledger.run_due(clock.today())
        assert owed("exchange") == []
    with clock.travel("2027-04-01T09:00"):
        ledger.run_due(clock.today())
        assert owed("exchange") == ["2027-04-30"]
    with clock.travel("2027-04-25T09:00"):
        ledger.run_due(clock.today())
        reminded = InboxMessage.objects.filter(user=school.secretary.membership.user, title__contains="交流活动")
        assert reminded.exists()
    with clock.travel("2027-06-03T09:00"):  # five weeks without the job
        for _run in range(2):
            ledger.run_due(clock.today())
        assert owed("exchange") == ["2027-04-30", "2027-05-31", "2027-06-30"]
        page = main_of(school.secretary.page(base))
        assert "按期应有的记录" in page and "2027-04-30" in page
        done(enter(school.secretary, base, "exchange", "2027-05-31", what="补记"))
        assert owed("exchange") == ["2027-04-30", "2027-06-30"]
        done(enter(school.secretary, base, "exchange", "2027-06-01", what="六月"))
        assert owed("exchange") == ["2027-04-30"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": "nobody"}, "no subject «nobody»"),
        ({"columns": {"amount": "what"}}, "no field «what» of type"),
        ({"gates": ["record.save:exchange"]}, "no gate «record.save:exchange» can wait"),
        ({"gates": ["plaque.isue"]}, "no gate «plaque.isue»"),
        ({"authors": []}, "no author who owes it"),
        ({"cadence": local(months=1, weeks=1)}, "one of days, weeks, months"),
    ],
)
def test_a_type_that_could_not_work_is_refused(change, said):
    made = profile()
    made["records"]["exchange"] |= change
    faults = [str(fault) for fault in load_data(made).faults]
    assert any(said in fault for fault in faults), faults
