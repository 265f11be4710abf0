"""The files for real deployment: valid, complete, without a default for anything secret."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load(TEXT)


def test_the_file_follows_the_compose_schema(compose):
    place = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []
    broken = {**compose, "services": {**compose["services"], "web": {"imagee": "x"}}}
    assert not validator.is_valid(broken), "the schema has to be one that notices a misspelt key"


def test_every_part_is_there_and_everything_named_exists(compose):
    services = compose["services"]
    assert set(services) == {"database", "valkey", "prepare", "web", "worker", "scheduler", "proxy"}
    for service in services.values():
        for network in service["networks"]:
            assert network in compose["networks"]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./deploy/") or source in compose["volumes"]
        for other in service.get("depends_on", {}):
            assert other in services
    assert (ROOT / "deploy" / "Caddyfile").is_file()
    published = [name for name, service in services.items() if "ports" in service]
    assert published == ["proxy"], "only the TLS proxy is reachable from outside"


def test_secrets_have_no_default():
    used = re.findall(r"(?<!\$)\$\{(\w+)(:[?-][^}]*)?\}", TEXT)
    assert used
    for name in (
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "PORTAL_DATABASE_PASSWORD",
        "VALKEY_PASSWORD",
        "SITE_HOST",
        "EMAIL_URL",
    ):
        operators = {operator[:2] for found, operator in used if found == name and operator}
        assert operators == {":?"}, name
    free = {name for name, operator in used if operator.startswith(":-")}
    assert free <= {"LIANPEI_IMAGE", "WEB_CONCURRENCY", "WORKER_CONCURRENCY", "LOG_LEVEL"}


def test_the_settings_read_what_the_file_sets(compose):
    text = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    for name in compose["services"]["prepare"]["environment"]:
        assert name == "WEB_CONCURRENCY" or f'"{name}"' in text, name


def test_the_environment_of_the_file_starts(compose, tmp_path):
    """With every demanded variable filled in, the settings load and the checks are content."""
    given = {
        "SECRET_KEY": "q8Zt-vR3nLw7yXc5bHs2mKd9pFg4jTa6uEe1oIi0-Yd7_Wc2Vb",
        "SITE_HOST": "lianpei.example.org",
        "POSTGRES_PASSWORD": "of the owner",
        "PORTAL_DATABASE_PASSWORD": "abc123",
        "VALKEY_PASSWORD": "def456",
        "EMAIL_URL": "smtp+tls://name:word@mail.example.org:587",
        "DEFAULT_FROM_EMAIL": "portal@example.org",
    }

    def filled(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}",
            lambda found: given.get(found[1], found[2] or ""),
            str(value),
        )

    env = {name: filled(value) for name, value in compose["services"]["web"]["environment"].items()}
    code = (
        "from config.settings import *\n"
        "import django; django.setup()\n"
        "from config.checks import _setting_faults; assert not _setting_faults(), _setting_faults()\n"
        "d = DATABASES['default']; assert (d['HOST'], d['USER'], d['PASSWORD']) == ('database', 'portal', 'abc123'), d\n"
        "assert VALKEY_URL == 'redis://:def456@valkey:6379/0'\n"
        "assert EMAIL_HOST == 'mail.example.org' and EMAIL_USE_TLS and EMAIL_PORT == 587\n"
        "assert ALLOWED_HOSTS == ['lianpei.example.org', '127.0.0.1'], ALLOWED_HOSTS\n"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | env | {"LIANPEI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_portal_does_not_own_its_logs(compose):
    """Only the one-off service that migrates logs in as the owner, and grants the portal's role what it needs."""
    users = {
        name: re.match(r"postgres://(\w+):", service["environment"]["DATABASE_URL"])[1]
        for name, service in compose["services"].items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    owner = compose["services"]["database"]["environment"]["POSTGRES_USER"]
    assert users == {"prepare": owner, "web": "portal", "worker": "portal", "scheduler": "portal"}
    assert compose["services"]["prepare"]["environment"]["PORTAL_DATABASE_ROLE"] == "portal" != owner
    made = (ROOT / "deploy" / "database" / "portal-role.sh").read_text(encoding="utf-8")
    assert "CREATE ROLE portal LOGIN NOSUPERUSER" in made


def test_static_files_can_be_collected_with_hashed_names(tmp_path):
    """Every file that a style sheet names exists: the manifest storage refuses to go on otherwise."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env=kept
        | {"LIANPEI_ENV": "production", "SECRET_KEY": "only-for-this", "LIANPEI_VAR": str(tmp_path)}
        | {"LIANPEI_STATIC": str(tmp_path / "collected")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "collected" / "staticfiles.json").is_file()


def test_the_image_builds_from_files_that_exist():
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
