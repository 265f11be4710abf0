"""`make bench`: the applications list and a case page beside a view that loads only session and user.

PostgreSQL with 20,000 applications, gunicorn with one worker each, requests one after another, the sides in turn, so
that a machine that slows down slows all of them. Exits non-zero where a floor of the issue is missed.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time

FLOOR = 1 / 20
ROUNDS, SECONDS = 5, 1.5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One gunicorn with one worker, on a port of its own."""

    def __init__(self, settings: str, env: dict):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", "1", "--log-level", "error"],
            env={**env, "DJANGO_SETTINGS_MODULE": settings}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def get(self, path: str, session: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def rate(self, path: str, session: str) -> float:
        """Requests per second over a short while."""
        status, body = self.get(path, session)
        assert status == 200, (path, status, body[:300])
        began, number = time.perf_counter(), 0
        while time.perf_counter() - began < SECONDS:
            assert self.get(path, session)[0] == 200
            number += 1
        return number / (time.perf_counter() - began)


def page_300(server: Server, path: str, session: str) -> str:
    """The address of page 300, found as a reader would: 299 times “next page”."""
    for _ in range(299):
        _status, body = server.get(path, session)
        found = re.search(r'href="(\?[^"]*(?:after|next)[^"]*)"', body)
        assert found, "the list has no next page"
        path = "/applications/" + found.group(1).replace("&amp;", "&")
    return path


def main() -> int:
    """Build, measure, report. Returns the exit status."""
    from tests.ground.postgres import temporary_postgres

    with temporary_postgres() as place:
        env = {**os.environ, "LIANPEI_ENV": "development", "DATABASE_URL": f"postgres:///lianpei?host={place['HOST']}&user=app"}
        subprocess.run([f"{_bin()}/createdb", "-h", place["HOST"], "-U", "app", "lianpei"], check=True)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=env, check=True)
        built = subprocess.run([sys.executable, "manage.py", "bench", "--build"], env=env, check=True, capture_output=True, text=True)
        world = json.loads(built.stdout.splitlines()[-1])
        bare, house = Server("bench.bare", env), Server("config.settings", env)
        try:
            late = page_300(house, world["list"], world["officer"])
            sides = {
                "session and user only": (bare, "/", world["officer"]),
                "applications, page 1": (house, world["list"], world["officer"]),
                "applications, page 300": (house, late, world["officer"]),
                "case page": (house, world["case"], world["officer"]),
            }
            rates = {name: [] for name in sides}
            for _ in range(ROUNDS):
                for name, (server, path, session) in sides.items():
                    rates[name].append(server.rate(path, session))
        finally:
            bare.process.terminate()
            house.process.terminate()
    middle = {name: statistics.median(values) for name, values in rates.items()}
    base = middle["session and user only"]
    for name, rate in middle.items():
        print(f"{name:<26}{rate:9.1f} requests/s   1/{base / rate:.1f} of the bare view")
    ratio = middle["applications, page 300"] / middle["applications, page 1"]
    print(f"page 300 : page 1 = {ratio:.2f}")
    missed = [n for n in ("applications, page 1", "case page") if middle[n] < base * FLOOR]
    if missed or ratio < 0.8:
        print("missed:", missed, f"page 300 at {ratio:.2f} of page 1" if ratio < 0.8 else "")
        return 1
    return 0


def _bin() -> str:
    from tests.ground.postgres import find_binaries

    return find_binaries()


if __name__ == "__main__":
    sys.exit(main())
