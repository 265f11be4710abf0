"""`make serve` after set-up: database, then Valkey, web, worker and scheduler under one supervisor.

Each part runs in a process group of its own. The parts end with the supervisor: in order on Ctrl-C or SIGTERM;
after a SIGKILL by the kernel (PR_SET_PDEATHSIG) and, for their own children, by a small guard process.
Imports the standard library only, so that it is there at once and small.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import broker  # config/tooling: this file runs by its path
from prepare import ROOT, digest, run, say, stamped, stop

PYTHON = sys.executable
VAR = Path(os.environ.get("LIANPEI_VAR") or ROOT / "var")
PORT = int(os.environ.get("PORT") or 8000)
PATIENCE = 120  # seconds until ready
GRACE = 8  # seconds for the parts to end
LIBC = ctypes.CDLL(None)


def part_of_us() -> None:
    """In a child before exec: end when the supervisor ends, and take none of its blocked signals along."""
    LIBC.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


# --- The guard ----------------------------------------------------------------------------------------------


def start_guard() -> int:
    """Fork the guard; returns the pipe on which it is told the process groups (one number per line).

    When the pipe closes, because we end in whatever way, it ends what is left of the groups.
    """
    reading, writing = os.pipe()
    os.set_inheritable(writing, False)
    if os.fork():
        os.close(reading)
        return writing
    os.close(writing)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    told = b""
    while chunk := os.read(reading, 4096):
        told += chunk
    groups: set[int] = set()
    for line in told.split():
        number = int(line)
        groups.discard(-number) if number < 0 else groups.add(number)
    for number, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, 2)):
        until = time.monotonic() + patience
        groups = {group for group in groups if signal_group(group, number)}
        while groups and time.monotonic() < until:
            time.sleep(0.05)
            groups = {group for group in groups if signal_group(group, 0)}
    os._exit(0)


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group; whether there is one."""
    try:
        os.killpg(group, number)
        return True
    except (ProcessLookupError, PermissionError):
        return False


# --- The database -------------------------------------------------------------------------------------------


def tree(folder: str, *endings: str) -> str:
    """One hash of the contents of a folder's files with these endings."""
    files = sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in endings and path.is_file())
    return digest(*files, *(str(path.relative_to(ROOT)) for path in files))


def database_identity(path: Path) -> int:
    """A number that is this database file's own (0: none yet), so that stamps do not outlive it."""
    if not path.is_file():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA application_id").fetchone()[0]


def give_identity(path: Path) -> int:
    number = int.from_bytes(os.urandom(3), "big") + 1
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection:
        connection.execute(f"PRAGMA application_id = {number}")
        connection.commit()
    return number


def prepare_database(env: dict[str, str], *, demo: bool) -> None:
    """Tables, regulations and demo world, each only if its sources changed since it was last done here."""
    stamps = VAR / "stamps"
    stamps.mkdir(parents=True, exist_ok=True)
    embedded = None if env.get("DATABASE_URL") else VAR / "lianpei.sqlite3"
    identity = str(database_identity(embedded)) if embedded else digest(env["DATABASE_URL"])
    migrations = [path for path in ROOT.glob("*/migrations/*.py") if path.is_file()]
    sources = {
        "migrate": digest(*sorted(migrations), ROOT / "requirements.lock"),
        "regulations": tree("regulations", ".py", ".yaml"),
        "demo": "once",
    }
    if not demo:
        del sources["demo"]
    todo = [step for step, value in sources.items() if not stamped(stamps / step, f"{identity} {value}")]
    if todo:
        without = {name: value for name, value in env.items() if name != "VALKEY_URL"}  # the broker starts afterwards
        run(PYTHON, ROOT / "manage.py", "prepare", *todo, env=without)
        if embedded and identity == "0":
            identity = str(give_identity(embedded))
        for step in todo:
            (stamps / step).write_text(f"{identity} {sources[step]}")
        (stamps / "accounts.json").unlink(missing_ok=True)


