"""Projects, their redactions and change requests."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Проекты"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from projects.section import project
        from projects.sections import register

        register("projects", project)
