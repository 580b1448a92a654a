"""Taking in the filled workbook of a form, by its organisation.

Values pass the same reading and the same gate as those of the page. An empty cell leaves the answer as it is. What
somebody else wrote since the workbook was made is never overwritten without being asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.answers import Given, NotAnAnswer, read_explanation
from indicators.models import Submission
from indicators.selectors.forms import FormLine, form_of
from indicators.services.errors import StaleVersion
from indicators.services.submissions import read_values, submission_save_draft
from indicators.workbooks.reading import FilledForm, explained, typed_answers
from organisations.models import User

WHY = "-why"
"""After the code of a question: its explanation. A code holds no hyphen."""


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than what somebody wrote into the form since the workbook was made."""

    code: str
    text: str
    line: FormLine


@dataclass(frozen=True)
class Uploaded:
    """What came of a workbook: ``filled`` cells, how many of them stand in the form now, and what of the others.

    ``errors``: one sentence for each cell, by the code of its question (with :data:`WHY`, its explanation).
    """

    submission: Submission
    filled: int
    errors: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    @property
    def taken(self) -> int:
        return self.filled - len(self.errors) - len(self.differences)


def form_workbook_take(*, submission: Submission, book: FilledForm, actor: User) -> Uploaded:
    """Write what was typed into the workbook of a form; cells that cannot be taken never cost the others.

    Where the form was written since the workbook was made, what it has no answer for is taken all the same, and what
    differs is returned for the person to choose. Raises ``PermissionDenied`` and ``StateConflict`` as
    :func:`submission_write_gate` does, and ``StaleVersion`` where somebody writes at this very moment.
    """
    lines = {line.code: line for line in form_of(submission).lines}
    values, errors = typed_answers(book, {code: line.question for code, line in lines.items()})
    reasons: dict[str, str] = {}
    for code, spot in book.explanations.items():
        try:
            reasons[code] = read_explanation(explained(spot))
        except NotAnAnswer as error:
            errors[code + WHY] = str(error)
    filled = len(book.answers) + len(book.explanations)
    try:
        saved = submission_save_draft(
            submission=submission, values=values, explanations=reasons, version=book.mark.version, actor=actor
        )
        return Uploaded(saved.submission, filled, saved.errors | errors)
    except StaleVersion:
        submission.refresh_from_db()
    differing = _differences(submission, values, reasons)
    held = {found.code for found in differing}
    saved = submission_save_draft(
        submission=submission,
        values={code: text for code, text in values.items() if code not in held},
        explanations={code: text for code, text in reasons.items() if code + WHY not in held},
        version=submission.version,
        actor=actor,
    )
    return Uploaded(saved.submission, filled, saved.errors | errors, differing)


def _differences(
    submission: Submission, values: Mapping[str, str], reasons: Mapping[str, str]
) -> tuple[Difference, ...]:
    found = []
    for line in form_of(submission).lines:
        if line.is_given and line.code in values:
            given, wrong = read_values({line.code: values[line.code]}, {line.code: line.question})
            # What cannot be read is told as an error, not as a choice.
            if not wrong and given[line.code] != Given(line.value, line.not_applicable):
                found.append(Difference(line.code, values[line.code], line))
        if line.explanation and reasons.get(line.code, line.explanation) != line.explanation:
            found.append(Difference(line.code + WHY, reasons[line.code], line))
    return tuple(found)
