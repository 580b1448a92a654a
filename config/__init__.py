"""The settings room. Importing it gives every process (web, worker, command) the same Celery app."""

from config.celery import app

__all__ = ["app"]
