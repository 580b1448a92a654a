"""Section 5: the people, grouped under the results they work on."""

from __future__ import annotations

import re

from projects.passport import values
from projects.passport.form_words import NO_GROUP
from projects.passport.lookalikes import mended
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines
from projects.passport.schema import Participant
from projects.passport.titles import Columns

_ROLE = re.compile(r"(участник|руководитель|администратор|ответственн|куратор|исполнител)", re.IGNORECASE)


def read_participants(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    group: str | None = None
    for line in lines(sheet.rows, columns, "role"):
        if _is_group(line, columns):
            words = values.plain(line.row.alone or line.name)
            group = None if words == NO_GROUP else words
        elif any(line.row.cell(column) for column in columns.roles.values()):
            draft.participants.append(_participant(line, columns, draft, group))


def _is_group(line: Line, columns: Columns) -> bool:
    """Words alone in a row: over the whole of it, or in the column of roles with nothing about a person."""
    if line.row.group is not None:
        return line.row.group
    person = [columns.at(role) for role in ("name", "position", "supervisor", "employment")]
    alone = bool(line.name) and not any(line.row.shared(column) for column in person)
    return line.group or (alone and not (line.number and _ROLE.match(mended(line.name))))


def _participant(line: Line, columns: Columns, draft: Draft, group: str | None) -> Participant:
    index, row = len(draft.participants), line.row

    def words(role: str) -> str | None:
        return draft.words(row.shared(columns.at(role)), "participants", index, role)

    return Participant(
        number=line.number,
        role=values.plain(line.name or row.shared(columns.at("role"))),
        name=words("name"),
        position=words("position"),
        supervisor=words("supervisor"),
        employment=draft.decimal(row.shared(columns.at("employment")), "participants", index, "employment"),
        group=group,
    )
