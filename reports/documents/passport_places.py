"""The cells of a section as the workbook shows them: values, marks of years, and what was written in their place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from projects.passport import workbook_form as form
from projects.passport.schema import Unread
from reports.documents.workbook import Figure, Value
from reports.documents.written import Written, decimals_of

# A cell of a year with these words says something about the year, whatever the document wrote there.
_MARKS = frozenset({*form.ABSENT_YEARS, form.NO_VALUE, form.EMPTY_ROW})


class Shown:
    """Which of the cells without a value show in the workbook what was written there."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._places: set[tuple[str, int | None, str, str]] = set()

    def raw(self, section: str, row: int | None, field: str) -> str | None:
        """The words to show in a cell that has no value; None where nothing was written, or only a word of ours."""
        raw = self._written.raw(section, row, field)
        if raw is None or raw in _MARKS:
            return None
        self._places.add((section, row, field, raw))
        return raw

    def __contains__(self, entry: Unread) -> bool:
        return (entry.section, entry.row, entry.field, entry.raw) in self._places


class Cells:
    """The cells of one row of a section."""

    def __init__(self, shown: Shown, section: str, index: int) -> None:
        self._shown, self._section, self._index = shown, section, index

    def _raw(self, field: str) -> str | None:
        return self._shown.raw(self._section, self._index, field)

    def text(self, field: str, value: str | None) -> str | None:
        return value if value is not None else self._raw(field)

    def date(self, field: str, value: dt.date | str | None) -> Value:
        return value if value is not None else self._raw(field)

    def figure(self, field: str, value: Decimal | None, decimals: int | None = None) -> Value:
        if value is None:
            return self._raw(field)
        return Figure(value, decimals_of([value]) if decimals is None else decimals)

    def targets(self, values: Mapping[str, Decimal | None], years: Sequence[str]) -> Iterator[Value]:
        """A value, an empty cell or a mark for every year: «not said» and «no such year» are two things."""
        empty_is_null = self._section in form.EMPTY_IS_NULL
        for year in years:
            if year in values:
                shown = self.figure(f"targets.{year}", values[year])
                yield shown if shown is not None or empty_is_null else form.NO_VALUE
            else:
                yield form.ABSENT_YEAR if empty_is_null else None

    def amounts(self, values: Mapping[str, Decimal] | None, years: Sequence[str], decimals: int) -> Iterator[Value]:
        for year in years:
            if values == {}:
                yield form.ABSENT_YEAR
            else:
                yield self.figure(f"amounts.{year}", (values or {}).get(year), decimals)
