"""`/livez`: this process answers. `/healthz`: database, broker and a worker answer, and the work behind the pages gets
done (core/health.py). `/csp-report`: what browsers refuse."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.health import report

from . import fulldisk
from .celery import app
from .checks import SQLITE

log = logging.getLogger("lianpei.csp")
PATIENCE = 1.5  # seconds for each question; all are asked at the same time


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process alone."""
    return JsonResponse({"status": "ok"})


def _database() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return {"database": SQLITE} if settings.PRODUCTION and connection.vendor == "sqlite" else {}
    finally:
        connection.close()  # this thread's own connection


def _work() -> dict[str, str]:
    try:
        return report()
    finally:
        connection.close()


def _disk() -> dict[str, str]:
    return {"disk": fulldisk.free()}


def _broker() -> None:
    if not settings.VALKEY_URL:
        raise RuntimeError("no broker is configured (VALKEY_URL)")
    client = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    finally:
        client.close()


def _worker() -> None:
    if not settings.VALKEY_URL:
        raise RuntimeError("no broker is configured (VALKEY_URL)")
    if not app.control.ping(timeout=1.0, limit=1):
        raise RuntimeError("no worker answers")


QUESTIONS = {"disk": _disk, "database": _database, "broker": _broker, "worker": _worker, "work": _work}


def examine() -> dict[str, str]:
    """Ask each part; returns part → "ok" or what is wrong. Never waits longer than about PATIENCE.

    "work" answers as its own parts: scheduler, mail, lanes, tasks, ledger, logs.
    """
    until = time.monotonic() + PATIENCE
    pool = ThreadPoolExecutor(max_workers=len(QUESTIONS))
    asked = {part: pool.submit(question) for part, question in QUESTIONS.items()}
    answers = {}
    for part, future in asked.items():
        try:
            said = future.result(timeout=max(0.0, until - time.monotonic()))
            answers |= said or {part: "ok"}
        except TooLate:
            answers[part] = "no answer in time"
        except Exception as error:  # noqa: BLE001  every failure is an answer here
            logging.getLogger("lianpei.health").warning("%s: %s", part, error)
            answers[part] = str(error) if isinstance(error, RuntimeError) else type(error).__name__
    pool.shutdown(wait=False, cancel_futures=True)
    return answers


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 only if database, broker and a live worker answer and the work gets done, else 503 naming what does not."""
    answers = examine()
    well = all(answer == "ok" for answer in answers.values())
    return JsonResponse({"status": "ok" if well else "failing", **answers}, status=200 if well else 503)


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser's content security policy refused; nothing is stored, nothing is answered."""
    try:
        report = json.loads(request.body[:8192])
        report = report.get("csp-report", report) if isinstance(report, dict) else report
    except (ValueError, RawPostDataException):  # no JSON, or sent as a form, which has been read as one
        return HttpResponse(status=400)
    log.warning("CSP %s", json.dumps(report, ensure_ascii=True)[:2000])
    return HttpResponse(status=204)
