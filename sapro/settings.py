"""Settings: one file, safe as it stands. What can be set is listed in docs/operating.md."""

from csp.constants import NONE, SELF

from sapro.env import ROOT, build_id, cache, data_folder, env, postgres, public_url, secret_key, task_backend

DATA = data_folder()
SITE_ORIGIN, SITE_HOST, SITE_IS_HTTPS = public_url()

DEBUG = env.bool("SAPRO_DEBUG", default=False)
SECRET_KEY = secret_key(DATA)
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [SITE_HOST, *LOOPBACK_HOSTS, *env.list("SAPRO_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]

INSTALLED_APPS = [
    "sapro.accounts",
    "quizzes",
    "reference",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    "sapro.observe.ObserveMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sapro.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "sapro.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sapro.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sapro.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sapro.urls"
WSGI_APPLICATION = "sapro.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# WAL + FULL: an acknowledged answer has reached the disk. IMMEDIATE: a writer waits for its turn
# instead of failing half-way. Never set ATOMIC_REQUESTS with it: every GET would take the write lock.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    ),
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'sapro.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # Threads of a test share no in-memory database: concurrency is tested on a file, as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
else:
    DATABASES["default"] = postgres(DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": cache()}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 365
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sapro.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
# A browser takes a cookie of such a name from this host alone, over TLS: no neighbor can plant a session.
SESSION_COOKIE_NAME = "__Host-sessionid" if SITE_IS_HTTPS else "sessionid"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SITE_IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("SAPRO_BEHIND_PROXY", default=False) else None
# Subdomains and browser preload lists are not this site's to promise (W005, W021); the proxy in front redirects
# to https (W008), as docs/operating.md says.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "sapro.accounts.hashers.TunedArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
MAIL_IS_ON = "dummy" not in EMAIL_CONFIG["EMAIL_BACKEND"]
DEFAULT_FROM_EMAIL = env.str("SAPRO_MAIL_FROM", default=f"SA Pro <noreply@{SITE_HOST}>")

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sapro.storage.HashedStorage"},
}

# Where the course is kept: the notes, the diagrams, the outline, the lifecycle register and the bank.
COURSE_NOTES = ROOT / "reference" / "notes"
COURSE_DIAGRAMS = ROOT / "static" / "diagrams"
COURSE_OUTLINE = ROOT / "reference" / "outline.yaml"
COURSE_REGISTER = ROOT / "reference" / "lifecycle.yaml"
COURSE_BANK = ROOT / "quizzes" / "bank"

# Where work runs that no page waits for: in a thread of this process, or in ``manage.py db_worker``.
TASKS = {"default": {"BACKEND": task_backend()}}

# Seconds in which answers given before the deadline are still taken after it.
EXAM_GRACE_SECONDS = env.int("SAPRO_EXAM_GRACE", default=60)
# A test names another clock here; the clock is read once, at the edge (quizzes.clock).
CLOCK = env.str("SAPRO_CLOCK", default="django.utils.timezone.now")

# Whoever scrapes the figures at /metrics sends this as a bearer token; without one there is no such page.
METRICS_TOKEN = env.str("SAPRO_METRICS_TOKEN", default="")

LOG_LEVEL = env.str("SAPRO_LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "sapro.observe.RequestFilter"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "{asctime}{levelname}{name}{message}{request_id}{attempt}{person}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            # Here too: Django's own loggers have a level of their own and ask the root's handlers alone.
            "level": LOG_LEVEL,
            "filters": ["request"],
            "formatter": "json" if env.str("SAPRO_LOG_FORMAT", default="text") == "json" else "text",
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

# The notes know nothing of quizzes; these two say which questions stand behind a page and its statements.
TOPIC_QUESTION_COUNTS = "quizzes.queries.bank.counts_by_topic"
SECTION_QUESTIONS = "quizzes.queries.bank.questions_by_anchor"
# Changes with templates and static files, so that a kept page is asked for again after an upgrade.
BUILD = build_id(ROOT / "templates", ROOT / "static")

from sapro.accounts.allauth_settings import *  # noqa: E402, F403
