"""Section 5: the people, grouped under the results they work on."""

from __future__ import annotations

from projects.passport import values
from projects.passport.intermediate import squash
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, lines
from projects.passport.schema import Participant
from projects.passport.titles import Columns


def read_participants(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    group: str | None = None
    for line in lines(sheet.rows, columns, "role"):
        filled = [column for column in line.row.filled if column != columns.at("number")]
        if line.group or (line.number is None and len(filled) == 1 and filled[0] == columns.at("role")):
            group = values.plain(line.row.alone or line.name)
            continue
        if line.number is not None and not line.row.cell(columns.at("name")) and len(filled) <= 1 and line.name:
            if not any(line.row.shared(columns.at(role)) for role in ("position", "supervisor", "employment")):
                group = values.plain(line.name)
                continue
        if not line.row.filled:
            continue
        index = len(draft.participants)

        def words(role: str, index: int = index, line: object = line) -> str | None:
            return draft.words(row.shared(columns.at(role)), "participants", index, role)

        row = line.row
        draft.participants.append(
            Participant(
                number=line.number,
                role=values.plain(line.name or squash(row.shared(columns.at("role")))),
                name=words("name"),
                position=words("position"),
                supervisor=words("supervisor"),
                employment=draft.decimal(row.shared(columns.at("employment")), "participants", index, "employment"),
                group=group,
            )
        )
