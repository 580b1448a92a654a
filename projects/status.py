"""The words in which the state of a figure is told, everywhere the same. Source: the domain notes, §3."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    UNDEFINED = "undefined"
    PENDING = "pending"
    NOT_PLANNED = "not_planned"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Status.GREEN: "отсутствие отклонений",
    Status.YELLOW: "наличие отклонений",
    Status.RED: "критические отклонения",
    Status.GREY: "сведения не представлены",
    Status.UNDEFINED: "не определено",
    Status.PENDING: "не наступил",
    Status.NOT_PLANNED: "не запланировано",
}
