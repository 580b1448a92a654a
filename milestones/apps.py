"""The event plan of a project."""

from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = "План мероприятий"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from milestones.kept import progress_kept
        from milestones.section import project
        from projects.sections import register, register_kept

        register("milestones", project)
        register_kept("plan", progress_kept)
