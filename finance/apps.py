"""Money of a project: plan and execution."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = "Финансы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from finance.section import project
        from projects.sections import register

        register("finance", project)
