"""`make bench`: requests per second of the main pages with 20,000 applications on PostgreSQL, against the bare view.

The bare view loads session and user, which is two queries, and prints the name. It has the portal's settings, database
and session cookie, but of its middlewares only those that it needs: session, authentication, allauth's. The pages pass
through all of them, load the reader's memberships and draw the whole frame; this favours the bare view.

Everything runs in the same minutes on the same machine: a throw-away PostgreSQL, gunicorn (sync, two workers), four
clients; the bare view before and after the pages, of which the better counts. Held to: applications list and case page
reach at least 1/20 of the bare view; the applications list reaches 75 % of a hand-written list of the same rows
(bench/handwritten.py; same processes, second by second in turn); page 300 of the list is as fast as page 1 (at most half
as slow again); the ledger's reminders, cases entered in bulk, and a December's
evaluations cost at most three times a bulk insert of what they write; a sheet of 5,000 existing bases is checked and
entered within 60 s and 300 MB. Exit status 1 if not. The numbers go to var/bench.json too.

    make bench ARGS="--count 20000 --seconds 8"
"""

from __future__ import annotations

import argparse
import contextlib
import html
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config.tooling.prepare import die_with_parent  # noqa: E402
from tests.ground.postgres import temporary_postgres  # noqa: E402

SHARE = 1 / 20
SLOWER = 1.5
BY_HAND = 0.75  # of a hand-written list of the same rows
BULK = 3  # times a bulk insert of the same rows
CLIENTS = 4
SECONDS, MEMORY = 60, 300  # for a sheet of existing bases, in seconds and MB


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str, cookie: str) -> tuple[int, str]:
    """One request in a connection of its own, as sync workers answer it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextlib.contextmanager
def server(application: str, env: dict[str, str]):
    """Gunicorn with two sync workers; yields its port once it answers."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            application,
            f"--bind=127.0.0.1:{port}",
            "--workers=2",
            "--preload",
            "--no-control-socket",
            "--log-level=warning",
        ],
        cwd=ROOT,
        env=env,
        preexec_fn=die_with_parent,
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if process.poll() is not None:
                sys.exit(f"{application} did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def answer_of(module: str, *arguments: int, env: dict[str, str]) -> dict:
    """What a part of the bench, a program of its own, prints in its last line."""
    made = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    if made.returncode:
        sys.exit(made.returncode)
    return json.loads(made.stdout.splitlines()[-1])


def rate(port: int, path: str, cookie: str, seconds: float) -> float:
    """Requests per second that four clients get through, after a warm-up; every answer has to be 200."""
    return rates(port, [path], cookie, seconds)[0]


def rates(port: int, paths: list[str], cookie: str, seconds: float) -> list[float]:
    """Requests per second of each address, `seconds` each; asked in turn for about a second at a time, so that a busy
    moment of the machine meets all alike."""
    for path in paths:
        for _ in range(6):
            status, body = get(port, path, cookie)
            if status != 200:
                sys.exit(f"{path} answers {status}: {body[:300]}")
    turns = max(round(seconds), 1)
    done, took = dict.fromkeys(paths, 0), dict.fromkeys(paths, 0.0)
    for _ in range(turns):
        for path in paths:
            answered, passed = turn(port, path, cookie, seconds / turns)
            done[path] += answered
            took[path] += passed
    return [done[path] / took[path] for path in paths]


def turn(port: int, path: str, cookie: str, seconds: float) -> tuple[int, float]:
    """How many requests four clients get through in this time, and the seconds that it took."""
    until = time.monotonic() + seconds
    done = [0] * CLIENTS
    wrong: list[int] = []

    def client(number: int) -> None:
        while time.monotonic() < until:
            status, _body = get(port, path, cookie)
            done[number] += 1
            if status != 200:
                wrong.append(status)

    began = time.monotonic()
    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    if wrong:
        sys.exit(f"{path}: answers {sorted(set(wrong))}")
    return sum(done), time.monotonic() - began


def walk(port: int, path: str, cookie: str, pages: int) -> str:
    """Follow "next page" from the first page; the address of page number `pages`."""
    address = path
    for _ in range(pages - 1):
        status, body = get(port, address, cookie)
        match = re.search(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', body)
        if status != 200 or not match:
            sys.exit(f"{address}: {status}, no next page")
        link = html.unescape(match[1] or match[2])
        address = path + link if link.startswith("?") else link
    return address


def rows_of(port: int, path: str, cookie: str) -> list[list[str]]:
    """What stands in the table of a list, cell by cell, without tags."""
    body = get(port, path, cookie)[1].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [
            html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()
            for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, re.S)
        ]
        for row in body.split("</tr>")
    ]


