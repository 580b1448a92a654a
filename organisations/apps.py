"""The tree of organisations and the people in it."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "Организации и люди"
    default_auto_field = "django.db.models.BigAutoField"
