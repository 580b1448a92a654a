"""The rule of a deadline, and moving one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from indicators.forms.periods import deadline_of
from indicators.models import PeriodKind
from indicators.services.deadlines import END_OF_DAY
from organisations.forms.days import DayField


class DeadlineRuleForm(forms.Form):
    kind = forms.ChoiceField(label="Вид периода", choices=PeriodKind.choices)
    working_days = forms.IntegerField(
        label="Какой рабочий день после окончания периода — последний для сдачи",
        min_value=1,
        max_value=120,
        help_text="5 значит: до конца пятого рабочего дня.",
    )
    remind_before = forms.IntegerField(
        label="За сколько рабочих дней до срока напомнить",
        min_value=0,
        max_value=30,
        help_text="0 — не напоминать заранее. В день срока напоминание приходит всегда.",
    )
    remind_every = forms.IntegerField(
        label="Через сколько рабочих дней напоминать после срока",
        min_value=0,
        max_value=30,
        help_text="Пока форму не сдадут или период не закроют. 0 — не напоминать.",
    )
    effective_from = DayField(
        label="Действует с",
        help_text="Правило действует для периодов, которые кончаются в этот день или позже.",
    )


class ProlongForm(forms.Form):
    """``deadline`` is the new deadline, a moment of the portal's clock."""

    deadline = DayField(label="Новый срок: день")
    time = forms.TimeField(
        label="Новый срок: время",
        widget=forms.TimeInput(attrs={"type": "time", "class": "control-date"}, format="%H:%M"),
        initial=END_OF_DAY,
    )
    reason = forms.CharField(
        label="Причина",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Её увидят все, кто ещё не сдал форму, и она останется в истории периода.",
    )

    @property
    def moment(self) -> dt.datetime:
        said: dict[str, Any] = self.cleaned_data
        return deadline_of(said["deadline"], said["time"])
