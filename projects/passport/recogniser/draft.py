"""The passport while it is being read: its lists so far, and the cells that held no value of their kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from projects.passport import values
from projects.passport.intermediate import Row, squash
from projects.passport.schema import (
    Base,
    BreakdownRow,
    FinanceRow,
    Indicator,
    Methodology,
    Participant,
    PlanRow,
    Result,
    Task,
    Unread,
)
from projects.passport.titles import Columns


@dataclass(slots=True)
class Draft:
    """What has been recognised; ``front`` holds the single fields of the passport by their names."""

    front: dict[str, Any] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    finance: list[FinanceRow] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    plan: list[PlanRow] = field(default_factory=list)
    control_levels: dict[str, str] = field(default_factory=dict)
    breakdown: list[BreakdownRow] = field(default_factory=list)
    methodology: list[Methodology] = field(default_factory=list)
    additional: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def keep_raw(self, section: str, row: int | None, name: str, raw: str) -> None:
        """Remember a cell that is not empty but holds no value of its kind, as it was written."""
        text = squash(raw)
        if text:
            self.unread.append(Unread(section=section, row=row, field=name, raw=text[:50_000]))

    def decimal(self, text: str, section: str, row: int, name: str) -> Decimal | None:
        found = values.number(text)
        if found is None:
            self.keep_raw(section, row, name, text)
        return found

    def day(self, text: str, section: str, row: int, name: str) -> dt.date | None:
        found = values.date(text)
        if found is None:
            self.keep_raw(section, row, name, text)
        return found

    def targets(self, row: Row, columns: Columns, section: str, index: int) -> dict[str, Decimal | None]:
        """The value of every year that the table has a column for, None where the cell holds none."""
        return {
            year: self.decimal(row.shared(column), section, index, f"targets.{year}")
            for year, column in columns.years.items()
        }

    def base(self, row: Row, columns: Columns, section: str, index: int) -> Base:
        return Base(
            value=self.decimal(row.shared(columns.at("base_value")), section, index, "base.value"),
            date=self.day(row.shared(columns.at("base_date")), section, index, "base.date"),
        )

    def words(self, text: str, section: str, row: int | None, name: str) -> str | None:
        """Words of a cell in one line; a dash alone holds none and is kept as it was written."""
        line = squash(text)
        if values.is_dash(line):
            self.keep_raw(section, row, name, line)
            return None
        return line or None


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its number and its name parted, wherever the document put them.

    ``group`` is true for words that stand alone over the whole row.
    """

    row: Row
    number: str | None
    name: str
    group: bool


def lines(rows: list[Row], columns: Columns, name_role: str = "name") -> Iterator[Line]:
    """Number and name of every row: words in the number's column are a name, a number before words a number."""
    at, named = columns.at("number"), columns.at(name_role)
    for row in rows:
        if row.group:
            yield Line(row, None, squash(row.alone), group=True)
            continue
        first, name = row.cell(at), squash(row.cell(named))
        number = values.row_number(first)
        if number is None and squash(first) and at is not None:
            number, words = values.split_number(first)
            name = f"{words} {name}".strip()
        elif at is None and named is not None:
            number, name = values.split_number(name)
        group = bool(row.alone) and values.row_number(row.alone) is None
        yield Line(row, number, name, group)


def without_dash(text: str) -> str:
    """A name without the dash of a list before it and without footnote marks."""
    return values.without_marks(re.sub(r"^[-–—−•·]\s*", "", squash(text)))
