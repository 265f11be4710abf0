"""What the ledger and the door cost: reminders and births in bulk, each against a bulk insert of the very rows that
they write; acts by the second.

python -m bench.ledger REMINDERS ACTS BIRTHS
    prints {"reminders": {"took": seconds, "bulk": seconds}, "births": the same, "acts_per_second": …}
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from applications.models import Application  # noqa: E402
from bench.bulk import again  # noqa: E402
from casework.models import Notice  # noqa: E402
from core import clock, ledger  # noqa: E402
from core.door import SystemActor, create_many, perform  # noqa: E402
from core.models import InboxMessage, LedgerEntry, OutboxMessage, Reminder, TransitionLog  # noqa: E402
from tests.scenarios import house  # noqa: E402
from tests.scenarios.house import done  # noqa: E402

CHUNK = 1000


def births(count: int, region, call) -> dict[str, float]:
    """Seconds of `count` applications entered through the door, each with its line in the log and a due entry, and of
    the bulk insert of the rows that this wrote, in chunks of the same size and under the same triggers."""
    common = {
        "call": call,
        "level": call.level,
        "regulation_version": region.version,
        "university": region.university,
        "college": region.college,
    }

    def owed(case):
        yield ledger.row(
            f"birth:{case.pk}",
            kind="birth",
            title=case.title,
            due_on=dt.date(2027, 6, 1),
            organisation_id=case.college_id,
            role="secretary",
            case=case,
        )

    began = time.perf_counter()
    made = create_many(
        Application,
        ({**common, "title": f"基地{number}"} for number in range(count)),
        region.secretary.membership,
        permission="applications.start",
        within=region.college,
        series="BENCH",
        year=2027,
        owes=owed,
        chunk=CHUNK,
    )
    took = time.perf_counter() - began
    keys = [case.pk for case in made]
    parts = [
        (Application, list(Application.objects.filter(pk__in=keys).order_by("pk"))),
        (TransitionLog, list(TransitionLog.objects.filter(case_kind="application", case_id__in=keys).order_by("pk"))),
        (LedgerEntry, list(LedgerEntry.objects.filter(kind="birth").order_by("pk"))),
    ]
    if any(len(rows) != count for _model, rows in parts):
        sys.exit(f"{count} births wrote {[len(rows) for _model, rows in parts]} rows")
    return {"took": took, "bulk": again(parts, count, CHUNK)}


def reminders(count: int, places: list[tuple[int, str]]) -> dict[str, float]:
    """Seconds of `count` reminders, and of the bulk insert of what they wrote: a line in somebody's digest for each, the
    digests' messages and mails."""
    today = clock.today()
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                key=f"bench:{number}",
                kind="bench",
                title=f"月度指导记录 {number}",
                organisation_id=places[number % len(places)][0],
                role=places[number % len(places)][1],
                due_on=today + dt.timedelta(days=3),
                remind_on=today,
            )
            for number in range(count)
        ],
        batch_size=CHUNK,
    )
    models = (Reminder, InboxMessage, OutboxMessage)
    last = {model: model.objects.order_by("pk").values_list("pk", flat=True).last() or 0 for model in models}
    began = time.perf_counter()
    said = ledger.run_due(today)
    took = time.perf_counter() - began
    if said["reminded"] < count or said["failed"]:
        sys.exit(f"not every reminder went out: {said}")
    written = {model: list(model.objects.filter(pk__gt=last[model])) for model in models}
    if len(written[Reminder]) < count:
        sys.exit(f"{count} reminders wrote {len(written[Reminder])} lines")
    for model, rows in written.items():
        model.objects.filter(pk__gt=last[model]).delete()
        for row in rows:
            row.pk = None
            row._state.adding = True
    began = time.perf_counter()
    for model, rows in written.items():
        for start in range(0, len(rows), CHUNK):
            with transaction.atomic():
                model.objects.bulk_create(rows[start : start + CHUNK])
    return {"took": took, "bulk": time.perf_counter() - began}


def acts(count: int, region, application) -> float:
    """Acts by date a second: notices whose days are over, each ended by the system through the door."""
    with clock.travel("2027-03-02T09:00"):
        case_list = house.recommended_list(region, application.call)
        done(region.office.do(case_list, "add_member", {"case": f"application-{application.pk}"}))
        done(region.office.do(case_list, "publicise", house.notice_answers("2027-03-02")))
        first = Notice.objects.get(case_list=case_list)
        own = ("id", "number", "slug", "state", "version")
        values = {
            field.attname: getattr(first, field.attname)
            for field in Notice._meta.concrete_fields
            if field.attname not in own
        }
        for number in range(count - 1):
            copy = Notice.objects.create(**values, number=f"{first.number}-{number}", slug=f"n{number}")
            perform(copy, "post", SystemActor())
    with clock.travel("2027-06-01T09:00"):
        began = time.perf_counter()
        said = ledger.run_due(clock.today())
        took = time.perf_counter() - began
    if said["kinds"]["notice"]["acted"] != count or said["failed"]:
        sys.exit(f"not every notice ended: {said}")
    return count / took


def main() -> None:
    call_command("migrate", verbosity=0)
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        entered = births(int(sys.argv[3]), region, call)
        application = house.nm_draft(region, call)
        done(region.secretary.do(application, "submit"))
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
    per_second = acts(int(sys.argv[2]), region, application)
    people = (region.officer, region.office, region.secretary, region.other_office, region.other_secretary)
    places = [(person.membership.organisation_id, person.membership.role) for person in people]
    told = reminders(int(sys.argv[1]), places)
    print(json.dumps({"reminders": told, "births": entered, "acts_per_second": per_second}))


if __name__ == "__main__":
    main()
