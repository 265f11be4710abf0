"""No log holds the token of a link: neither gunicorn's log of requests nor Django's own lines, nor the proxy's."""

from __future__ import annotations

import datetime as dt
import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from gunicorn.config import Config

from config.accesslog import AccessLog, WithoutTokens, masked

TOKEN = "5f1d" * 16
ADDRESSES = [
    f"/invitations/{TOKEN}/",
    f"/public/objections/{TOKEN}/",
    f"/q/{TOKEN}/",
    f"/accounts/password/reset/key/3-{TOKEN}/",
    f"/calendar/{TOKEN}.ics",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_log_of_requests(address, caplog):
    log = AccessLog(Config())
    answer = SimpleNamespace(status="410 Gone", sent=1, headers=[])
    asked = SimpleNamespace(headers=[("REFERER", f"https://x{address}?next=1")])
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": address, "PATH_INFO": address, "SERVER_PROTOCOL": "HTTP/1.1",
               "HTTP_REFERER": f"https://x{address}"}  # fmt: skip
    atoms = log.atoms(answer, asked, environ, dt.timedelta(seconds=1))
    line = log.cfg.access_log_format % log.atoms_wrapper_class(atoms)
    assert TOKEN not in line + str(atoms)
    assert address.split(TOKEN)[0].removesuffix("3-") in line


@pytest.mark.parametrize("address", ADDRESSES)
def test_djangos_lines(address):
    record = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", (address,), None)
    assert WithoutTokens().filter(record)
    assert TOKEN not in record.getMessage()
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without_tokens"]


def test_everything_that_writes_a_log_of_requests_uses_it():
    root = Path(settings.BASE_DIR)
    for path in ("Dockerfile", "config/tooling/supervise.py"):
        assert "config.accesslog.AccessLog" in (root / path).read_text()
    rule = re.findall(r'regexp "(.+?)" ', (root / "deploy/Caddyfile").read_text())
    assert len(rule) == 2
    for pattern in rule:
        for address in ADDRESSES:
            assert TOKEN not in re.sub(pattern, r"\1…", address)
    for plain in ("/public/notices/abc/", "/due/calendar/?month=2027-03"):
        assert masked(plain) == plain
