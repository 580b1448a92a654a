"""Completeness: who handed in, who is late and who is missing, over the periods of a year and down the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.models import PeriodKind, ReportingPeriod
from indicators.selectors.turnout import (
    MEASURES,
    Scope,
    first_node,
    is_bottom,
    nodes_seen,
    organisations_under,
    turnout_of,
)
from indicators.views.review import require_overview
from organisations.models import REPORTING_KINDS, Organisation, OrganisationKind
from organisations.views.requests import SignedInRequest
from projects.models import Project
from reports.completeness import (
    heat_map,
    nodes_dataset,
    organisation_rows,
    organisations_dataset,
    total_rows,
    years_of,
)
from reports.views.files import dataset_file

PER_PAGE = 50
FIRST = "handed_in"


class CompletenessFilters(forms.Form):
    """The filter, kept in the address; nonsense there filters nothing."""

    year = forms.TypedChoiceField(label="Год", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="Периоды", required=False)
    project = forms.ModelChoiceField(
        label="Проект", required=False, queryset=Project.objects.none(), empty_label="Все проекты"
    )
    organisations = forms.ChoiceField(
        label="Организации",
        required=False,
        choices=[("", "Все"), *((kind, OrganisationKind(kind).label) for kind in REPORTING_KINDS)],
    )
    show = forms.ChoiceField(
        label="Что показать", required=False, choices=[(key, title) for key, (title, _) in MEASURES.items()]
    )

    def __init__(self, data: QueryDict, *, periods: list[ReportingPeriod], user: Any) -> None:
        latest = max(periods, key=lambda row: (row.end, row.pk), default=None)
        given = data.copy()
        if latest:
            # A year that nobody chose, or that cannot be chosen, is that of the period that ends last.
            if data.get("year") not in {str(row.year) for row in periods}:
                given["year"] = str(latest.year)
            if data.get("kind") not in {row.kind for row in periods if str(row.year) == given["year"]}:
                given["kind"] = ""
        if data.get("show") not in MEASURES:
            given["show"] = FIRST
        super().__init__(given)
        self._choices("year", [(str(year), str(year)) for year in years_of(periods)])
        kinds = {row.kind for row in periods}
        self._choices("kind", [("", "Все"), *((kind, label) for kind, label in PeriodKind.choices if kind in kinds)])
        field = self.fields["project"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Project.objects.visible_to(user).filter(periods__isnull=False).distinct()
        self.is_valid()

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name)


@dataclass(frozen=True)
class Shown:
    """What an address asks for. ``listed``: organisations of the node, else the nodes below it."""

    scope: Scope
    filters: CompletenessFilters
    measure: str
    listed: bool
    chosen: str
    lines: tuple[str, ...]

    def link(self, node: Organisation | None, *, period: ReportingPeriod | None = None) -> str:
        """One level down with the same filter; a period leads to those whom its figure counts."""
        where: dict[str, object] = {"node": node.pk} if node else {"node": self.scope.node.pk, "direct": 1}
        if period:
            where["period"] = period.pk
            where["only"] = self.measure
        return f"{reverse('reports:completeness')}?{self.chosen}&{urlencode(where)}"


@require_safe
def completeness(request: SignedInRequest) -> HttpResponse:
    """A heat map of the nodes below one, or the organisations right under it with their forms."""
    require_overview(request)
    shown = _shown(request)
    context: dict[str, Any] = {
        "title": "Полнота сдачи",
        "breadcrumbs": [("Периоды", reverse("indicators:periods")), ("Полнота сдачи", "")],
        "shown": shown,
    }
    if shown is None:
        return render(request, "reports/completeness.html", context)
    only = request.GET.get("only", "")
    context |= {
        "trail": _trail(shown, request),
        "filters": [shown.filters[name] for name in shown.filters.fields],
        "kept": [(name, request.GET[name]) for name in ("node", "direct") if name in request.GET],
        "only": MEASURES[only][0] if only in MEASURES else "",
        "everything": f"{reverse('reports:completeness')}?{shown.chosen}&node={shown.scope.node.pk}",
    }
    if shown.listed:
        rows = organisations_under(shown.scope, request.user, measure=only)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": organisation_rows(shown.scope, list(page))}
    else:
        found = turnout_of(shown.scope, request.user)
        heat = heat_map(found, shown.scope, shown.measure, shown.link)
        context |= {"heat": heat, "totals": total_rows(found), "periods": shown.scope.periods}
    return render(request, "reports/completeness.html", context)


@require_safe
def completeness_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """Everything that the page shows, all its pages, as a file."""
    require_overview(request)
    shown = _shown(request)
    if shown is None:
        raise Http404
    if shown.listed:
        rows = organisations_under(shown.scope, request.user, measure=request.GET.get("only", ""))
        dataset = organisations_dataset(organisation_rows(shown.scope, list(rows)), shown.scope, shown.lines)
    else:
        found = turnout_of(shown.scope, request.user)
        dataset = nodes_dataset(found, shown.scope, shown.measure, shown.lines)
    return dataset_file(dataset, f"Полнота сдачи, {shown.scope.node.short_name}", ending)


def _shown(request: SignedInRequest) -> Shown | None:
    """None: the person sees no period yet."""
    periods = list(ReportingPeriod.objects.visible_to(request.user))
    node = _node(request)
    if not periods or node is None:
        return None
    filters = CompletenessFilters(request.GET, periods=periods, user=request.user)
    year, kind = filters.said("year"), filters.said("kind") or ""
    of_year = [row for row in periods if row.year == year and kind in ("", row.kind)]
    columns = sorted(of_year, key=lambda row: (row.end, -row.start.toordinal()))
    one = [row for row in columns if str(row.pk) == request.GET.get("period")]
    project = filters.said("project")
    scope = Scope(node, tuple(one or columns), project.pk if project else None, filters.said("organisations") or "")
    measure = filters.said("show") or FIRST
    chosen = {name: filters[name].value() for name in filters.fields if filters[name].value()}
    return Shown(
        scope=scope,
        filters=filters,
        measure=measure,
        listed=is_bottom(node) or "direct" in request.GET,
        chosen=urlencode(chosen),
        lines=_lines(filters),
    )


def _lines(filters: CompletenessFilters) -> tuple[str, ...]:
    """What was chosen, in words, for the head of a file."""
    said = []
    for field in (filters[name] for name in ("project", "organisations", "show")):
        value = filters.said(field.name)
        if value:
            words = dict(getattr(field.field, "choices", ())).get(value, value)
            said.append(f"{field.label}: {words}.")
    return tuple(said)


def _node(request: SignedInRequest) -> Organisation | None:
    text = request.GET.get("node", "")
    if not text:
        return first_node(request.user)
    node = nodes_seen(request.user).filter(pk=int(text)).first() if _is_id(text) else None
    if node is None:
        raise Http404
    return node


def _is_id(text: str) -> bool:
    # Longer numbers are no id, and beyond 4,300 digits Python makes no number of them.
    return text.isascii() and text.isdigit() and len(text) < 19


def _trail(shown: Shown, request: SignedInRequest) -> list[tuple[str, str]]:
    """The nodes above, each with its address, and the one that is looked at."""
    ids = shown.scope.node.ancestor_ids
    above = nodes_seen(request.user).filter(pk__in=ids).order_by("depth")
    return [(row.short_name, "" if row == shown.scope.node else shown.link(row)) for row in above]