def latencies(port: int, addresses: list[str], cookie: str, times: int = 40) -> list[float]:
    """Median time of an answer from each address, in milliseconds; asked in turn, so that a busy moment of the machine
    meets all alike."""
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(times):
        for address, own in taken.items():
            began = time.perf_counter()
            get(port, address, cookie)
            own.append(time.perf_counter() - began)
    return [statistics.median(own) * 1000 for own in taken.values()]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--reminders", type=int, default=100_000)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--births", type=int, default=10_000)
    parser.add_argument("--bases", type=int, default=20_000)
    parser.add_argument("--existing", type=int, default=5_000)
    given = parser.parse_args()
    with temporary_postgres() as place, tempfile.TemporaryDirectory(prefix="lianpei-bench.") as var:
        env = {
            **os.environ,
            "LIANPEI_ENV": "development",
            "LIANPEI_VAR": var,
            "DATABASE_URL": f"postgres:///postgres?host={place['HOST']}&user={place['USER']}",
            "LOG_LEVEL": "ERROR",
        }
        (Path(var) / "static").mkdir()
        print(f"· {given.reminders} reminders, {given.acts} acts, {given.births} births …", flush=True)
        with psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres", autocommit=True) as own:
            own.execute("CREATE DATABASE ledger")  # the ledger's rows are not in the pages' way
            own.execute("CREATE DATABASE december")
            own.execute("CREATE DATABASE existing")
        elsewhere = env | {"DATABASE_URL": env["DATABASE_URL"].replace("/postgres?", "/ledger?")}
        due = answer_of("bench.ledger", given.reminders, given.acts, given.births, env=elsewhere)
        print(f"· a December of {given.bases} bases …", flush=True)
        elsewhere = env | {"DATABASE_URL": env["DATABASE_URL"].replace("/postgres?", "/december?")}
        due["december"] = answer_of("bench.december", given.bases, env=elsewhere)
        print(f"· {given.existing} existing bases …", flush=True)
        elsewhere = env | {"DATABASE_URL": env["DATABASE_URL"].replace("/postgres?", "/existing?")}
        due["existing"] = answer_of("bench.existing", given.existing, env=elsewhere)
        print(f"· {given.count} applications …", flush=True)
        world = answer_of("bench.factories", given.count, env=env)
        cookie = world["cookie"]
        measured: dict[str, float] = {}
        with server("bench.baseline:application", env) as port:
            measured["bare view"] = rate(port, "/", cookie, given.seconds)
        with server("config.wsgi:application", env | {"DJANGO_SETTINGS_MODULE": "bench.settings"}) as port:
            both = [world["list"], "/handwritten/"]
            if rows_of(port, both[0], cookie) != rows_of(port, both[1], cookie):
                sys.exit("the hand-written list shows other rows than the product's")
            measured["applications list"], by_hand = rates(port, both, cookie, given.seconds)
            measured["case page"] = rate(port, world["case"], cookie, given.seconds)
            distant = walk(port, world["list"], cookie, given.pages)
            first, far = latencies(port, [world["list"], distant], cookie)
        with server("bench.baseline:application", env) as port:  # again, in case the machine was busy before
            measured["bare view"] = max(measured["bare view"], rate(port, "/", cookie, given.seconds))
    well = True
    print(f"\n{'':<22}{'requests/s':>12}{'of the bare view':>18}")
    for name, value in measured.items():
        share = value / measured["bare view"]
        held = name == "bare view" or share >= SHARE
        well &= held
        print(f"{name:<22}{value:>12.0f}{f'1/{1 / share:.1f}':>18}  {'✓' if held else '✗ below 1/20'}")
    share = measured["applications list"] / by_hand
    held = share >= BY_HAND
    well &= held
    print(f"hand-written list: {by_hand:.0f} requests/s, of which the list reaches {share:.0%}  {'✓' if held else '✗'}")
    held = far <= first * SLOWER
    well &= held
    print(f"list, page 1: {first:.1f} ms; page {given.pages}: {far:.1f} ms  {'✓' if held else '✗'}")
    for what, name in (
        (f"{given.reminders} reminders", "reminders"),
        (f"{given.births} cases entered", "births"),
        (f"{given.bases} evaluations opened", "december"),
    ):
        times = due[name]["took"] / due[name]["bulk"]
        held = times <= BULK
        well &= held
        print(f"{what}: {times:.1f} × a bulk insert of what they write  {'✓' if held else '✗'}")
    entry = due["existing"]
    held = entry["took"] <= SECONDS and entry["memory_mb"] <= MEMORY
    well &= held
    print(
        f"{given.existing} existing bases by a sheet of {entry['sheet_mb']:.1f} MB: checked in {entry['checking']:.1f} s, "
        f"entered in {entry['entering']:.1f} s ({entry['entering'] / entry['bulk']:.1f} × a bulk insert), "
        f"{entry['memory_mb']:.0f} MB at most, {entry['growth_mb']:.0f} of them for it  {'✓' if held else '✗'}"
    )
    print(f"acts by date, one after the other through the door: {due['acts_per_second']:.0f} a second")
    result = {
        "ledger": due,
        "requests_per_second": measured,
        "hand_written_list": by_hand,
        "page_1_ms": first,
        f"page_{given.pages}_ms": far,
        "count": given.count,
    }
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "bench.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
