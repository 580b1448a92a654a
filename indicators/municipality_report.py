"""What came of the workbook of a municipality, as the job keeps it and the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.services.filling_for import FilledFor

MOST_ERRORS = 2000
"""A workbook that is wrong all over is told about by its first cells."""


def report_of(outcomes: Sequence[FilledFor], sheet: str) -> dict[str, Any]:
    """Schools with what was taken of each, and every cell that was not, in the order of the rows; JSON."""
    schools: list[dict[str, Any]] = []
    told = 0
    for outcome in outcomes:
        answers = outcome.row.answers
        errors = [
            {"place": answers[code].place, "code": code, "text": sentence} for code, sentence in outcome.errors.items()
        ]
        if not (answers and (outcome.taken or errors or outcome.refused)):
            continue
        shown = errors[: max(0, MOST_ERRORS - told)]
        told += len(shown)
        schools.append(
            {
                "form": outcome.row.mark.form if outcome.name else None,
                "row": outcome.row.row,
                "name": outcome.name,
                "filled": len(outcome.row.answers),
                "taken": outcome.taken,
                "refused": outcome.refused,
                "errors": shown,
            }
        )
    return {
        "sheet": sheet,
        "schools": schools,
        "filled": sum(school["filled"] for school in schools),
        "taken": sum(school["taken"] for school in schools),
        "wrong": sum(len(outcome.errors) for outcome in outcomes),
        "refused": sum(bool(outcome.refused) for outcome in outcomes),
    }
