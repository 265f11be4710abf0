"""A base in force under an agreement, and what comes after its signature: further texts, and which binds on which day."""

from __future__ import annotations

import datetime as dt

from bases import ending, force, parties
from bases.drafting import follow
from bases.models import Agreement
from core import clock, ledger
from core.models import InboxMessage
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.trainees import world

TERM = ("2026-09-01", "2029-08-31")
D = dt.date.fromisoformat
DAY = dt.timedelta(days=1)


def base(code: str, term=TERM):
    """A base of a school in force under an agreement that was signed on paper and entered."""
    with clock.travel(f"{term[0]}T09:00"):
        made = world.school(code, term=term)
        ending.owe_expiry(made.agreement)
    return made


def drafted(school, kind: str, period: tuple[str, str], **changes) -> Agreement:
    """A further agreement for the base, filled in."""
    agreement = follow(school.secretary.membership, fresh(school.recognition), kind)
    answers = house.agreement_answers(agreement, period)
    clauses = {f"clause_{each.key}": "双方约定如下。" for each in agreement.profile.agreement.clauses if not each.text}
    done(school.secretary.fill(agreement, "agreement", {**answers, **clauses, **changes}))
    return fresh(agreement)


def asked(school, agreement: Agreement) -> Agreement:
    """It handed in and checked: its partners are asked to confirm."""
    done(school.secretary.do(agreement, "submit"))
    for step in list(fresh(agreement).open_steps()):
        done(school.office.step(agreement, step.key, {"opinion": "同意。"}))
    return fresh(agreement)


def followed(school, kind: str, on: str, period: tuple[str, str], effective: str, **changes) -> Agreement:
    """A further agreement, from its draft to its signature, all on one day."""
    with clock.travel(f"{on}T09:00"):
        agreement = asked(school, drafted(school, kind, period, **changes))
        done(school.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
        done(school.office.do(agreement, "begin_sealing"))
        done(school.office.do(agreement, "record_signature", house.signature(on, effective)))
    return fresh(agreement)


def bind(school, on: str) -> list[str]:
    """Numbers of the agreements that bind for the base on a day, supplements aside."""
    return [row.number for row in force.in_force(fresh(school.recognition), D(on)) if row.type != "supplement"]


def without(school, until: str) -> list[str]:
    """The days up to this one on which no agreement binds, of those on which anything may change: the eve and the first day
    of each text, its last day and the one after. Fails where two texts that exclude each other bind."""
    days = {D(until)}
    for row in school.recognition.agreements.filter(state__in=("signed", "ended")).exclude(effective_on=None):
        last = row.ended_on or row.ends_on
        days |= {row.effective_on - DAY, row.effective_on, last, last + DAY}
    alone = []
    for day in sorted(day for day in days if D(TERM[0]) <= day <= D(until)):
        numbers = bind(school, day.isoformat())
        assert len(numbers) <= 1, (day, numbers)
        alone += [] if numbers else [day.isoformat()]
    return alone


def night(day: str) -> None:
    """The job of one night."""
    with clock.travel(f"{day}T00:20"):
        ledger.run_due(clock.today())


def told(person: Person, words: str) -> bool:
    return InboxMessage.objects.filter(membership_id=person.membership.pk, title__contains=words).exists()


def with_parties(school) -> None:
    """Give the placed agreement the two parties that a drafted one has."""
    parties.enter(school.agreement, "first", school.university, "university")
    parties.enter(school.agreement, "second", school.partner, "partner")
