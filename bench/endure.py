"""A year of the ledger with a worker that dies: daily runs for several tenants, the worker killed (SIGKILL) at random
moments, three days without any, the broker emptied in the middle. At the end each reminder is compared with what the calendar
alone says: every row once, every digest once, nothing lost.

    make endure ARGS="--days 365 --kills 60"        on a PostgreSQL of its own
python -m bench.endure [--tenants 5] [--bases 2000] [--days 365] [--kills 60] [--seed 7]
    on the database of DATABASE_URL; prints what was done and fails on any difference
"""

from __future__ import annotations

import argparse
import ctypes
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import django
import redis
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if not apps.ready:
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from config.tooling import broker  # noqa: E402
from core import clock, ledger  # noqa: E402
from core.models import DailyRun, Digest, InboxMessage, LedgerEntry, OutboxMessage, Reminder  # noqa: E402
from tenants.models import Membership, Organisation, User  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
START = dt.date(2027, 1, 4)
DAY = dt.timedelta(days=1)
QUEUE = "endure:days"  # in the broker, where the worker takes the days from
STAGES = (90, 60, 30, 7)  # written again here: the run is compared with it
AHEAD = 3  # days before a monthly record on which is reminded of it
LONG = 120  # seconds for a day, after which something is wrong


@ledger.handler("endure.next")
def following(entry: LedgerEntry, on: dt.date) -> None:
    """An act by date: it leaves a trace that would be doubled if it ran twice, and the row of the next month."""
    InboxMessage.objects.create(user_id=entry.payload["user"], title=f"did {entry.key}")
    _monthly(entry.payload["base"], entry.payload["number"] + 1, entry.organisation_id, entry.payload["user"])


def _monthly(base: int, number: int, college: int, user: int) -> None:
    due = START + (base % 28 + 30 * number) * DAY
    terms = {"kind": "record_due", "due_on": due, "organisation_id": college}
    ledger.owe(f"record:{base}:{number}", title="月度登记", role="secretary", remind_days=AHEAD, **terms)
    payload = {"base": base, "number": number, "user": user}
    timer = {**terms, "kind": "record_next", "handler": "endure.next", "payload": payload}
    ledger.owe(f"next:{base}:{number}", title="下一期", remind_days=0, **timer)


# --- the world --------------------------------------------------------------------------------------------------------


def build(tenants: int, bases: int) -> None:
    """Universities with a college each, whose offices owe the ends of agreements and construction periods and monthly
    records; one row of the first tenant is broken."""
    for tenant in range(tenants):
        department = Organisation.objects.create(kind="department", name=f"省厅{tenant}", division=f"{tenant:02}0000")
        university = Organisation.objects.create(kind="university", name=f"大学{tenant}", parent=department)
        college = Organisation.objects.create(kind="college", name=f"学院{tenant}", parent=university)
        for unit, role in (
            (university, "graduate_office"),
            (university, "graduate_office"),
            (university, "vice_president"),
            (college, "secretary"),
            (college, "dean"),
        ):
            number = User.objects.count()
            user = User.objects.create(
                username=f"endure{number}", name=f"甲{number}", email=f"endure{number}@example.invalid"
            )
            Membership.objects.create(user=user, organisation=unit, role=role)
        secretary = Membership.objects.get(organisation=college, role="secretary").user_id
        for base in range(tenant, bases, tenants):
            for kind, offset in (("agreement_expiry", 5), ("construction", 11)):
                ledger.owe(
                    f"{kind}:{base}",
                    kind=kind,
                    title=f"基地{base}",
                    due_on=START + (base * offset % 450) * DAY,
                    organisation_id=university.pk,
                    role="graduate_office",
                )
            _monthly(base, 0, college.pk, secretary)
        if tenant == 0:
            owed = {"organisation_id": university.pk, "role": "graduate_office"}
            row = ledger.owe("broken", kind="construction", title="坏行", due_on=START + DAY, **owed)
            LedgerEntry.objects.filter(pk=row.pk).update(stages=["soon"], remind_on=START)


# --- the worker: a child for each life, forked by a parent that has everything loaded -----------------------------------


