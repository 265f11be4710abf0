"""Production refuses to start on what is unsafe, and sends the headers that make it safe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import checks

GOOD = {
    "LIANPEI_ENV": "production",
    "SECRET_KEY": "q8Zt-vR3nLw7yXc5bHs2mKd9pFg4jTa6uEe1oIi0-Yd7_Wc2Vb",
    "ALLOWED_HOSTS": "lianpei.example.org",
    "SITE_URL": "https://lianpei.example.org",
    "VALKEY_URL": "redis://valkey:6379/0",
    "EMAIL_URL": "smtp+tls://name:word@mail.example.org:587",
}


def start(tmp_path, code: str = "import config.wsgi", **changed: str) -> subprocess.CompletedProcess:
    """Run a line of Python as the web server would be run, with a production environment changed here and there."""
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    env |= {
        **GOOD,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LIANPEI_VAR": str(tmp_path),
    } | changed
    return subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)


def test_a_good_environment_starts(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


FAULTS = [
    ({"DEBUG": True}, "DEBUG"),
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": settings.DEVELOPMENT_SECRET}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
    ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS"),
    ({"VALKEY_URL": ""}, "VALKEY_URL"),
    ({"SITE_URL": "http://lianpei.example.org"}, "SITE_URL"),
    ({"MAIL_TRANSPORT": "django.core.mail.backends.filebased.EmailBackend"}, "EMAIL_URL"),
]


@pytest.mark.parametrize(("changed", "word"), FAULTS)
def test_each_fault_is_named(db, settings, changed, word):
    good = {name: value for name, value in GOOD.items() if name not in ("LIANPEI_ENV", "EMAIL_URL")} | {
        "PRODUCTION": True,
        "DEBUG": False,
        "ALLOWED_HOSTS": [GOOD["ALLOWED_HOSTS"]],
    }
    for name, value in good.items():
        setattr(settings, name, value)
    assert [fault.msg for fault in checks.production_check() if fault.is_serious()] == []
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=word):
        checks.refuse_unsafe_production()
    settings.PRODUCTION = False
    checks.refuse_unsafe_production()


@pytest.mark.parametrize("changed", [{"DEBUG": "on"}, {"SECRET_KEY": ""}, {"EMAIL_URL": ""}])
def test_an_unsafe_web_server_does_not_start(tmp_path, changed):
    done = start(tmp_path, **changed)
    assert done.returncode != 0
    assert next(iter(changed)) in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("part", [["worker", "--pool=solo"], ["beat", "--pidfile="]])
def test_worker_and_scheduler_refuse_as_well(tmp_path, part):
    done = start(
        tmp_path,
        f"import sys; from celery.__main__ import main; sys.argv = {['celery', '-A', 'config', *part]}; main()",
        DEBUG="on",
    )
    assert done.returncode == 1
    assert "DEBUG is on" in done.stderr


@pytest.mark.parametrize("key", ["", "short"])
def test_checking_before_the_start_names_everything_in_sentences(tmp_path, key):
    """`check --deploy` with hardly anything set: no traceback, every fault by name."""
    code = "import sys; from django.core.management import execute_from_command_line as run; run(['x', 'check', '--deploy'])"
    done = start(tmp_path, code, SECRET_KEY=key, EMAIL_URL="", VALKEY_URL="", ALLOWED_HOSTS="")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for word in ("SECRET_KEY", "EMAIL_URL", "VALKEY_URL", "ALLOWED_HOSTS", "SQLite", "LIANPEI_SEAL_KEY"):
        assert word in done.stderr, word


def test_demo_organisations_in_the_database_refuse_the_start(tmp_path):
    made = start(
        tmp_path,
        "import django; django.setup(); from django.core.management import call_command as c;"
        "c('migrate', verbosity=0);"
        "from tenants.models import Organisation as O; O.objects.create(kind='department', name='某省', is_demo=True)",
    )
    assert made.returncode == 0, made.stderr
    done = start(tmp_path)
    assert done.returncode != 0
    assert "emo organisations" in done.stderr.splitlines()[-1]


def test_headers_and_cookies_of_production(tmp_path):
    done = start(
        tmp_path,
        "import config.wsgi\n"
        "from django.test import Client\n"
        "plain = Client(SERVER_NAME='lianpei.example.org').get('/accounts/login/')\n"
        "assert plain.status_code == 301 and plain.headers['Location'].startswith('https://'), plain\n"
        "answer = Client(SERVER_NAME='lianpei.example.org').get('/livez', secure=True)\n"
        "assert 'max-age=31536000' in answer.headers['Strict-Transport-Security'], answer.headers\n"
        "from django.conf import settings as s\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY\n"
        "from django.core.management import call_command as c; c('check', deploy=True, fail_level='ERROR')\n",
    )
    assert done.returncode == 0, done.stderr
