"""The load of people as a file: exactly what the page shows, as filtered and sorted."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from participants.forms import PeopleFilters
from participants.loads import Person
from participants.selectors import LOADS, people_listed
from projects.passport.typography import percent
from projects.selectors import territories_with_projects
from reports.documents.dataset import Column, Dataset, Value
from reports.moment import as_of_now
from reports.views.files import dataset_file


@require_safe
def people_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """Everybody who takes part in projects, with what is too much."""
    require(request.user, Action.READ_REGISTER)
    filters = PeopleFilters(request.GET, territories=territories_with_projects(request.user))
    chosen = filters.chosen()
    people = people_listed(request.user, today=timezone.localdate(), **chosen)
    load = LOADS[chosen["load"]][0] if chosen["load"] else "любая"
    dataset = Dataset(
        title="Занятость участников",
        lines=(f"Занятость: {load}.", as_of_now()),
        columns=(
            Column(title="Участник"),
            Column(title="Должность"),
            Column(title="Проекты и роли"),
            Column(title="Сейчас, %", kind="number"),
            Column(title="Наибольшая, %", kind="number"),
            Column(title="Перегрузка"),
            Column(title="с", kind="date"),
            Column(title="по", kind="date"),
        ),
        rows=tuple(_row(person) for person in people),
    )
    return dataset_file(dataset, f"Занятость участников {timezone.localdate():%d.%m.%Y}", ending)


def _row(person: Person) -> tuple[Value, ...]:
    now, peak = person.now, person.peak
    over = peak if peak and peak.is_over_full else None
    return (
        person.name,
        "; ".join(person.posts) or None,
        "; ".join(_part(part.project.title, part.roles, part.employment) for part in person.running) or None,
        now.percent if now else None,
        peak.percent if peak else None,
        ("двойная занятость" if person.is_double_booked else "больше 100 %") if over else None,
        over.start if over else None,
        over.end if over else None,
    )


def _part(title: str, roles: list[str], employment: Decimal | None) -> str:
    """«Школа рядом: руководитель проекта, 10 %»."""
    said = [*roles, *([percent(employment)] if employment is not None else [])]
    return f"{title}: {', '.join(said)}" if said else title