def demo_accounts(env: dict[str, str]) -> list[dict]:
    """The demo accounts, kept from the last time."""
    kept = VAR / "stamps" / "accounts.json"
    if not kept.is_file():
        asked = subprocess.run(
            [PYTHON, str(ROOT / "manage.py"), "demo_accounts", "--json"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            preexec_fn=part_of_us,
        )
        if asked.returncode:
            return []
        kept.write_text(asked.stdout, encoding="utf-8")
    try:
        accounts = json.loads(kept.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return accounts if isinstance(accounts, list) else accounts.get("accounts", [])


# --- The parts ----------------------------------------------------------------------------------------------


class Part:
    """One supervised process: its command, and when it was started."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], guard: int) -> None:
        self.name, self.command, self.env, self.guard = name, command, env, guard
        self.process: subprocess.Popen | None = None
        self.began = 0.0
        self.falls: list[float] = []

    def start(self) -> None:
        log = (VAR / "log" / f"{self.name}.log").open("ab")
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=part_of_us,
        )
        log.close()
        self.began = time.monotonic()
        os.write(self.guard, f"{self.process.pid}\n".encode())

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def clear(self) -> None:
        """After its end: what is left of its group goes too."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            os.write(self.guard, f"-{self.process.pid}\n".encode())

    def stop(self, patience: float) -> None:
        if self.process is None:
            return
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(2)
        self.clear()
        self.process = None

    def tail(self) -> str:
        log = VAR / "log" / f"{self.name}.log"
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]) if log.exists() else ""


def parts(env: dict[str, str], directory: Path, guard: int) -> list[Part]:
    """Valkey first; the others in the order in which they are ended backwards."""
    celery = [PYTHON, "-m", "celery", "-A", "config"]
    commands = {
        "valkey": broker.command(directory),
        "worker": [*celery, "worker", "--loglevel=INFO", "--concurrency=5", "--without-gossip", "--without-mingle"],
        "web": [
            PYTHON,
            "-m",
            "gunicorn",
            "--logger-class=config.accesslog.AccessLog",
            "config.wsgi:application",
            f"--bind=127.0.0.1:{PORT}",
            "--workers=2",
            "--preload",
            "--no-control-socket",
            # Browsers open idle connections ahead, which would each block a sync worker; behind a proxy it is sync.
            "--worker-class=gthread",
            "--threads=4",
            "--timeout=60",
            "--graceful-timeout=5",
            f"--worker-tmp-dir={'/dev/shm' if os.access('/dev/shm', os.W_OK) else tempfile.gettempdir()}",
        ],
        "scheduler": [*celery, "beat", "--loglevel=INFO", f"--schedule={VAR / 'beat-schedule'}", "--pidfile="],
    }
    return [Part(name, command, env, guard) for name, command in commands.items()]


def healthy() -> tuple[bool, str]:
    """Whether the parts that this supervisor starts answer; that some mail waits for its server is not its business."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        told = error.read(2000).decode("utf-8", "replace")
        with contextlib.suppress(ValueError):
            answers = json.loads(told)
            return all(answers.get(part) == "ok" for part in ("database", "broker", "worker")), told
        return False, told
    except OSError as error:
        return False, str(error)


class Supervisor:
    """Starts the parts, waits until all answer, restarts what falls, ends everything."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.ending = False
        self.preparing = True  # nothing to end in order yet: a signal ends at once
        self.alarm, self.bell = os.pipe()
        os.set_blocking(self.bell, False)
        self.parts: list[Part] = []

    def on_signal(self, number: int, frame: object) -> None:
        self.ending = True
        if self.preparing:
            raise SystemExit(128 + number)
        with contextlib.suppress(OSError):
            os.write(self.bell, b"!")

    def pause(self, seconds: float) -> None:
        select.select([self.alarm], [], [], seconds)

    def watch(self) -> None:
        """Restart a part that has fallen; after three falls within a minute give up."""
        for part in self.parts:
            if part.alive() or self.ending:
                continue
            part.clear()
            now = time.monotonic()
            part.falls = [fall for fall in part.falls if now - fall < 60] + [now]
            if len(part.falls) >= 3:
                print(part.tail(), file=sys.stderr)
                raise RuntimeError(f"{part.name} fell three times within a minute; see {VAR / 'log'}")
            say(f"{part.name} ended ({part.process.returncode}); starting it again")
            part.start()

    def ready(self) -> None:
        until = time.monotonic() + PATIENCE
        reason = ""
        while not self.ending:
            self.watch()
            well, reason = healthy()
            if well:
                return
            if time.monotonic() > until:
                raise RuntimeError(f"not ready after {PATIENCE} s: {reason}")
            self.pause(0.1)

    def stop(self) -> None:
        until = time.monotonic() + GRACE
        for part in self.parts[1:]:
            if part.alive():
                part.process.terminate()
        for part in (*self.parts[1:], *self.parts[:1]):  # Valkey last
            part.stop(max(0.5, until - time.monotonic()))


