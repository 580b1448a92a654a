"""A real progress report as data: what it says of a project, read from its text dump where that lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from projects.passport.intermediate import squash

PATH = Path("../shared/passports/kirov-progress-2020.txt")
MARK = "(нарастающим итогом)"


@dataclass(frozen=True)
class Line:
    """A row of a table: number, name and the cells as they were written, in their order."""

    number: str
    name: str
    cells: tuple[str, ...]

    @property
    def bare_name(self) -> str:
        """Without the mark of what is counted from the start of the project."""
        return self.name.removesuffix(MARK).strip()


@dataclass(frozen=True)
class RealProgress:
    title: str
    goal: str
    customer: str
    curator: tuple[str, str]
    head: tuple[str, str]
    participants: tuple[str, ...]
    years: tuple[int, ...]
    indicators: tuple[Line, ...]
    results: tuple[Line, ...]
    money: tuple[Line, ...]


def figure(text: str) -> Decimal | None:
    """A number as it was written; None for the dash of what was not planned."""
    return None if text == "-" else Decimal(text.replace(" ", "").replace(",", "."))


def real_progress() -> RealProgress:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    plain = [squash(line.replace("*", "")) for line in lines]
    told = [line for line in plain if line]
    curator, head = (next(i for i, line in enumerate(told) if line.startswith(word)) for word in ("Куратор", "Руковод"))
    indicators, results, money = (
        _table(lines, title) for title in ("Показатели проекта", "Результаты проекта в цифрах", "Объем финансирования")
    )
    heading = next(line for line in lines if len(re.findall(r"\b20\d\d\b", line)) > 2)
    return RealProgress(
        title=_after(told, "Реализация регионального проекта").strip("«» "),
        goal=_after(told, "Цель проекта:"),
        customer=_after(told, "функциональный заказчик –"),
        curator=(told[curator + 1], told[curator + 2]),
        head=(told[head + 1], told[head + 2]),
        participants=tuple(line.removeprefix("- ") for line in told if line.startswith("- ")),
        years=tuple(int(year) for year in re.findall(r"\b20\d\d\b", heading)),
        indicators=indicators,
        results=results,
        money=money,
    )


def _after(lines: list[str], words: str) -> str:
    return next(line.removeprefix(words).strip() for line in lines if line.startswith(words))


def _table(lines: list[str], title: str) -> tuple[Line, ...]:
    """The rows that begin with a number, from the heading to the next line of plain words."""
    found: list[Line] = []
    for line in lines[lines.index(title) + 1 :]:
        cells = [squash(cell) for cell in line.split("\t") if cell.strip()]
        if len(cells) > 3 and cells[0].isdigit() and len(cells[0]) < 3:
            found.append(Line(cells[0], cells[1], tuple(cells[2:])))
        elif found and cells and len(cells) == 1:
            break
    return tuple(found)
