"""``manage.py demo_region``: fill an empty database with the fictional region."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.demo.accounts import table
from reports.demo.loading import AlreadyThere, HalfLoaded, load


class Command(BaseCommand):
    help = "Загрузить вымышленную Северскую область в пустую базу данных и напечатать учётные записи."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="только напечатать учётные записи")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["accounts"]:
            self._load(quiet=options["verbosity"] == 0)
        if options["accounts"] or options["verbosity"] > 0:
            self.stdout.write(table())

    def _load(self, *, quiet: bool) -> None:
        began = time.monotonic()
        say = (lambda _: None) if quiet else self.stderr.write
        try:
            load(say)
        except AlreadyThere as reason:
            say(str(reason))
        except HalfLoaded as reason:
            raise CommandError(str(reason)) from reason
        else:
            say(f"Регион загружен за {time.monotonic() - began:.0f} с.")
