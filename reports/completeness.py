"""Completeness as a heat map on the page and as a dataset in a file: what is shown is what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.models import ReportingPeriod, Submission, SubmissionState
from indicators.selectors.turnout import MEASURES, NodeRow, Scope, Turnout, forms_of, totals
from reports.charts import HeatCell, HeatMap, HeatRow
from reports.documents.dataset import Column, Dataset, Value
from reports.moment import as_of_now

DIRECTLY = "Без муниципалитета"
NOT_ASKED = "не спрашивали"
Link = Callable[..., str]

# The kind of sign and the word of each state; «черновик» only once somebody touched the form.
_WORDS: dict[str, tuple[str, str]] = {
    SubmissionState.DRAFT: ("none", "черновик"),
    SubmissionState.SUBMITTED: ("wait", "на проверке"),
    SubmissionState.CHECKED: ("wait", "проверена"),
    SubmissionState.RETURNED: ("act", "возвращена"),
    SubmissionState.REOPENED: ("act", "исправляется"),
    SubmissionState.ACCEPTED: ("done", "принята"),
}


@dataclass(frozen=True)
class FormCell:
    """One form in the table of organisations; ``form`` None: nothing was asked of the organisation."""

    form: Submission | None

    @property
    def sign(self) -> str:
        return _WORDS[self.form.state][0] if self.form else "none"

    @property
    def word(self) -> str:
        if self.form is None:
            return NOT_ASKED
        untouched = self.form.state == SubmissionState.DRAFT and not self.form.version
        return "не начата" if untouched else _WORDS[self.form.state][1]

    @property
    def words(self) -> str:
        return f"{self.word}, {self.form.lateness}" if self.form and self.form.lateness else self.word


@dataclass(frozen=True)
class OrganisationRow:
    name: str
    cells: tuple[FormCell, ...]


def organisation_rows(scope: Scope, page: Sequence[Mapping[str, Any]]) -> list[OrganisationRow]:
    forms = forms_of(scope, [row["organisation"] for row in page])
    return [
        OrganisationRow(
            row["name"], tuple(FormCell(forms.get((row["organisation"], period.pk))) for period in scope.periods)
        )
        for row in page
    ]


def heat_map(rows: Sequence[NodeRow], scope: Scope, measure: str, link: Link) -> HeatMap:
    """Nodes × periods; every name leads one level down, every figure to those whom it counts in that period."""
    return HeatMap(
        title=f"{MEASURES[measure][0]}: {scope.node.short_name}",
        row_head="Где",
        columns=tuple(map(str, scope.periods)),
        rows=tuple(
            HeatRow(
                row.node.short_name if row.node else DIRECTLY,
                tuple(
                    HeatCell(
                        getattr(cell, measure), cell.expected, link(row.node, period=period) if cell.expected else ""
                    )
                    for cell, period in zip(row.cells, scope.periods, strict=True)
                ),
                link(row.node),
            )
            for row in rows
        ),
    )


@dataclass(frozen=True)
class TotalRow:
    """One measure over all that is shown, period by period; ``cells`` hold the count and of how many."""

    key: str
    title: str
    cells: tuple[tuple[int, int], ...]


def total_rows(rows: Sequence[NodeRow]) -> list[TotalRow]:
    counted = totals(rows)
    return [
        TotalRow(key, title, tuple((getattr(cell, key), cell.expected) for cell in counted))
        for key, (title, _) in MEASURES.items()
    ]


def nodes_dataset(rows: Sequence[NodeRow], scope: Scope, measure: str, lines: Sequence[str]) -> Dataset:
    """For each period the count of the measure and of how many, with the total in the last row."""
    word = MEASURES[measure][0].lower()
    named = [(row.node.short_name if row.node else DIRECTLY, row.cells) for row in rows]
    if len(named) > 1:
        named.append(("Всего", totals(rows)))
    columns = [
        Column(title=title, kind="number", decimals=0)
        for period in scope.periods
        for title in (f"{period}: {word}", f"{period}: всего форм")
    ]
    return Dataset(
        title=f"Сдача форм: {scope.node.name}",
        lines=(*lines, as_of_now()),
        columns=(Column(title="Где"), *columns),
        rows=tuple((name, *(value for cell in cells for value in _pair(cell, measure))) for name, cells in named),
    )


def organisations_dataset(rows: Sequence[OrganisationRow], scope: Scope, lines: Sequence[str]) -> Dataset:
    return Dataset(
        title=f"Сдача форм: {scope.node.name}",
        lines=(*lines, as_of_now()),
        columns=(Column(title="Организация"), *(Column(title=str(period)) for period in scope.periods)),
        rows=tuple((row.name, *(cell.words for cell in row.cells)) for row in rows),
    )


def _pair(cell: Turnout, measure: str) -> tuple[Value, Value]:
    """Nobody was to report: two empty cells, which are not zeros."""
    if not cell.expected:
        return None, None
    return Decimal(getattr(cell, measure)), Decimal(cell.expected)


def years_of(periods: Sequence[ReportingPeriod]) -> list[int]:
    return sorted({row.year for row in periods}, reverse=True)
