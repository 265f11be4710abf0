"""Settings, one file, read from the environment.

`LIANPEI_ENV` is one of `development` (default: embedded SQLite, no secrets needed), `test` (set by the test
plugin) and `production` (everything from the environment; config/checks.py refuses to start on a default).
The variables are listed in docs/operations.md and in docker-compose.yml.
"""

from __future__ import annotations

from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LIANPEI_ENV = env.str("LIANPEI_ENV", "development")
PRODUCTION = LIANPEI_ENV == "production"
TESTING = LIANPEI_ENV == "test"

# Where the portal keeps what it writes: database, uploads, papers, fonts' cache, stamps. Never inside the code.
VAR = Path(env.str("LIANPEI_VAR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

DEVELOPMENT_SECRET = "development-only-secret-which-production-refuses"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else DEVELOPMENT_SECRET)
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The portal's own seal on signed agreements (core/papers/seal.py): PEM files, never inside the code.
LIANPEI_SEAL_KEY = env.str("LIANPEI_SEAL_KEY", "")
LIANPEI_SEAL_CERT = env.str("LIANPEI_SEAL_CERT", "")
# The address printed on papers (QR codes, verification) and in mails.
SITE_URL = env.str("SITE_URL", "" if PRODUCTION else f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")


ROOMS = [
    "core",
    "tenants",
    "regulations",
    "casework",
    "bases",
    "trainees",
    "evaluations",
    "applications",
    "portal",
]

INSTALLED_APPS = [
    "config.apps.GroundConfig",
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "csp",
    "django_filters",
    "django_fsm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.StorableInput",
    "config.middleware.LoginInPage",
    "config.middleware.NotKept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.IdleLogout",
    "config.middleware.KeepUnit",
    "tenants.middleware.MembershipMiddleware",
    "config.middleware.SameMembership",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.MustChangePassword",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tenants.templatetags.acting"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.menu",
            ],
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'lianpei.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without IMMEDIATE more than half of concurrent writes fail; SQLite ignores row locks and serialises instead.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: without it REPLACE takes a row away past the triggers that refuse its deletion.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
        "PRAGMA recursive_triggers=ON;",
    }
    # A file, not memory: several connections have to share it. pytest-xdist's workers get a suffix each.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Parameters go beside the statement, and the server plans a statement only until it has seen it a few times.
    # Off behind a pooler that hands out connections for a transaction each.
    if env.bool("PREPARED_STATEMENTS", True):
        DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=2)
# PostgreSQL, where the portal's role is not the owner of the tables: whom `migrate`, run by the owner, grants them to.
PORTAL_DATABASE_ROLE = env.str("PORTAL_DATABASE_ROLE", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = VAR / "media"  # never served by address: documents go through a view that asks who may see them
MEDIA_URL = "/media-is-not-served/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Broker, cache, worker ----------------------------------------------------------------------------------

# redis://host:6379/0 or unix:///path/valkey.sock; empty: no broker (tests, bare runserver).
VALKEY_URL = env.str("VALKEY_URL", "")
if VALKEY_URL.startswith("unix://"):
    CELERY_BROKER_URL = f"redis+socket://{VALKEY_URL.removeprefix('unix://')}?virtual_host=0"
    CACHE_LOCATION = f"{VALKEY_URL}?db=1"
else:
    CELERY_BROKER_URL = VALKEY_URL or "memory://"
    CACHE_LOCATION = VALKEY_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

if VALKEY_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_LOCATION,
            "KEY_PREFIX": "lianpei",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Who is there -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "config.accounts.LoginBackend",
    "tenants.backends.MembershipBackend",
    "tenants.backends.GrantBackend",
]
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian's backend is behind tenants.backends.GrantBackend
    "security.W019",  # asks for X-Frame-Options: DENY; see below
]
ANONYMOUS_USER_NAME = None  # guardian: no anonymous row in the user table
GUARDIAN_MONKEY_PATCH_USER = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tenants.passwords.Length", "OPTIONS": {"min_length": 10}},
    {"NAME": "tenants.passwords.TwoKinds"},
    {"NAME": "tenants.passwords.Personal"},
    {"NAME": "tenants.passwords.Common"},
    {"NAME": "tenants.passwords.Another"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email*",
    "password1*",
    "password2*",
]  # the door is closed by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # otherwise allauth lets a session live for three weeks
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[联培] "
# Lock-out: five failures for one login within five minutes, or thirty from one address within one minute.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "联培"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are kept by administrators; nobody could verify one here

# Idle log-out: thirty minutes after the last request; the session is written at most once a minute.
SESSION_COOKIE_AGE = 30 * 60
SESSION_TOUCH_SECONDS = 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.session.csrf_failure"

# --- Browser's rules ----------------------------------------------------------------------------------------

# No inline script or style, no eval, nothing from another site. data: is for the little SVGs in Bootstrap's CSS.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
        "report-uri": ["/csp-report"],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the PDF viewer beside the scan
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- Language, time, static files ---------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"  # the source language of every message; locale/en holds the English
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("LIANPEI_STATIC", str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail and log -------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "联培 <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Ways out besides mail (core/channels.py), off until SMS_URL is set or an organisation enters its robot.
SMS_URL = env.str("SMS_URL", "")
SMS_TOKEN = env.str("SMS_TOKEN", "")
SMS_TO_FIELD = env.str("SMS_TO_FIELD", "to")
SMS_TEXT_FIELD = env.str("SMS_TEXT_FIELD", "text")
ROBOT_PREFIXES = env.list(
    "ROBOT_PREFIXES", default=["https://qyapi.weixin.qq.com/cgi-bin/webhook/", "https://oapi.dingtalk.com/robot/"]
)
CHANNEL_TIMEOUT = env.float("CHANNEL_TIMEOUT", 10.0)
# Whatever sends a mail only queues it; the worker hands it to MAIL_TRANSPORT (core/outbox).
if env.str("EMAIL_URL", ""):
    vars().update(env.email("EMAIL_URL"))
    MAIL_TRANSPORT = vars()["EMAIL_BACKEND"]
elif TESTING:
    MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
else:
    MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
EMAIL_BACKEND = "core.outbox.mail.QueueingBackend"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)  # seconds for each answer of the mail server
MAIL_SECONDS = env.int("MAIL_SECONDS", 60)  # for one mail
TASK_SECONDS = env.int("TASK_SECONDS", 300)  # for one task

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "config.accesslog.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("weasyprint", "fontTools", "pyhanko", "pyhanko_certvalidator", "pikepdf")
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
}
