"""Health, reports of browsers, and the headers of every answer."""

from __future__ import annotations

import errno
import json
import time

import pytest
from django.db import OperationalError, connection

from config import fulldisk, health
from portal import objections
from tests.tenants import factories
from tests.ui import factories as things


def test_livez_asks_nobody(client):
    assert client.get("/livez").json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_healthz_names_what_fails(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    said = answer.json()
    assert said["database"] == "ok"
    assert "broker" in said["broker"]
    assert said["status"] == "failing"


@pytest.mark.django_db(transaction=True)
def test_a_broker_without_a_worker_is_not_health(client, settings, valkey_url):
    settings.VALKEY_URL = valkey_url
    before = health.app.conf.broker_url
    health.app.conf.broker_url = f"redis+socket://{valkey_url.removeprefix('unix://')}?virtual_host=0"
    try:
        said = client.get("/healthz").json()
    finally:
        health.app.conf.broker_url = before
    assert said["broker"] == "ok"
    assert said["worker"] != "ok"


def test_health_says_what_a_production_should_not_be_run_on(db, settings, monkeypatch):
    settings.PRODUCTION = True
    said = health.examine()
    assert said["disk"] == "ok"
    assert ("SQLite" in said["database"]) == (connection.vendor == "sqlite")
    monkeypatch.setattr(fulldisk, "LEAST_FREE", 10**12)
    assert "MB are free" in health.examine()["disk"]


def test_a_full_disk_is_a_sentence_and_keeps_what_was_typed(client, db, monkeypatch):
    """By a file that cannot be written, by either database, in a page and for a script; other faults stay a 500."""
    client.raise_request_exception = False
    raised: list[Exception] = []

    def no_room(*args, **kwargs):
        raise raised[-1]

    monkeypatch.setattr(objections, "begin", no_room)
    notice = things.notice(factories.university(), "拟推荐名单公示")
    address, typed = f"/public/notices/{notice.slug}/", {"f-name": "某某", "f-text": "所列数据与实际不符。"}
    for error in (
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("database or disk is full"),
        OperationalError("could not extend file: No space left on device"),
    ):
        raised.append(error)
        answer = client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 507 and "存储空间已满" in page and "所列数据与实际不符。" in page
    said = client.post(address, typed, headers={"Accept": "application/json"})
    assert said.status_code == 507 and "存储空间已满" in said.json()["message"]
    raised.append(OperationalError("another"))
    assert client.post(address, typed).status_code == 500


def test_a_hanging_part_does_not_hang_the_answer(client, monkeypatch):
    monkeypatch.setitem(health.QUESTIONS, "worker", lambda: time.sleep(3))
    began = time.monotonic()
    said = health.examine()
    assert time.monotonic() - began < 2.5
    assert said["worker"] == "no answer in time"


def test_reports_are_logged_and_nothing_else(client, caplog):
    body = json.dumps({"csp-report": {"violated-directive": "script-src", "blocked-uri": "inline"}})
    answer = client.post("/csp-report", body, content_type="application/csp-report")
    assert answer.status_code == 204
    assert "script-src" in caplog.text
    assert client.post("/csp-report", "no json", content_type="application/csp-report").status_code == 400
    assert client.post("/csp-report", {"a": "form"}).status_code == 400
    assert client.get("/csp-report").status_code == 405


def test_the_policy_is_strict(client):
    answer = client.get("/livez")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "nonce" not in policy and "http" not in policy and "*" not in policy
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "object-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_chinese_first_english_by_choice(client, db):
    answer = client.get("/livez", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/livez"})
    assert client.get("/livez").headers["Content-Language"] == "en"


def test_the_database_is_asked_in_a_connection_of_its_own(db):
    assert health.examine()["database"] == "ok"
    assert connection.connection is not None
