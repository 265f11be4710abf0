"""What the door writes: one line for an act, one for a refusal; neither can be rewritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from core import clock
from core.door import Forbidden, NotFound, Refused, Stale, perform
from core.models import AttemptLog, OutboxMessage, TransitionLog
from tests.scenarios import house

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T09:00"):
        return house.open_nm_call(region)


def test_a_line_says_who_when_what_and_under_which_rules(region, call):
    with clock.travel("2027-03-02T10:30"):
        application = house.nm_draft(region, call)
        before = clock.real_now()
        perform(application, "submit", region.secretary.membership, on=dt.date(2027, 3, 1))
    line = TransitionLog.objects.get(case_kind="application", case_id=application.pk, transition="submit")
    assert clock.local(line.at).isoformat()[:16] == "2027-03-02T10:30"
    assert before <= clock.local(line.real_at) <= clock.real_now()
    assert line.on == dt.date(2027, 3, 1)
    assert (line.from_state, line.to_state) == ("draft", "recommending")
    assert (line.actor_name, line.role, line.organisation_name) == ("贺小满", "secretary", "农业学院1")
    assert line.membership_id == region.secretary.membership.pk
    assert line.regulation == "NM/1"


def test_the_logs_cannot_be_rewritten(region, call):
    line = TransitionLog.objects.first()
    with pytest.raises(Refused):
        perform(call, "open", region.officer.membership, on=clock.today() + dt.timedelta(days=1))
    for row in (line, AttemptLog.objects.first()):
        for attack in (
            lambda row=row: type(row).objects.filter(pk=row.pk).update(actor_name="别人"),
            lambda row=row: type(row).objects.filter(pk=row.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                attack()
    assert TransitionLog.objects.get(pk=line.pk).actor_name == line.actor_name


def test_a_refusal_changes_nothing_but_the_log_of_attempts(region, call):
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, industry_fit="")
        lines, mails = TransitionLog.objects.count(), OutboxMessage.objects.count()
        with pytest.raises(Refused):
            perform(application, "submit", region.secretary.membership)
    assert (TransitionLog.objects.count(), OutboxMessage.objects.count()) == (lines, mails)
    attempt = AttemptLog.objects.get()
    assert attempt.error == "refused" and attempt.transition == "submit"
    assert "NM-7.1b" in {finding["clause"] for finding in attempt.findings}


def test_who_may_not_and_who_does_not_see(region, call):
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        with pytest.raises(Forbidden):
            perform(application, "submit", region.office.membership)
        with pytest.raises(NotFound):
            perform(application, "submit", region.other_secretary.membership)
        with pytest.raises(NotFound):
            perform(application, "no_such_move", region.secretary.membership)
    assert set(AttemptLog.objects.values_list("error", flat=True)) == {"forbidden", "not_found"}


def test_an_old_page_is_told_who_was_quicker(region, call):
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        seen = application.version
        perform(application, "submit", region.secretary.membership, seen=seen)
        with pytest.raises(Stale) as stale:
            perform(application, "withdraw", region.secretary.membership, {"reason": "不报了"}, seen=seen)
    assert "贺小满" in str(stale.value) and "送审" in str(stale.value)


def test_no_paper_is_dated_in_the_future(region, call):
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        with pytest.raises(Refused, match="将来"):
            perform(application, "submit", region.secretary.membership, on=dt.date(2027, 3, 3))
        perform(application, "submit", region.secretary.membership, on=dt.date(2027, 3, 2))
