"""Filters of the review queue, what a reviewer writes, and the settings of the review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from indicators.forms.widgets import LongSelect
from indicators.models import AnomalyRule
from indicators.selectors.review_queue import (
    SORTS,
    TURNS,
    QueueFilters,
    decides,
    municipalities_to_choose,
    periods_to_choose,
    projects_to_choose,
    usual_turn,
)
from organisations.forms.days import DayField
from organisations.models import REPORTING_KINDS, OrganisationKind
from projects.models import Project

_CHOSEN = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")
REMARK = "remark-"
"""Fields of remarks stand in the table of figures, one for each question, by its code."""


class ReviewFilters(forms.Form):
    """The filter of the queue, kept in its address; nonsense in the address filters nothing."""

    text = forms.CharField(label="Организация", required=False, max_length=100)
    turn = forms.ChoiceField(label="Чьё решение", required=False)
    odd = forms.ChoiceField(
        label="На что смотреть",
        required=False,
        choices=[("", "Все формы"), ("any", "С необычными ответами"), ("unexplained", "Без пояснения скачка")],
    )
    municipality = forms.TypedChoiceField(
        label="Муниципалитет", required=False, coerce=int, empty_value=None, widget=LongSelect
    )
    period = forms.TypedChoiceField(label="Период", required=False, coerce=int, empty_value=None)
    project = forms.TypedChoiceField(label="Проект", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(
        label="Вид",
        required=False,
        choices=[("", "Все"), *((kind, OrganisationKind(kind).label) for kind in REPORTING_KINDS)],
    )
    late = forms.ChoiceField(label="Срок", required=False, choices=[("", "Все"), ("1", "С опозданием")])
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS], widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        super().__init__(data)
        usual = usual_turn(user)
        others = [(key, words) for key, words in TURNS.items() if key != usual and (key != "mine" or decides(user))]
        self._choose("turn", [("", TURNS[usual]), *others])
        for name, rows in (
            ("period", [(row.pk, str(row)) for row in periods_to_choose(user)]),
            ("municipality", list(municipalities_to_choose(user).values_list("pk", "short_name"))),
            ("project", list(projects_to_choose(user).values_list("pk", "short_title"))),
        ):
            self._choose(name, [("", "Все"), *rows])
            if len(rows) < 2 and name not in data:
                self.fields[name].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: Iterable[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def chosen(self) -> QueueFilters:
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return QueueFilters(**{**said, "late": said.get("late") == "1"})


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label="Что исправить",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Увидит директор над своей формой. Замечание к одному ответу напишите у этого ответа в таблице.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Почему",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите причину: она останется в истории."},
    )


class ReviewRoutesForm(forms.Form):
    """Projects whose forms the municipality reviews first."""

    projects = forms.ModelMultipleChoiceField(
        label="Сначала проверяет муниципалитет",
        queryset=Project.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Остальные формы проверяет сразу министерство. Действует для периодов, которые откроют позже.",
    )

    def __init__(
        self, data: QueryDict | None = None, *, managed: Any, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["projects"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = managed


class AnomalyRuleForm(forms.Form):
    """From when on a figure is odd."""

    effective_from = DayField(label="Действует с")
    times = forms.DecimalField(
        label="Во сколько раз больше или меньше своего прошлого",
        localize=True,
        max_digits=7,
        decimal_places=2,
        help_text="Сравнивается со всеми принятыми ответами самой организации за восемь последних периодов.",
    )
    fence = forms.DecimalField(
        label="На сколько размахов дальше обычного",
        localize=True,
        max_digits=7,
        decimal_places=2,
        help_text="Обычное — то, между чем лежит половина ответов организаций того же вида; размах — его ширина.",
    )
    peers = forms.IntegerField(
        label="Со скольких форм сравнивать с другими",
        help_text="Пока отчитались немногие, сравнивать не с чем.",
    )

    @classmethod
    def now(cls) -> AnomalyRuleForm:
        row = AnomalyRule.objects.filter(effective_from__lte=timezone.localdate()).first() or AnomalyRule()
        today = timezone.localdate()
        return cls(initial={"effective_from": today, "times": row.times, "fence": row.fence, "peers": row.peers})


def remarks_of(data: QueryDict) -> dict[str, str]:
    """Remarks by the codes of questions."""
    return {name.removeprefix(REMARK): str(text)[:2000] for name, text in data.items() if name.startswith(REMARK)}


def chosen_versions(values: list[str]) -> dict[int, int]:
    """Ticked forms as «id:version», each at the version that the reviewer saw; anything else is passed over."""
    found = (_CHOSEN.fullmatch(value) for value in values)
    return {int(match[1]): int(match[2]) for match in found if match}
