"""`manage.py first_account NAME REGION`: the first account of an empty portal, that of the project office."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.management.slips import words_of
from organisations.services.errors import StateConflict
from organisations.services.people import office_found


class Command(BaseCommand):
    help = "Make the first account of an empty portal and print its login and one-time code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="surname, name and patronymic")
        parser.add_argument("region", help="name of the region, if it is not there yet")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            slip = office_found(full_name=options["name"], region=options["region"])
        except StateConflict as conflict:
            raise CommandError(str(conflict)) from None
        self.stdout.write(words_of(slip))
