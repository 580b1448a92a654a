"""Indicators: plan, reporting and roll-up."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Показатели"
    default_auto_field = "django.db.models.BigAutoField"
