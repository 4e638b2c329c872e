"""Settings: the environment for the operator, nothing else. Per-site choices live in kit.choices.

Presence decides, there is no mode flag: `SAMEPATH_DATABASE_URL` chooses PostgreSQL, its absence the
embedded SQLite; `SAMEPATH_ORIGIN` (https://name) says under which address people come.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SAMEPATH_DATA", "data")).resolve()
PORT = int(os.environ.get("SAMEPATH_PORT", "8000"))
HOST = os.environ.get("SAMEPATH_HOST", "127.0.0.1")
ORIGIN = os.environ.get("SAMEPATH_ORIGIN", f"http://localhost:{PORT}").rstrip("/")
DEMO = os.environ.get("SAMEPATH_DEMO") == "1"
SECURE = ORIGIN.startswith("https://")
# A forwarded address is believed only from the proxy named here (safety.md 3.5).
TRUSTED_PROXY = os.environ.get("SAMEPATH_TRUSTED_PROXY", "")

DEBUG = False
ROOT_URLCONF = "samepath.urls"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False


def _secret(name: str) -> str:
    """The secret kept in a file of the data folder, made on first use, readable by us alone."""
    path = DATA / "secrets" / name
    if not path.exists():
        # One by one: the mode holds for the last folder of a path alone.
        for folder in (DATA, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written whole before it gets its name: two processes may start at once.
        draft = path.with_name(f".{name}-{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(os.urandom(48).hex())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


SECRET_KEY = _secret("page-key")

_host = urlsplit(ORIGIN).hostname or "localhost"
ALLOWED_HOSTS = ["*"]  # kit.http.SiteMiddleware answers 400 for a host that is no site of ours
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
ORIGIN_HOST = _host

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "samepath.kit",
    "samepath.accounts",
    "samepath.notifications",
    "samepath.organisations",
    "samepath.safety",
    "samepath.profiles",
    "samepath.conversations",
    "samepath.matching",
    "samepath.web",
    "samepath.realtime",
]
if DEMO:
    INSTALLED_APPS.append("samepath.demo")

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # pads at random, and forms mask their token (BREACH)
    "samepath.kit.http.HeadersMiddleware",
    "samepath.kit.http.SiteMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "samepath.kit.http.ErrorsMiddleware",
    "samepath.kit.http.FetchSiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "samepath.accounts.middleware.SignInMiddleware",
    "samepath.organisations.middleware.SetUpMiddleware",
    "samepath.organisations.middleware.ZoneMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["samepath.kit.http.page_context"],
            "builtins": ["samepath.kit.templatetags.kit", "django.templatetags.i18n"],
        },
    }
]


def _database() -> dict[str, object]:
    address = os.environ.get("SAMEPATH_DATABASE_URL")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "samepath.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
                    "PRAGMA cache_size=-8000; PRAGMA secure_delete=ON"
                ),
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c synchronous_commit=on"},
    }


DATABASES = {"default": _database()}

# No network address may land in a cache that is backed up: per-process memory only.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
# A made-up right-to-left language for tests of the mirrored page; offered only where asked for.
if os.environ.get("SAMEPATH_PSEUDO_RTL") == "1":
    LANGUAGES.append(("ar", "العربية (test)"))
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE

_prefix = "__Host-" if SECURE else ""
SIGN_IN_COOKIE = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "samepath.kit.http.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ORIGIN] if SECURE else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS: list[str] = []

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "kit" / "ui"]
HASHED = os.environ.get("SAMEPATH_HASHED_STATIC") == "1"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "samepath.kit.static.HashedStorage"
        if HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]

# Event names, ids and durations only; an exception is told without its local values.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "samepath.kit.log.PlainFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "samepath": {"level": "INFO"},
    },
}
