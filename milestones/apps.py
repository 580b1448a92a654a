"""The event plan of a project."""

from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = "План мероприятий"
    default_auto_field = "django.db.models.BigAutoField"
