"""Appendix 2: targets of the indicators by municipality or by organisation."""

from __future__ import annotations

import re

from projects.passport import values
from projects.passport.form_words import NO_INDICATOR
from projects.passport.intermediate import Row
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines, without_dash
from projects.passport.schema import BreakdownRow
from projects.passport.titles import Columns

_LABEL = re.compile(r"^(целевой )?показатель\s*(?=№?\s?\d|[:.«])", re.IGNORECASE)


def indicator_of(text: str) -> str | None:
    """The indicator that a group row names: its number where there is one, else its name."""
    words = _LABEL.sub("", values.plain(text) or "").lstrip(":. ")
    if words == NO_INDICATOR:
        return None
    number, name = values.split_number(words)
    return number or name or None


def read_breakdown(sheet: Sheet, columns: Columns, draft: Draft, above: str | None) -> None:
    """``above`` is the paragraph between the heading and the table, which names the indicator of a lone table."""
    indicator = indicator_of(above) if above else None
    for line in lines(sheet.rows, columns, "territory"):
        if _is_group(line, columns):
            indicator = indicator_of(line.row.alone or _whole(line.row, columns))
        elif line.row.filled:
            index = len(draft.breakdown)
            own = line.row.shared(columns.at("indicator"))
            draft.breakdown.append(
                BreakdownRow(
                    indicator=indicator_of(own) if own else indicator,
                    territory=without_dash(line.name) or None,
                    base=draft.base(line.row, columns, "breakdown", index),
                    targets=draft.targets(line.row, columns, "breakdown", index),
                )
            )


def _is_group(line: Line, columns: Columns) -> bool:
    if line.row.group is not None:
        return line.row.group
    held = [columns.at("base_value"), columns.at("base_date"), *columns.years.values()]
    return line.group or not any(line.row.shared(column) for column in held)


def _whole(row: Row, columns: Columns) -> str:
    number = row.cell(columns.at("number"))
    words = row.cell(columns.at("territory"))
    return f"{number} {words}".strip() if number else words
