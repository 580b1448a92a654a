"""Section 2 of a passport as people read it: indicators with their targets by year, the breakdown, the methodology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from indicators.formulas import FormulaError, parse, to_text
from indicators.models import Indicator, Target
from organisations.models import Organisation
from projects.cells import DASHES, Written
from projects.models import Project


@dataclass(frozen=True)
class TargetCell:
    """A target for a year, or what the document has in its place: a dash («not planned», not 0), «XX», nothing."""

    year: int
    value: Decimal | None = None
    raw: str = ""

    @property
    def not_planned(self) -> bool:
        return self.value is None and self.raw in DASHES


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with one cell for each year of the table.

    ``heading``: it carries no values of its own, its sub-indicators do (3 over 3.1 and 3.2). ``depth``: how many
    headings stand above it. ``formula`` is the one that is computed, as people read it; empty where there is none.
    """

    indicator: Indicator
    cells: tuple[TargetCell, ...]
    heading: bool
    depth: int
    formula: str
    base_raw: str
    base_date_raw: str


@dataclass(frozen=True)
class IndicatorTable:
    years: tuple[int, ...]
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class BreakdownRow:
    organisation: Organisation
    cells: tuple[TargetCell, ...]


@dataclass(frozen=True)
class BreakdownTable:
    """Targets of one indicator by territory or organisation; ``whole`` is the target of the project for comparison."""

    indicator: Indicator
    years: tuple[int, ...]
    whole: tuple[TargetCell, ...]
    rows: tuple[BreakdownRow, ...]


def indicator_table(project: Project, written: Written) -> IndicatorTable:
    """Indicators of the redaction in force with the targets of the whole project. Two queries.

    ``written`` are the cells of its document that hold no value, see :func:`projects.cells.written_in`.
    """
    return _table(Indicator.objects.filter(project=project, result=None), written)


def results_table(project: Project) -> IndicatorTable:
    """Results with yearly values, which are measured just as indicators are. Two queries."""
    return _table(Indicator.objects.filter(project=project, result__isnull=False), {})


def _table(rows_of_project: QuerySet[Indicator], written: Written) -> IndicatorTable:
    rows_in_force = rows_of_project.filter(archived_at=None).select_related("formula", "result")
    indicators = list(rows_in_force)
    targets = _by_indicator(Target.objects.filter(indicator__in=indicators, organisation=None))
    years = _years(target for found in targets.values() for target in found)
    numbers = {number for row in indicators if (number := _plain(row.number))}
    rows = tuple(
        IndicatorRow(
            indicator=row,
            cells=_cells(targets[row.pk], years, row.position, written),
            heading=_is_heading(row, numbers, targets[row.pk]),
            depth=_depth(row, numbers),
            formula=formula_text(row),
            base_raw=written.get((row.position, "base.value"), ""),
            base_date_raw=written.get((row.position, "base.date"), ""),
        )
        for row in indicators
    )
    return IndicatorTable(years, rows)


def breakdown_tables(project: Project) -> list[BreakdownTable]:
    """The breakdown of every indicator that has one. Three queries, however many territories."""
    indicators = list(Indicator.objects.filter(project=project).current())
    targets = _by_indicator(
        Target.objects.filter(indicator__in=indicators).select_related("organisation").order_by("year")
    )
    return [_breakdown(row, targets[row.pk]) for row in indicators if any(t.organisation_id for t in targets[row.pk])]


def formula_text(indicator: Indicator) -> str:
    """The formula that is computed, printed for people: «100 × connected ÷ organisations»; empty without one."""
    formula = getattr(indicator, "formula", None)
    return display(formula.text) if formula else ""


def display(text: str) -> str:
    """A formula kept as written, printed for people; one that cannot be read is shown as it is."""
    try:
        return to_text(parse(text))
    except FormulaError:
        return text


def _breakdown(indicator: Indicator, targets: list[Target]) -> BreakdownTable:
    years = _years(targets)
    grouped: dict[Organisation | None, list[Target]] = defaultdict(list)
    for target in targets:
        grouped[target.organisation].append(target)
    whole = grouped.pop(None, [])
    nodes = sorted((node for node in grouped if node), key=lambda node: (node.depth, node.sort_key, node.pk))
    rows = tuple(BreakdownRow(node, _cells(grouped[node], years)) for node in nodes)
    return BreakdownTable(indicator, years, _cells(whole, years), rows)


def _by_indicator(targets: Iterable[Target]) -> dict[int, list[Target]]:
    grouped: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        grouped[target.indicator_id].append(target)
    return grouped


def _years(targets: Iterable[Target]) -> tuple[int, ...]:
    return tuple(sorted({target.year for target in targets}))


def _cells(
    targets: Iterable[Target], years: tuple[int, ...], position: int = -1, written: Written | None = None
) -> tuple[TargetCell, ...]:
    values = {target.year: target.value for target in targets}
    raw = written or {}
    return tuple(
        TargetCell(year, values.get(year), raw.get((position, f"targets.{year}"), "").strip()) for year in years
    )


def _is_heading(row: Indicator, numbers: set[str], targets: list[Target]) -> bool:
    """A row without values of its own over rows whose numbers begin with its number."""
    own = _plain(row.number)
    empty = all(target.value is None for target in targets)
    return empty and bool(own) and any(number.startswith(f"{own}.") for number in numbers)


def _depth(row: Indicator, numbers: set[str]) -> int:
    parts = _plain(row.number).split(".")
    return sum(".".join(parts[:length]) in numbers for length in range(1, len(parts)))


def _plain(number: str) -> str:
    """«3.1.» and «3.1» are one number in real passports."""
    return number.strip().rstrip(".")
