"""Municipalities ranked on one indicator, with the coverage beside each value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.forms.widgets import LongSelect
from indicators.models import Direction, Measurement
from indicators.selectors.drill_down import NodeValue, drill_down
from organisations.access import require
from organisations.models import REPORTING_KINDS
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.models import Project
from reports.documents.dataset import Column, Dataset
from reports.moment import as_of_now
from reports.views.files import dataset_file


@dataclass(frozen=True)
class Place:
    """One municipality. ``place`` is «3», or «3–5» where some share it; empty where there is no value to rank."""

    place: str
    node: NodeValue


def ranked(nodes: Iterable[NodeValue], *, decreasing: bool) -> list[Place]:
    """The best first; equal values share their places. Those without a value stand after all of them, never as 0."""
    known = [node for node in nodes if node.value is not None]
    known.sort(key=lambda node: (_key(node, decreasing), node.place.sort_key))
    places: dict[Decimal, list[int]] = {}
    for index, node in enumerate(known, 1):
        places.setdefault(_key(node, decreasing), []).append(index)
    found = [Place(_words(places[_key(node, decreasing)]), node) for node in known]
    return found + [Place("", node) for node in nodes if node.value is None]


def _key(node: NodeValue, decreasing: bool) -> Decimal:
    assert node.value is not None
    return node.value if decreasing else -node.value


def _words(places: list[int]) -> str:
    return str(places[0]) if len(places) == 1 else f"{places[0]}–{places[-1]}"


class RankingFilter(forms.Form):
    """Project, indicator and period, each kept in the address; what does not fit falls back to the first there is."""

    project = forms.TypedChoiceField(label="Проект", coerce=int, widget=LongSelect)
    indicator = forms.TypedChoiceField(label="Показатель", coerce=int, widget=LongSelect)
    period = forms.TypedChoiceField(label="Период", coerce=int)

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        given = data.copy()
        self.measurement: Measurement | None = None
        # Those of the whole region first: a project of one municipality has nothing to rank.
        projects = Project.objects.visible_to(user).filter(periods__measurements__isnull=False)
        projects = projects.order_by("territory__depth", "short_title", "pk").distinct()
        project = _chosen(given, "project", list(projects.values_list("pk", "short_title")))
        rows = list(
            Measurement.objects.filter(project__project=project[0])
            .select_related("period", "project__project__territory", "indicator__result")
            .order_by("indicator__position", "-period__end", "period__start")
        )
        indicators = {row.indicator_id: f"{row.indicator}" for row in rows}
        indicator = _chosen(given, "indicator", list(indicators.items()))
        periods = [row for row in rows if row.indicator_id == indicator[0]]
        period = _chosen(given, "period", [(row.period_id, str(row.period)) for row in periods])
        super().__init__(given)
        for name, choices in (("project", project[1]), ("indicator", indicator[1]), ("period", period[1])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.measurement = next((row for row in periods if row.period_id == period[0]), None)


def _chosen(given: QueryDict, name: str, choices: list[tuple[int, str]]) -> tuple[int | None, list[tuple[int, str]]]:
    """The one that the address names, else the first."""
    found = next((pk for pk, _ in choices if str(pk) == given.get(name)), choices[0][0] if choices else None)
    given[name] = "" if found is None else str(found)
    return found, choices


@require_safe
def ranking(request: SignedInRequest) -> HttpResponse:
    """Municipalities of a project by an indicator in a period."""
    require(request.user, Action.READ_DEVIATIONS)
    filters = RankingFilter(request.GET, user=request.user)
    places, whole = _places(filters, request.user)
    context = {
        "title": "Рейтинг муниципалитетов",
        "breadcrumbs": [("Портфель проектов", reverse("reports:portfolio")), ("Рейтинг муниципалитетов", "")],
        "filters": [filters[name] for name in filters.fields],
        "measurement": filters.measurement,
        "decreasing": _is_decreasing(filters.measurement),
        "places": places,
        "whole": whole,
        "missing": sum(not place.place for place in places),
    }
    return render(request, "reports/portfolio/ranking.html", context)


@require_safe
def ranking_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """The same as a file."""
    require(request.user, Action.READ_DEVIATIONS)
    filters = RankingFilter(request.GET, user=request.user)
    places, _ = _places(filters, request.user)
    return dataset_file(_dataset(filters.measurement, places), "Рейтинг муниципалитетов", ending)


def _places(filters: RankingFilter, user: Any) -> tuple[list[Place], NodeValue | None]:
    measurement = filters.measurement
    if measurement is None:
        return [], None
    shown = drill_down(measurement, measurement.project.project.territory_id, user)
    if shown is None:
        return [], None
    nodes = [node for node in shown.children if node.place.kind not in REPORTING_KINDS]
    return ranked(nodes, decreasing=_is_decreasing(measurement)), shown.node


def _is_decreasing(measurement: Measurement | None) -> bool:
    return measurement is not None and measurement.direction == Direction.DECREASING


def _dataset(measurement: Measurement | None, places: list[Place]) -> Dataset:
    lines = [as_of_now()]
    if measurement:
        lines = [f"{measurement.project.project}. {measurement}.", str(measurement.period), *lines]
    return Dataset(
        title="Рейтинг муниципалитетов",
        lines=tuple(lines),
        columns=(
            Column(title="Место"),
            Column(title="Муниципалитет"),
            Column(title="Факт", kind="number", unit=measurement.unit if measurement else None, decimals=2),
            Column(title="План", kind="number"),
            Column(title="Исполнение, %", kind="number", decimals=1),
            Column(title="Состояние"),
            Column(title="Принято форм", kind="number"),
            Column(title="Ожидалось форм", kind="number"),
        ),
        rows=tuple(
            (
                row.place or None,
                row.node.place.name,
                row.node.value if row.place else "нет значения",
                row.node.target,
                row.node.assessment.ratio,
                row.node.assessment.words,
                Decimal(row.node.coverage.accepted) if row.node.coverage else None,
                Decimal(row.node.coverage.expected) if row.node.coverage else None,
            )
            for row in places
        ),
    )
