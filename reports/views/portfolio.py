"""The portfolio of the region: every project with its state, and a few side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.forms.widgets import LongSelect
from organisations.access import require
from organisations.models import Organisation
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.models import Level, Project
from projects.selectors import territories_with_projects
from projects.status import Status
from reports.portfolio import COMPARED, SORTS, people_of_projects, portfolio_dataset, portfolio_of, rows_of
from reports.views.files import dataset_file

PER_PAGE = 100
_STATES = (Status.RED, Status.YELLOW, Status.GREEN, Status.GREY, Status.UNDEFINED, Status.PENDING)


class PortfolioFilter(forms.Form):
    """The filter, kept in the address; nonsense there filters nothing."""

    q = forms.CharField(label="Слова из названия", required=False, max_length=200)
    level = forms.ChoiceField(label="Уровень", required=False, choices=[("", "любой"), *Level.choices])
    territory = forms.ModelChoiceField(
        label="Территория", required=False, queryset=Organisation.objects.none(), empty_label="любая"
    )
    status = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", "любое"), *((s.value, s.words) for s in _STATES)]
    )
    person = forms.ChoiceField(label="Куратор или руководитель", required=False, widget=LongSelect)
    sort = forms.ChoiceField(
        required=False, choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")], widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict, *, territories: QuerySet[Organisation], people: list[str]) -> None:
        super().__init__(data)
        territory, person = self.fields["territory"], self.fields["person"]
        assert isinstance(territory, forms.ModelChoiceField)
        assert isinstance(person, forms.ChoiceField)
        territory.queryset = territories
        person.choices = [("", "любой"), *((name, name) for name in people)]
        self.is_valid()

    def lines(self) -> tuple[str, ...]:
        """What was chosen, in words, for the head of a file."""
        said = []
        for name in ("q", "level", "territory", "status", "person"):
            value = self.cleaned_data.get(name)
            if value:
                words = (
                    value if name == "territory" else dict(getattr(self.fields[name], "choices", ())).get(value, value)
                )
                said.append(f"{self.fields[name].label}: {words}.")
        return tuple(said)


@require_safe
def portfolio(request: SignedInRequest) -> HttpResponse:
    """All projects, the worst first."""
    require(request.user, Action.READ_DEVIATIONS)
    form, year = _filter(request), timezone.localdate().year
    rows = portfolio_of(request.user, form.cleaned_data, year=year)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Портфель проектов",
        "filters": [form[name] for name in form.fields],
        "page": page,
        "year": year,
        "tally": [(status, n) for status in _STATES if (n := sum(row.state.status == status for row in rows))],
    }
    return render(request, "reports/portfolio/list.html", context)


@require_safe
def portfolio_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """Every project that the page shows, as a file."""
    require(request.user, Action.READ_DEVIATIONS)
    form, year = _filter(request), timezone.localdate().year
    rows = portfolio_of(request.user, form.cleaned_data, year=year)
    return dataset_file(portfolio_dataset(rows, year=year, lines=form.lines()), "Портфель проектов", ending)


@require_safe
def comparison(request: SignedInRequest) -> HttpResponse:
    """From two to four projects of the address (``?p=``) side by side."""
    require(request.user, Action.READ_DEVIATIONS)
    ids = list(dict.fromkeys(int(text) for text in request.GET.getlist("p") if _is_id(text)))
    found = Project.objects.visible_to(request.user).select_related("territory").in_bulk(ids[: COMPARED[1] + 1])
    projects = [found[pk] for pk in ids if pk in found]
    fits = COMPARED[0] <= len(ids) <= COMPARED[1] and len(projects) >= COMPARED[0]
    context: dict[str, Any] = {
        "title": "Сравнение проектов",
        "breadcrumbs": [("Портфель проектов", reverse("reports:portfolio")), ("Сравнение", "")],
        "rows": rows_of(projects, request.user, year=timezone.localdate().year) if fits else [],
        "year": timezone.localdate().year,
        "many": len(ids) > COMPARED[1],
    }
    return render(request, "reports/portfolio/compare.html", context)


def _filter(request: SignedInRequest) -> PortfolioFilter:
    return PortfolioFilter(
        request.GET, territories=territories_with_projects(request.user), people=people_of_projects(request.user)
    )


def _is_id(text: str) -> bool:
    # Longer numbers are no id, and beyond 4,300 digits Python makes no number of them.
    return text.isascii() and text.isdigit() and len(text) < 19
