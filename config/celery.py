"""The one Celery application; its settings are the CELERY_* names of the Django settings."""

from celery import Celery

app = Celery("vekha")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