def work(place: str) -> None:
    """Fork a worker, say its number, fork another when it has died."""
    _with_parent()
    connections.close_all()
    print("ready", flush=True)
    while True:
        pid = os.fork()
        if pid == 0:
            _live(place)
        print(pid, flush=True)
        os.waitpid(pid, 0)


def _live(place: str) -> None:
    from core.tasks import drain_outbox, run_due  # noqa: PLC0415 - the child's own, as Celery's worker has them

    _with_parent()
    days = redis.Redis(unix_socket_path=place)
    while True:
        _queue, text = days.blpop(QUEUE)
        clock.set_now(f"{text.decode()}T08:00")
        run_due()
        drain_outbox("mails")


def _with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


# --- the year ---------------------------------------------------------------------------------------------------------


def run(days: int, kills: int, seed: int, env: dict[str, str]) -> dict:
    """Let the days pass; a day whose worker died is asked for again. Returns how often what happened."""
    chance = random.Random(seed)  # noqa: S311 - no secret: which moments
    skipped = set(range(days // 3, days // 3 + 3))
    dying = set(chance.sample([day for day in range(days) if day not in skipped], min(kills, days - 3)))
    emptied = days // 2
    said = Counter()
    with tempfile.TemporaryDirectory(prefix="lianpei-endure.") as home:
        server = subprocess.Popen(broker.command(Path(home)))
        place = str(Path(home) / "valkey.sock")
        broker.wait(Path(place))
        command = [sys.executable, "-m", "bench.endure", "--work", place]
        worker = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        try:
            assert worker.stdout.readline() == "ready\n"
            pid = int(worker.stdout.readline())
            queue, usual = redis.Redis(unix_socket_path=place), 0.2
            for number in range(days):
                if number in skipped:
                    said["skipped"] += 1
                    continue
                day, began = START + number * DAY, time.monotonic()
                queue.rpush(QUEUE, day.isoformat())
                if number == emptied:
                    queue.flushall()
                    said["emptied"] += 1
                if number in dying:
                    time.sleep(chance.uniform(0, usual * 1.2))
                    os.kill(pid, signal.SIGKILL)
                    pid = int(worker.stdout.readline())
                    said["killed"] += 1
                _finish(queue, day, usual, said)
                if number not in dying and number != emptied:
                    usual = 0.7 * usual + 0.3 * (time.monotonic() - began)
                said["days"] += 1
        finally:
            worker.kill()
            worker.wait()
            worker.stdout.close()
            server.kill()
            server.wait()
    return {**said, "run days": [number for number in range(days) if number not in skipped]}


def _finish(queue: redis.Redis, day: dt.date, usual: float, said: Counter) -> None:
    """Wait until a day is done, and ask for it again where nothing comes of it: what the scheduler does every quarter of
    an hour."""
    until, again = time.monotonic() + LONG, time.monotonic() + max(3 * usual, 0.5)
    while not _done(day):
        if time.monotonic() > until:
            raise RuntimeError(f"{day} is not done within {LONG} s")
        if time.monotonic() > again and not queue.llen(QUEUE):
            queue.rpush(QUEUE, day.isoformat())
            said["asked again"] += 1
            again = time.monotonic() + max(3 * usual, 0.5)
        time.sleep(0.01)


def _done(day: dt.date) -> bool:
    """Whether the day's last tenant has been gathered, everything is told, and no mail waits."""
    from core.ledger import people  # noqa: PLC0415 - asked for each time: who answers is registered later

    return (
        DailyRun.objects.filter(on=day).count() == len(people.directory.tenants())
        and not Digest.objects.filter(told_at=None, on__lte=day).exists()
        and not OutboxMessage.objects.filter(sent_at=None).exists()
    )


# --- what the calendar says -------------------------------------------------------------------------------------------


def expected(days: list[int]) -> tuple[Counter, int]:
    """Each (row, member, day, late) that has to be told on one of these days, and how many acts there were: worked out
    here, from the rows' days alone."""
    ran, told, acts = [START + number * DAY for number in days], Counter(), 0
    members = defaultdict(list)
    for pk, unit, role in Membership.objects.values_list("pk", "organisation_id", "role"):
        members[unit, role].append(pk)
    leader = {unit: pks for (unit, role), pks in members.items() if role in ("vice_president", "dean")}
    for entry in LedgerEntry.objects.exclude(key="broken"):
        known = clock.local(entry.created_at).date()
        holders = members[entry.organisation_id, entry.role] if entry.role else members_of(members, entry)
        ahead = STAGES if entry.kind in ("agreement_expiry", "construction") else ()
        begins = sorted(entry.due_on - stage * DAY for stage in ahead or (0 if entry.handler else AHEAD,))
        last, late = None, False
        done = clock.local(entry.done_at).date() if entry.done_at else None
        for day in ran:
            if day < known or (done and day >= done):
                continue
            passed = [begin for begin in begins if begin <= day]
            if passed and (last is None or passed[-1] > last):
                told.update((entry.key, pk, day, False) for pk in holders)
                last = day
            if day > entry.due_on and not entry.handler and not late:
                late = True
                told.update((entry.key, pk, day, True) for pk in leader[entry.organisation_id])
        acts += bool(entry.handler and done)
    return told, acts


def members_of(members: dict, entry: LedgerEntry) -> list[int]:
    """Everybody of a unit: whose a row without a role is."""
    return [pk for (unit, _role), pks in members.items() if unit == entry.organisation_id for pk in pks]


def check(days: list[int]) -> dict:
    """Compare what was told with what the calendar says. Raises AssertionError with the first differences."""
    wanted, acts = expected(days)
    # The broken row fails where it is to be reminded of, and is late all the same.
    rows = Reminder.objects.exclude(entry__key="broken")
    told = Counter(rows.values_list("entry__key", "digest__membership_id", "digest__on", "late"))
    missing, doubled = wanted - told, told - wanted
    assert not missing, f"{missing.total()} reminders are missing: {list(missing)[:5]}"
    assert not doubled, f"{doubled.total()} reminders too many: {list(doubled)[:5]}"
    digests = Digest.objects.filter(told_at__isnull=False)
    with_rows = digests.filter(reminders__isnull=False).distinct().count()
    mails = OutboxMessage.objects.filter(kind="mail", key__startswith="digest:")
    assert mails.count() == mails.filter(sent_at__isnull=False).count()
    assert with_rows == digests.count() == Digest.objects.count()
    did = InboxMessage.objects.filter(title__startswith="did ")
    traces = Counter(did.values_list("title", flat=True))
    assert set(traces.values()) <= {1} and len(traces) == acts, f"{acts} acts left {traces.total()} traces"
    assert LedgerEntry.objects.get(key="broken").failures, "the broken row kept its error"
    return {
        "rows": LedgerEntry.objects.count(),
        "reminders": told.total(),
        "digests": digests.count(),
        "mails": mails.count(),
        "messages": InboxMessage.objects.count() - did.count(),
        "acts": acts,
    }


def _on_its_own(arguments: list[str]) -> int:
    """The same on a throw-away PostgreSQL and in a folder of its own."""
    from tests.ground.postgres import temporary_postgres  # noqa: PLC0415 - of no use to the worker

    with temporary_postgres() as place, tempfile.TemporaryDirectory(prefix="lianpei-endure.") as var:
        url = f"postgres:///postgres?host={place['HOST']}&user={place['USER']}"
        env = {
            **os.environ,
            "LIANPEI_ENV": "development",
            "LIANPEI_VAR": var,
            "DATABASE_URL": url,
            "LOG_LEVEL": "ERROR",
        }
        return subprocess.call([sys.executable, "-m", "bench.endure", *arguments], cwd=ROOT, env=env)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, usual in (("tenants", 5), ("bases", 2000), ("days", 365), ("kills", 60), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--work", default="")
    parser.add_argument("--own", action="store_true", help="on a throw-away PostgreSQL")
    given = parser.parse_args()
    if given.own:
        sys.exit(_on_its_own([word for word in sys.argv[1:] if word != "--own"]))
    if given.work:
        work(given.work)
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    with clock.travel(f"{START}T06:00"):
        build(given.tenants, given.bases)
    print(f"· {LedgerEntry.objects.count()} rows of {given.tenants} tenants on {connection.vendor}", flush=True)
    said = run(given.days, given.kills, given.seed, {**os.environ, "EMAIL_URL": "dummymail://"})
    ran = said.pop("run days")
    print(json.dumps({**said, **check(ran), "seconds": round(time.monotonic() - began)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
