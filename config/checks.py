"""What production refuses: DEBUG, a default or short secret, missing addresses, demo accounts; and what it warns of.

The checks run with `manage.py check --deploy`, and before the web server answers its first request.
"""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

SQLITE = "The database is SQLite, which is for trying the portal out: set DATABASE_URL to PostgreSQL."


def _setting_faults() -> list[checks.CheckMessage]:
    faults = []
    if settings.DEBUG:
        faults.append(checks.Error("DEBUG is on in production.", id="ground.E001"))
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own word for an empty one
        secret = ""
    if not secret or secret == settings.DEVELOPMENT_SECRET or len(secret) < 50 or len(set(secret)) < 10:
        faults.append(
            checks.Error("SECRET_KEY is empty, the default, or shorter than 50 characters.", id="ground.E002")
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        faults.append(checks.Error("ALLOWED_HOSTS must name the portal's own hosts.", id="ground.E003"))
    if not settings.VALKEY_URL:
        faults.append(checks.Error("VALKEY_URL (broker and cache) is missing.", id="ground.E004"))
    if not settings.SITE_URL.startswith("https://"):
        faults.append(checks.Error("SITE_URL must be the portal's https address.", id="ground.E005"))
    if settings.MAIL_TRANSPORT.endswith("filebased.EmailBackend"):
        faults.append(checks.Error("EMAIL_URL is missing: every mail would stay on this machine.", id="ground.E007"))
    return faults


def _warnings() -> list[checks.CheckMessage]:
    """What a portal in real use should have; it starts without."""
    warnings = []
    if connection.vendor == "sqlite":
        warnings.append(checks.Warning(SQLITE, id="ground.W001"))
    if not (settings.LIANPEI_SEAL_KEY and settings.LIANPEI_SEAL_CERT):
        text = "LIANPEI_SEAL_KEY or LIANPEI_SEAL_CERT is missing: no agreement can be sealed."
        warnings.append(checks.Warning(text, id="ground.W002"))
    return warnings


def _demo_faults() -> list[checks.CheckMessage]:
    """Demo organisations or members of them in the database. A database without tables has none."""
    try:
        organisations = apps.get_model("tenants", "Organisation")
        if organisations.objects.filter(is_demo=True).exists():
            return [checks.Error("Demo organisations (and their accounts) are present.", id="ground.E006")]
    except (LookupError, DatabaseError):
        pass
    return []


@checks.register("ground", deploy=True)
def production_check(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """For `manage.py check --deploy`; silent outside production."""
    return _setting_faults() + _demo_faults() + _warnings() if settings.PRODUCTION else []


def refuse_unsafe_production() -> None:
    """Raise ImproperlyConfigured, naming every fault, if this is production and anything is unsafe."""
    if faults := [fault for fault in production_check() if fault.is_serious()]:
        raise ImproperlyConfigured("Lianpei does not start: " + " ".join(str(fault.msg) for fault in faults))
