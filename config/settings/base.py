"""What is the same everywhere. Everything that differs from place to place comes from the environment."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")

DEBUG = False
ALLOWED_HOSTS: list[str] = environment.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS: list[str] = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "jobs",
    "organisations",
    "projects",
    "indicators",
    "milestones",
    "finance",
    "participants",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.UploadCap",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A view is closed to strangers unless it says @login_not_required: forgetting is then harmless.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organisations.middleware.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
# A page that only reads needs no context for the audit trail.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        # All our templates live in one tree, and no library may bring pages of its own.
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.appearance.context",
                "reports.navigation.context",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------------------------
DATABASES = {
    "default": environment.database(environment.text("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/vekha"))
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
}
# Compiling a statement takes longer than any of ours saves by it: the page of a period among 40,000 organisations
# waited 0.9 s for the database with it, and 0.3 s without.
#
# What is prepared (organisations/prepared.py) finds rows by an index whatever the values are: to plan it anew for them,
# as the database would by what it expects of the plan, takes three times as long as to run it.
DATABASES["default"]["OPTIONS"]["options"] = "-c jit=off -c plan_cache_mode=force_generic_plan"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["organisations.backends.Accounts"]
LOGIN_URL = "organisations:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# Staff (everybody but heads of organisations) sign in with a second factor: it is `required`, or only `offered`.
SECOND_FACTOR = environment.choice("SECOND_FACTOR", ("offered", "required"))
# Networks of our own proxies: only what they say of where a request came from is believed.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
# How many different logins may fail from one address within an hour; a whole region may sit behind one.
SIGN_IN_ADDRESS_LIMIT = environment.integer("SIGN_IN_ADDRESS_LIMIT", 1000)
# Sessions live in the database so that a dismissed person's can be ended.
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- Letters ----------------------------------------------------------------------------------------------------
# Where people reach the portal: a job that writes a letter or prints a document has no request to take it from.
PORTAL_ADDRESS = environment.text("PORTAL_ADDRESS", "http://localhost:8000").rstrip("/")
# Without a mail server letters are kept as files, where whoever runs the portal can read them.
EMAIL_HOST = environment.text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "letters")
EMAIL_PORT = environment.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_PASSWORD", "")
EMAIL_SECURITY = environment.choice("EMAIL_SECURITY", ("starttls", "tls", "none"))
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "Веха <noreply@localhost>")

# --- Headers (the content security policy is in config.middleware) ---------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Printed documents ------------------------------------------------------------------------------------------
# «млн. рублей», as the form of passports has it, or «млн рублей», as the rules of spelling do.
MILLION_WITH_POINT = environment.flag("MILLION_WITH_POINT", default=True)

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
TIME_ZONE = environment.text("REGION_TIME_ZONE", "Europe/Moscow")  # deadlines and reminders keep its days
USE_TZ = True
USE_I18N = True

# --- Static files and stored files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environment.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
# Never below STATIC_ROOT and without a MEDIA_URL: a stored file leaves only through a view that checks rights.
MEDIA_ROOT = environment.folder("MEDIA_ROOT", VAR_DIR / "media")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- What people send -------------------------------------------------------------------------------------------
MAX_UPLOAD_BYTES = environment.integer("MAX_UPLOAD_MEGABYTES", 30) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Straight to a temporary file: the memory of a web process does not depend on what is uploaded.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["config.permissions.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["organisations.api.BearerToken"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Веха: формы организаций",
    "DESCRIPTION": "Для информационных систем школ: что нужно сдать, форма, черновик, подтверждения, отправка.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# --- Jobs (see jobs.models.Job) ---------------------------------------------------------------------------------
JOBS_ATTEMPTS = environment.integer("JOBS_ATTEMPTS", 3)
JOBS_LEASE_SECONDS = environment.integer("JOBS_LEASE_SECONDS", 30)
JOBS_SWEEP_SECONDS = environment.integer("JOBS_SWEEP_SECONDS", 30)
JOBS_RETRY_SECONDS = environment.integer("JOBS_RETRY_SECONDS", 10)

# How long a roll-up waits for more of what it is asked for: on the last day fifteen schools a second hand in, and one
# fold for all of them costs little more than one for each. Totals are right that much later.
ROLL_UP_GATHERS_SECONDS = 1.0
# The state of a project follows its totals: on the last day of a period they change twice a second.
STATE_GATHERS_SECONDS = 5.0

# --- Letters with notifications: at most one a day to a person; the hours are those of the region ----------------
DIGEST_HOURS = environment.text("DIGEST_HOURS", "9,13,17")
DIGEST_LETTERS_A_DAY = environment.integer("DIGEST_LETTERS_A_DAY", 50_000)

# --- Celery -----------------------------------------------------------------------------------------------------
REDIS_URL = environment.text("REDIS_URL", "")
BROKER_DIR = environment.folder("BROKER_DIR", VAR_DIR / "broker")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        # Longer than the hard time limit, or Redis would hand a running task to a second worker.
        "visibility_timeout": 3600,
        # A request must not wait for a broker that is down (by default six seconds); the sweep finds the job anyway.
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
else:
    CELERY_BROKER_URL = "folder://localhost//"  # see config.broker
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # an outage may last; by default a worker gives up after a hundred
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_DEFAULT_QUEUE = environment.text("CELERY_QUEUE", "vekha")
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
# Acknowledged after the work; without the second setting Celery drops the task of a child that died.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
# How long the result of a dead child is waited for, its place in the pool being taken meanwhile; we keep no results.
CELERY_WORKER_LOST_WAIT = 1.0
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000  # KiB; a child that grew beyond is replaced after its task
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # the broker of files has no broadcast
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    # Every hour, not once a day: a round that an outage swallowed is made in the next hour, and none is made twice.
    "remind": {"task": "indicators.remind", "schedule": crontab(minute=5, hour="8-19"), "options": {"expires": 3600}},
    "remind of plans": {
        "task": "milestones.remind",
        "schedule": crontab(minute=15, hour="7-19"),
        "options": {"expires": 3600},
    },
    "digests": {
        "task": "organisations.send_digests",
        "schedule": crontab(minute=30, hour=DIGEST_HOURS),
        "options": {"expires": 3600},
    },
    "sweep": {
        "task": "jobs.sweep",
        "schedule": JOBS_SWEEP_SECONDS,
        "options": {"expires": JOBS_SWEEP_SECONDS},
    },
    "tidy": {"task": "organisations.tidy", "schedule": 60 * 60, "options": {"expires": 60 * 60}},
    "fold": {"task": "indicators.fold_what_waits", "schedule": 60, "options": {"expires": 60}},
    "audit": {"task": "indicators.audit_tonight", "schedule": crontab(minute=15, hour=3), "options": {"expires": 3600}},
    # Days pass by themselves: what was due yesterday is overdue today. Every hour, so that an outage costs an hour.
    "state": {"task": "reports.recompute_states", "schedule": crontab(minute=10), "options": {"expires": 3600}},
    "measures": {
        "task": "reports.remind_of_measures",
        "schedule": crontab(minute=20, hour="8-19"),
        "options": {"expires": 3600},
    },
    "look at peers": {"task": "indicators.look_at_peers", "schedule": 15 * 60, "options": {"expires": 15 * 60}},
    "forget old answers": {"task": "jobs.forget_old_answers", "schedule": 60 * 60, "options": {"expires": 60 * 60}},
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1  # how long a beat that is told to stop may sleep on
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Log: one stream, standard error; whoever runs the process keeps it ----------------------------------------
LOG_LEVEL = environment.text("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "config.logs.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # The handlers of Django's own logger mail to ADMINS; everything goes to the root instead.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # These say a line for every glyph table and every request.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
