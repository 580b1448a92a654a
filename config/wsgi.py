"""Entry point of a WSGI server (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# Every page with what it needs: four seconds of importing, which the first visitors of each process would wait for.
get_resolver().url_patterns  # noqa: B018
