"""Whatever reads across the sections."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Отчёты"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from projects.changes import register
        from reports.state.asking import ask_to_recompute

        register("state", ask_to_recompute)
