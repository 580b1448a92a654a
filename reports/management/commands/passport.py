"""``manage.py passport read|check|render``: the passport kernel on the command line, without a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from projects.passport import Passport, UnreadableFile, check, read

_RENDERED = ("pdf", "docx", "xlsx")


class Command(BaseCommand):
    help = "Прочитать паспорт проекта, проверить его или напечатать (база данных не нужна)."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django reads this off the class; no check needs to run here
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="действие")
        for name, words in (
            ("read", "напечатать паспорт в форме passport/1 (JSON)"),
            ("check", "напечатать замечания списком JSON"),
            ("render", "сохранить паспорт документом: pdf, docx, xlsx или json, по окончанию имени"),
        ):
            action = actions.add_parser(name, help=words)
            action.add_argument("file", metavar="ФАЙЛ")
            if name == "render":
                action.add_argument("--output", required=True, metavar="КУДА")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._act(options)
        except UnreadableFile as refusal:
            # One sentence and nothing else: no class name before it, no traceback after it.
            self.stderr.write(str(refusal))
            sys.exit(2)

    def _act(self, options: dict[str, Any]) -> None:
        passport = read(Path(options["file"]))
        if options["action"] == "read":
            self._print(passport.model_dump(mode="json"))
        elif options["action"] == "check":
            self._print([finding.model_dump(mode="json") for finding in check(passport)])
        else:
            self._render(passport, Path(options["output"]))

    def _print(self, form: Any) -> None:
        # Bytes and not text: the JSON is UTF-8 whatever the terminal's own encoding is.
        stream = getattr(self.stdout._out, "buffer", None) or getattr(sys.stdout, "buffer", None)
        text = json.dumps(form, ensure_ascii=False, indent=1)
        if stream is not None and self.stdout._out is sys.stdout:
            stream.write(text.encode() + b"\n")
            stream.flush()
        else:
            self.stdout.write(text)

    def _render(self, passport: Passport, output: Path) -> None:
        ending = output.suffix.lower().lstrip(".")
        if ending == "json":
            content = (passport.model_dump_json(indent=1) + "\n").encode()
        elif ending in _RENDERED:
            from reports.documents.passport import render

            content = render(passport, ending, abbreviation_point=settings.MILLION_WITH_POINT)
        else:
            known = ", ".join((*_RENDERED, "json"))
            raise UnreadableFile(f"Окончание «{ending}» пока не поддерживается, выберите одно из этих: {known}.")
        try:
            output.write_bytes(content)
        except OSError as problem:
            raise UnreadableFile(f"Файл «{output}» не записывается: проверьте папку и права.") from problem
