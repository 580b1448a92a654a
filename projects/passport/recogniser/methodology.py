"""The methodology: how each indicator is computed, from what and by whom."""

from __future__ import annotations

from projects.passport import values
from projects.passport.form_words import NO_INDICATOR
from projects.passport.intermediate import Row
from projects.passport.pages import Sheet
from projects.passport.recogniser.breakdown import indicator_of
from projects.passport.recogniser.draft import Draft
from projects.passport.schema import Methodology
from projects.passport.titles import Columns

_FIELDS = ("formula", "base_indicators", "source", "collector", "aggregation", "schedule", "note")


def read_methodology(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    group: str | None = None
    pending = False
    for row in sheet.rows:
        if row.alone and values.row_number(row.alone) is None:
            if pending and group:
                draft.methodology.append(Methodology(note=group))
            group = values.plain(row.alone)
            group, pending = (None, False) if group == NO_INDICATOR else (group, True)
        elif row.filled:
            draft.methodology.append(_row(row, columns, draft, group))
            pending = False
    if pending and group:
        # Words over the whole table and nothing under them: «дополнительные показатели отсутствуют».
        draft.methodology.append(Methodology(note=group))


def _row(row: Row, columns: Columns, draft: Draft, group: str | None) -> Methodology:
    index = len(draft.methodology)
    number = values.row_number(row.cell(columns.at("number")))
    own = values.plain(row.cell(columns.at("indicator")))
    in_group, name = values.split_number(group or "")
    found = {
        field: draft.words(row.shared(columns.at(field)), "methodology", index, field)
        for field in _FIELDS
        if columns.at(field) is not None
    }
    return Methodology(indicator=number or indicator_of(own or "") or in_group or name or None, **found)
