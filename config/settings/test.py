"""The suite: real PostgreSQL, real Celery (never eager); only what costs time without proving anything is cheaper."""

from config import environment
from config.settings.base import *  # noqa: F403
from config.settings.base import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, INSTALLED_APPS, REDIS_URL, VAR_DIR

SECRET_KEY = "the key of the suite"  # noqa: S105
ALLOWED_HOSTS = ["*"]
ROLL_UP_GATHERS_SECONDS = 0
STATE_GATHERS_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS += ["tests.jobs.sample"]

# Runs side by side on one machine must not meet: the name separates their database, files and messages.
TEST_RUN = environment.text("TEST_DATABASE_NAME", "test_vekha")
PARALLEL_PART = environment.text("PYTEST_XDIST_WORKER", "")
# A Celery worker that a test starts inherits both names, and its run is that of the test.
if PARALLEL_PART and not TEST_RUN.endswith(f"_{PARALLEL_PART}"):
    TEST_RUN = f"{TEST_RUN}_{PARALLEL_PART}"
if not environment.text("DATABASE_URL", ""):
    DATABASES["default"] |= environment.database("postgresql://postgres@127.0.0.1:5432/postgres")
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "TEST": {"NAME": TEST_RUN}}

MEDIA_ROOT = VAR_DIR / "test" / TEST_RUN / "media"
BROKER_DIR = VAR_DIR / "test" / TEST_RUN / "broker"
CELERY_TASK_DEFAULT_QUEUE = TEST_RUN
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"data_folder_in": str(BROKER_DIR), "data_folder_out": str(BROKER_DIR)}

# Static files straight from the tree: nothing is collected for a test run.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
