"""`manage.py restore_access LOGIN`: for a project office of which nobody can sign in any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.management.slips import words_of
from organisations.services.errors import StateConflict
from organisations.services.people import office_restored


class Command(BaseCommand):
    help = "Enable an account of the project office, forget its second factor and print a one-time code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            slip = office_restored(login=options["login"])
        except StateConflict as conflict:
            raise CommandError(str(conflict)) from None
        self.stdout.write(words_of(slip))
