"""What people write about a deviation, and the filter of their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from indicators.forms.widgets import LongSelect
from organisations.forms.days import DayField
from organisations.models import User
from projects.models import Project
from projects.status import Status
from reports.deviations.selectors import SORTS, STATES
from reports.models import Deviation, PartKind
from reports.state.rules import DEVIATES

_LENGTH = 4000


class DeviationFilters(forms.Form):
    """The filter of the list, kept in its address; nonsense in the address filters nothing."""

    text = forms.CharField(label="Слова из названия", required=False, max_length=200)
    state = forms.ChoiceField(label="Что показать", required=False, choices=list(STATES.items()))
    project = forms.TypedChoiceField(label="Проект", required=False, coerce=int, empty_value=None, widget=LongSelect)
    kind = forms.ChoiceField(label="Что отклоняется", required=False, choices=[("", "Всё"), *PartKind.choices])
    status = forms.ChoiceField(
        label="Отклонение",
        required=False,
        choices=[("", "Любое"), *((status.value, status.words) for status in Status if status in DEVIATES)],
    )
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS], widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        super().__init__(data)
        field = self.fields["project"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Все"), *Project.objects.visible_to(user).values_list("pk", "short_title")]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return dict(self.cleaned_data)

    def lines(self) -> tuple[str, ...]:
        """What was chosen, in words, for the head of a file."""
        said = []
        for name in ("text", "state", "project", "kind", "status"):
            value = self.cleaned_data.get(name)
            if value:
                words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
                said.append(f"{self.fields[name].label}: {words}.")
        return tuple(said)


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the type checker only
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.full_name}, {obj.position}" if obj.position else obj.full_name


class ExplainForm(forms.Form):
    """Reason, measure, owner and day."""

    reason = forms.CharField(
        label="Причина",
        max_length=_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "control-text"}),
        help_text="Почему так вышло: коротко и по существу, это прочтут куратор и аудитор.",
        error_messages={"required": "Напишите причину."},
    )
    measure = forms.CharField(
        label="Мера",
        max_length=_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "control-text"}),
        help_text="Что будет сделано, чтобы отклонение ушло.",
        error_messages={"required": "Напишите, что будет сделано."},
    )
    owner = OwnerField(
        label="Кто отвечает",
        queryset=User.objects.none(),
        empty_label="Выберите человека",
        error_messages={"required": "Выберите, кто отвечает.", "invalid_choice": "Выберите человека из списка."},
    )
    due = DayField(label="Срок меры", error_messages={"required": "Назначьте срок меры."})

    def __init__(self, data: QueryDict | None = None, *, deviation: Deviation, people: QuerySet[User]) -> None:
        given = {name: getattr(deviation, name) for name in ("reason", "measure", "owner", "due")}
        super().__init__(data, initial=given)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class ReportForm(forms.Form):
    report = forms.CharField(
        label="Что сделано",
        max_length=_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "control-text"}),
        error_messages={"required": "Напишите, что сделано."},
    )


class CloseForm(forms.Form):
    closing = forms.CharField(
        label="Чем закончилось",
        max_length=_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "control-text"}),
        help_text="Мера выполнена, а план ещё не догнали? Закройте с пояснением: станет хуже — откроется новое.",
        error_messages={"required": "Напишите, чем закончилось: это останется в истории."},
    )
