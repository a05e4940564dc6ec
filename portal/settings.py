"""
Settings of the portal: one module, every local difference from portal.env.

Modes: ``production`` refuses to start unconfigured; ``demo`` runs on the
embedded default with made-up people; ``test`` is for pytest.
"""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF

from portal.env import Unconfigured, read

BASE_DIR = Path(__file__).resolve().parent.parent

MODE = read("PORTAL_MODE")
if MODE not in {"production", "demo", "test"}:
    raise Unconfigured(f"PORTAL_MODE must be production, demo or test, not {MODE!r}")
PRODUCTION, DEMO, TEST = MODE == "production", MODE == "demo", MODE == "test"
DEBUG = False

VAR = BASE_DIR / read("PORTAL_VAR")  # an absolute switch wins over the base
VAR.mkdir(parents=True, exist_ok=True)


def _own_secret(name):
    """Return a configured secret; outside production make one up and keep it in VAR."""
    value = read(name)
    if value:
        return value
    if PRODUCTION:
        raise Unconfigured(f"{name} (or {name}_FILE) must be set; see docs/operations.md")
    path = VAR / f"{name.lower()}.txt"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _own_secret("PORTAL_SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in read("PORTAL_SECRET_KEY_FALLBACKS").split(",") if key]
TAG_KEY = _own_secret("PORTAL_TAG_KEY")

ALLOWED_HOSTS = read("PORTAL_HOSTS") or ([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"])
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise Unconfigured("PORTAL_HOSTS must name the hosts the portal answers to; * is refused")
ORIGIN = read("PORTAL_ORIGIN") or ("" if PRODUCTION else "http://localhost:8000")
if not ORIGIN:
    raise Unconfigured("PORTAL_ORIGIN must be the address people type, such as https://portal.example.lan")
CSRF_TRUSTED_ORIGINS = [ORIGIN]
PROXIES = read("PORTAL_PROXIES")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "lucide",
    "csp",
    "portal",
    "portal.kernel",
    "portal.accounts",
    "portal.files",
    "portal.ledger",
    "portal.deadlines",
    "portal.notices",
    "portal.exports",
    "portal.search",
    "portal.ballots",
    "feedback",
    "disclosures",
    "congress",
    "evaluations",
    "portal.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.kernel.middleware.PolicyMiddleware",
    # Outside all that may answer by itself, such as the refusal of a foreign host.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.kernel.middleware.SecurityHeadersMiddleware",
    "portal.kernel.middleware.AnonymousPathMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.kernel.middleware.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionGuardMiddleware",
    "portal.accounts.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.home.middleware.ErrorPagesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "portal.kernel.templatetags.portal",
                "portal.ledger.templatetags.ledger",
                "portal.deadlines.templatetags.deadlines",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"


def _database():
    url = read("DATABASE_URL")
    if not url:
        if PRODUCTION:
            raise Unconfigured("DATABASE_URL must name the PostgreSQL database; SQLite is for demo and test")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "portal.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
            },
            # A file, not memory: worker threads in tests open connections of their own.
            "TEST": {"NAME": VAR / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Unconfigured("DATABASE_URL must begin with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or read("DATABASE_PASSWORD"),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": not TEST,
    }


DATABASES = {"default": _database()}
# Tests read what a statement says; those of the services prepare them too (portal.kernel.planned).
PREPARES_STATEMENTS = not TEST
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = read("REDIS_URL")
if PRODUCTION and not REDIS_URL:
    raise Unconfigured("REDIS_URL must name the Redis server; the embedded queue is for demo and test")
CACHES = {
    "default": (
        {
            "BACKEND": "portal.kernel.caching.PatientRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "portal",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if TEST
        else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR / "cache"}
    )
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.JobNumberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("job_no", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# One sign-in costs at most a quarter of a CPU second, so that a shift change does not queue (trust A9).
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TEST
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home:home"

SESSION_ENGINE = "portal.accounts.sessions"
SESSION_COOKIE_NAME = "portal_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "portal_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.home.views.errors.csrf_failure"
HTTPS = read("PORTAL_HTTPS") if PRODUCTION else False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # asked by supervisors on the machine itself
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / read("PORTAL_STATIC") if PRODUCTION else VAR / "static"
if not PRODUCTION:
    STATIC_ROOT.mkdir(exist_ok=True)  # stays empty: files are served from where they are installed
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "uploads"}},
    "staticfiles": {
        "BACKEND": "portal.kernel.storage.HashedStaticStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "portal.files.handlers.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if read("EMAIL_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = read("EMAIL_HOST") or "localhost", read("EMAIL_PORT")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = read("EMAIL_USER"), read("EMAIL_PASSWORD")
EMAIL_USE_TLS, EMAIL_TIMEOUT = read("EMAIL_TLS"), 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("EMAIL_FROM")
OUTBOUND_PROXY = read("PORTAL_OUTBOUND_PROXY")
WATCH = read("PORTAL_WATCH")
CLAMD = read("PORTAL_CLAMD")
DESK = read("PORTAL_DESK")

# Celery: the broker is a doorbell, the truth is in the database (docs/decisions, trust A7).
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
elif TEST:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.02}
else:
    _queue = VAR / "queue"
    for _folder in ("msg", "control", "taken"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    # The name says nothing; without one every process of the demo would warn that it is missing.
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "msg"),
        "data_folder_out": str(_queue / "msg"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "taken"),
        "store_processed": True,
        "polling_interval": 0.2,
    }
CELERY_TASK_ALWAYS_EAGER = TEST and not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 280
CELERY_TASK_PUBLISH_RETRY = False  # a page never waits for the broker; the sweep finds what the doorbell missed
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
# Crontab only: a long interval may never fire when restarts are more frequent. Every entry expires
# within its period, so that a stopped worker does not face a pile. docs/deadlines.md lists the jobs.
CELERY_BEAT_SCHEDULE = {
    "ledger-seal": {"task": "portal.ledger.seal", "schedule": crontab(), "options": {"expires": 50}},
    "ledger-head": {
        "task": "portal.ledger.publish_head",
        "schedule": crontab(minute=5, hour=0),
        "options": {"expires": 3600},
    },
    "deadlines-sweep": {"task": "portal.deadlines.sweep", "schedule": crontab(), "options": {"expires": 50}},
    "deadlines-calendar": {
        "task": "portal.deadlines.check_calendar",
        "schedule": crontab(minute=15, hour=7),
        "options": {"expires": 3600},
    },
    "notices-drain": {"task": "portal.notices.drain", "schedule": crontab(), "options": {"expires": 50}},
    "notices-digest": {
        "task": "portal.notices.digest",
        "schedule": crontab(minute=30, hour=8),
        "options": {"expires": 3600},
    },
    "files-tidy": {"task": "portal.files.tidy", "schedule": crontab(minute=10), "options": {"expires": 3000}},
    "accounts-tidy": {
        "task": "portal.accounts.tidy",
        "schedule": crontab(minute=40, hour=3),
        "options": {"expires": 3600},
    },
    "ballots-tidy": {"task": "portal.ballots.tidy", "schedule": crontab(minute="*/5"), "options": {"expires": 240}},
    "evaluations-watch": {"task": "evaluations.watch", "schedule": crontab(minute="*/5"), "options": {"expires": 290}},
    "search-check": {
        "task": "portal.search.check",
        "schedule": crontab(minute=50, hour=2),
        "options": {"expires": 3600},
    },
    "disclosures-minute": {"task": "disclosures.minute", "schedule": crontab(), "options": {"expires": 50}},
    "disclosures-daily": {
        "task": "disclosures.daily",
        "schedule": crontab(minute=25, hour=0),
        "options": {"expires": 3600},
    },
    "evaluations-scorecards": {
        "task": "evaluations.freeze_month",
        "schedule": crontab(minute=0, hour=2, day_of_month=1),
        "options": {"expires": 3600},
    },
    "congress-daily": {"task": "congress.daily", "schedule": crontab(minute=35, hour=0), "options": {"expires": 3600}},
    "feedback-daily": {"task": "feedback.daily", "schedule": crontab(minute=20, hour=1), "options": {"expires": 3600}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"quiet_paths": {"()": "portal.kernel.logs.QuietPathsFilter"}},
    "formatters": {
        "json": {"()": "portal.kernel.logs.JsonFormatter"},
        "plain": {"format": "{levelname:<7} {name} {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": read("PORTAL_LOG_FORMAT") if PRODUCTION else "plain",
            "filters": ["quiet_paths"],
        }
    },
    "root": {"handlers": ["console"], "level": read("PORTAL_LOG_LEVEL") if PRODUCTION else "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.kernel.logs.SilentReporterFilter"

SILENCED_SYSTEM_CHECKS = []
