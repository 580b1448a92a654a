"""People of a project and their load."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Участники"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from participants.section import project
        from projects.sections import register

        register("participants", project)
