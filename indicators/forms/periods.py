"""Opening a period, and the filter of its list of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from indicators.forms.widgets import LongSelect
from indicators.models import PeriodKind, ReportingPeriod
from indicators.selectors.completeness import STATES
from indicators.services.deadlines import END_OF_DAY, Proposal, deadline_proposed, end_of_day
from indicators.services.errors import ValidationFailed
from indicators.services.periods import period_term
from organisations.access import access_of
from organisations.forms.days import DayField
from organisations.roles import Action
from projects.models import Project


def deadline_of(day: dt.date, time: dt.time) -> dt.datetime:
    """A moment of the region's clock; the last minute of a day is its end, down to the last second."""
    last_minute = (time.hour, time.minute) == (END_OF_DAY.hour, END_OF_DAY.minute)
    return end_of_day(day) if last_minute else timezone.make_aware(dt.datetime.combine(day, time))


class PeriodForm(forms.Form):
    """What a period is. ``period`` is the one described, not saved; ``deadline`` is a moment of the portal's clock.

    ``proposal`` is the deadline by the rule; it holds where no day is given.
    """

    kind = forms.ChoiceField(label="Вид периода", choices=PeriodKind.choices)
    year = forms.IntegerField(label="Год")
    number = forms.IntegerField(
        label="Номер в году", min_value=1, help_text="Для квартала — от 1 до 4, для месяца — от 1 до 12, для года — 1."
    )
    deadline_date = DayField(
        label="Сдать до: день",
        required=False,
        help_text="Оставьте пустым, и срок будет по правилу.",
    )
    deadline_time = forms.TimeField(
        label="Сдать до: время",
        widget=forms.TimeInput(attrs={"type": "time", "class": "control-date"}, format="%H:%M"),
        initial=END_OF_DAY,
        help_text="По времени региона. После срока сдать ещё можно, форма будет отмечена как опоздавшая.",
    )
    projects = forms.ModelMultipleChoiceField(
        label="Проекты",
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите хотя бы один проект."},
    )

    def __init__(self, data: QueryDict | None = None, *, user: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["projects"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        managed = access_of(user).below("territory__path", Action.MANAGE_PERIODS)
        field.queryset = Project.objects.visible_to(user).filter(managed)
        if data is None and len(field.queryset) == 1:
            field.initial = list(field.queryset)
        self.period: ReportingPeriod | None = None
        self.deadline: dt.datetime | None = None
        self.proposal: Proposal | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"kind", "year", "number"} <= said.keys():
            self._describe(said["kind"], said["year"], said["number"])
        if {"deadline_date", "deadline_time"} <= said.keys():
            day = said["deadline_date"] or (self.proposal and self.proposal.day)
            if day:
                self._set_deadline(deadline_of(day, said["deadline_time"]))
        return said

    def _describe(self, kind: str, year: int, number: int) -> None:
        try:
            start, end = period_term(kind, year, number)
        except ValidationFailed as error:
            for field, sentence in error.errors.items():
                self.add_error(field, sentence)
            return
        self.period = ReportingPeriod(kind=kind, year=year, number=number, start=start, end=end)
        self.proposal = deadline_proposed(kind, end)
        if ReportingPeriod.objects.filter(kind=kind, year=year, number=number).exists():
            self.add_error("number", f"{self.period}: такой период уже открывали.")

    def _set_deadline(self, moment: dt.datetime) -> None:
        self.deadline = moment
        if self.deadline <= timezone.now():
            self.add_error("deadline_date", "Этот срок уже прошёл.")


def form_of_next_quarter(user: Any, today: dt.date) -> PeriodForm:
    """The form with what is opened most often: the quarter that goes on, due by the rule."""
    number = (today.month + 2) // 3
    _, end = period_term(PeriodKind.QUARTER, today.year, number)
    proposal = deadline_proposed(PeriodKind.QUARTER, end)
    initial = {"kind": PeriodKind.QUARTER, "year": today.year, "number": number, "deadline_date": proposal.day}
    form = PeriodForm(user=user, initial=initial)
    form.proposal = proposal
    return form


class OrganisationFilters(forms.Form):
    """The filter of the list of organisations, kept in its address; nonsense in the address filters nothing."""

    municipality = forms.TypedChoiceField(
        label="Муниципалитет", required=False, coerce=int, empty_value=None, widget=LongSelect
    )
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[("", "Все"), *((key, words) for key, (words, _) in STATES.items())],
    )

    def __init__(self, data: QueryDict, *, municipalities: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Все"), *municipalities]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {
            "municipality": self.cleaned_data.get("municipality"),
            "state": self.cleaned_data.get("state", ""),
        }
