"""The settings hold together."""

from django.conf import settings
from django.core.management import call_command


def test_no_admin_and_sqlite_is_immediate():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_system_checks_are_silent():
    call_command("check")
