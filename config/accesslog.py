"""Logs without secrets: the tokens of links that open something are left out of addresses and referrers."""

from __future__ import annotations

import logging
import re

from gunicorn import glogging

# What follows these in an address lets its holder in: invitations, objectors' pages, one-time links, forgotten passwords.
_SECRETS = re.compile(r"(/invitations/|/public/objections/|/q/|/accounts/password/reset/key/|/calendar/)[^/?#\s\"']+")


def masked(text: str) -> str:
    """A line of a log without the tokens in its addresses."""
    return _SECRETS.sub(r"\1…", text)


class WithoutTokens(logging.Filter):
    """For Django's own lines, which name the address of every answer from 400 upwards."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


class AccessLog(glogging.Logger):
    """gunicorn's log of requests: `--logger-class=config.accesslog.AccessLog`."""

    def atoms(self, resp, req, environ, request_time) -> dict:
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: masked(value) if isinstance(value, str) else value for name, value in atoms.items()}
