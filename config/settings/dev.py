"""A developer's machine: readable errors, no HTTPS, a key that protects nothing."""

from config.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "a developer's key that protects nothing"  # noqa: S105
ALLOWED_HOSTS = ["*"]
