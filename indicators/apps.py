"""Indicators of a project: what schools count, when, and what it comes to."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Показатели"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from indicators.kept import figures_kept
        from indicators.section import project
        from projects.sections import register, register_kept

        register("indicators", project)
        register_kept("indicators", figures_kept)
        register_kept("results", figures_kept)
