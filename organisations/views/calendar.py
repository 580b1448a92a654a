"""The production calendar by which deadlines are counted."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import access_of, require
from organisations.forms.calendar import ExceptionalDayForm
from organisations.models import ExceptionalDay
from organisations.roles import Action
from organisations.services.calendar import exceptional_day_remove, exceptional_day_save
from organisations.services.errors import StateConflict
from organisations.views.requests import SignedInRequest
from organisations.working_days import CalendarDay, ProductionCalendar, decree_of

YEARS = range(2019, 2101)
_NAMES = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь",
    "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip


@dataclass(frozen=True)
class Month:
    """``weeks``: seven days each, None where the week lies in another month."""

    name: str
    working: int
    weeks: tuple[tuple[CalendarDay | None, ...], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: SignedInRequest) -> HttpResponse:
    """A year day by day; the project office changes a day here."""
    if request.method != "POST":
        return _page(request, _asked_year(request), ExceptionalDayForm())
    require(request.user, Action.EDIT_CALENDAR)
    form = ExceptionalDayForm(request.POST)
    if not form.is_valid():
        return _page(request, _asked_year(request), form, status=422)
    said = form.cleaned_data
    try:
        row = exceptional_day_save(**said, actor=request.user)
    except StateConflict as error:
        year = said["day"].year
        form.add_error("day", str(error))
        return _page(request, year, form, status=422)
    messages.success(request, f"Календарь изменён. {row}. Сроки открытых периодов остались прежними.")
    return redirect(f"{reverse('organisations:calendar')}?year={row.day.year}")


@require_POST
def calendar_day_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    require(request.user, Action.EDIT_CALENDAR)
    row = get_object_or_404(ExceptionalDay, pk=pk)
    exceptional_day_remove(exceptional_day=row, actor=request.user)
    messages.success(request, f"{row.day:%d.%m.%Y} снова такой, как в производственном календаре страны.")
    return redirect(f"{reverse('organisations:calendar')}?year={row.day.year}")


def _page(request: SignedInRequest, year: int, form: ExceptionalDayForm, status: int = 200) -> HttpResponse:
    found = ExceptionalDay.objects.calendar()
    months_of_year = list(_months(found, year))
    context = {
        "title": f"Производственный календарь {year} года",
        "year": year,
        "before": year - 1 if year - 1 in YEARS else None,
        "after": year + 1 if year + 1 in YEARS else None,
        "months": months_of_year,
        "working": sum(month.working for month in months_of_year),
        "decree": decree_of(year),
        "exceptions": [day for day in found.year(year) if day.reason],
        "own": ExceptionalDay.objects.filter(day__year=year),
        "form": form,
        "may_edit": access_of(request.user).allows(Action.EDIT_CALENDAR),
    }
    return render(request, "organisations/calendar.html", context, status=status)


def _months(found: ProductionCalendar, year: int) -> Iterator[Month]:
    for number, name in enumerate(_NAMES, 1):
        weeks = tuple(
            tuple(found.day(day) if day.month == number else None for day in week)
            for week in months.Calendar().monthdatescalendar(year, number)
        )
        days = [day for week in weeks for day in week if day]
        yield Month(name, sum(day.kind.is_working for day in days), weeks)


def _asked_year(request: SignedInRequest) -> int:
    """The year of the address; nonsense shows the present one."""
    text = request.GET.get("year", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return asked if asked in YEARS else timezone.localdate().year
