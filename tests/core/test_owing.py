"""What is owed under a key already is brought to new terms, and whoever owes it now is reminded of it."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock, ledger
from core.models import Reminder
from tests.tenants import factories

pytestmark = pytest.mark.django_db


def owed(**terms) -> list:
    """Enter it under one key, remind of it; who has been told so far, in order."""
    day = clock.today() + dt.timedelta(days=3)
    ledger.owe("x", kind="x", title="某事", due_on=day, **terms)
    ledger.run_due(clock.today())
    return list(Reminder.objects.order_by("pk").values_list("digest__membership_id", flat=True))


def test_a_row_moves_to_another_unit_role_and_person_and_they_are_told():
    college, other = factories.college(), factories.college()
    secretary, dean = factories.member(college, "secretary"), factories.member(college, "dean")
    theirs = factories.member(other, "secretary")
    told = [secretary.pk]
    assert owed(organisation_id=college.pk, role="secretary") == told
    assert owed(organisation_id=college.pk, role="secretary") == told, "the same terms: told once"
    assert owed(organisation_id=college.pk, role="dean") == (told := [*told, dean.pk])
    assert owed(organisation_id=other.pk, role="secretary") == (told := [*told, theirs.pk])
    assert owed(organisation_id=other.pk, role="secretary", membership=secretary) == [*told, secretary.pk]
    assert not ledger.owed_by(theirs).exists() and not ledger.owed_by(dean).exists()
    assert ledger.owed_by(secretary).count() == 1


def test_other_terms_change_without_telling_again():
    secretary = factories.member(factories.college(), "secretary")
    place = {"organisation_id": secretary.organisation_id, "role": "secretary"}
    assert owed(**place) == [secretary.pk]
    assert owed(**place, clause="NM-1", payload={"step": 2}) == [secretary.pk]
    entry = ledger.owed_by(secretary).get()
    assert (entry.clause, entry.payload) == ("NM-1", {"step": 2})
