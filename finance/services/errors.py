"""What a write of money refuses, told to a person in Russian."""

from __future__ import annotations

from collections.abc import Mapping

from projects.services.errors import StaleVersion, StateConflict, ValidationFailed

__all__ = ["RowsOvertaken", "RowsRefused", "StaleVersion", "StateConflict", "ValidationFailed"]


class RowsRefused(Exception):
    """Lines that cannot be taken, by their ids: one sentence for each field, and nothing was written."""

    def __init__(self, errors: Mapping[int, Mapping[str, str]]) -> None:
        self.errors = {line: dict(fields) for line, fields in errors.items()}
        super().__init__(" ".join(text for fields in self.errors.values() for text in fields.values()))


class RowsOvertaken(StaleVersion):
    """Lines that somebody else wrote meanwhile, by their ids, each with what stands there now; nothing was written."""

    def __init__(self, errors: Mapping[int, Mapping[str, str]]) -> None:
        self.errors = {line: dict(fields) for line, fields in errors.items()}
        super().__init__(
            "Пока вы вводили, часть строк записал кто-то другой. Ничего не сохранено: посмотрите отмеченные строки."
        )