def announce(accounts: list[dict], seconds: float) -> None:
    if accounts:
        print("\nDemo accounts (all data are invented; `python manage.py demo_accounts --json` for machines):")
        width = max(len(str(account["login"])) for account in accounts)
        for account in accounts:
            places = "; ".join(
                f"{membership.get('organisation', '')} {membership.get('role', '')}"
                for membership in account.get("memberships", [])
            )
            print(f"  {account['login']:<{width}}  {account['password']}  {account.get('name', '')}  {places}")
    print(f"\n联培 Lianpei is ready after {seconds:.1f} s:  http://127.0.0.1:{PORT}/")
    print("Ctrl-C ends it.", flush=True)


def only_one() -> object:
    """Hold the lock of this `var`, and see that the port is free; else say so and stop."""
    VAR.mkdir(parents=True, exist_ok=True)
    for folder in ("log", "static"):
        (VAR / folder).mkdir(exist_ok=True)
    lock = (VAR / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stop(f"Lianpei is already running on {VAR}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            stop(f"Port {PORT} is taken. Choose another: PORT=8001 make serve")
    return lock


def main() -> None:
    began = next((float(a.split("=")[1]) for a in sys.argv[1:] if a.startswith("--began=")), time.monotonic())
    supervisor = Supervisor(began)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.on_signal)
    lock = only_one()
    guard = start_guard()
    sockets = VAR / "valkey"
    if len(str(sockets / "valkey.sock").encode()) > 100:  # a Unix socket's path is at most 107 bytes
        sockets = Path(tempfile.mkdtemp(prefix="lianpei."))
    env = {
        **os.environ,
        "LIANPEI_VAR": str(VAR),
        "PORT": str(PORT),
        "VALKEY_URL": f"unix://{sockets / 'valkey.sock'}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    failure = None
    try:
        prepare_database(env, demo="--no-demo" not in sys.argv)
        supervisor.preparing = False
        *supervisor.parts, scheduler = parts(env, sockets, guard)
        (sockets / "valkey.sock").unlink(missing_ok=True)
        say("starting Valkey, worker, web, scheduler")
        supervisor.parts[0].start()
        broker.wait(sockets / "valkey.sock")
        for part in supervisor.parts[1:]:
            part.start()
        accounts = demo_accounts(env)
        supervisor.ready()
        if not supervisor.ending:
            scheduler.start()  # last: what is due can wait a second, whoever started us should not
            supervisor.parts.append(scheduler)
            announce(accounts, time.monotonic() - began)
        while not supervisor.ending:
            supervisor.pause(1)
            supervisor.watch()
    except RuntimeError as error:
        failure = error
    finally:
        supervisor.stop()
        if sockets.parent != VAR:
            shutil.rmtree(sockets, ignore_errors=True)
        lock.close()
    if failure:
        stop(str(failure))
    say("ended")


if __name__ == "__main__":
    main()
