"""Money of a project: plan and execution."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = "Финансы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from finance.kept import execution_kept
        from finance.section import project
        from projects.sections import register, register_kept

        register("finance", project)
        register_kept("finance", execution_kept)
