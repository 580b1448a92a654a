"""What people choose and type about participants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from organisations.models import Organisation
from participants.selectors import LOADS, SORTS
from projects.passport.intermediate import squash
from projects.passport.people import Named, is_same, named_in
from projects.passport.replacing import Newcomer


class PeopleFilters(forms.Form):
    """The filter of the list of people, kept in its address; nonsense in the address filters nothing."""

    q = forms.CharField(label="Имя, должность или проект", required=False, max_length=200)
    territory = forms.ModelChoiceField(
        label="Территория", required=False, queryset=Organisation.objects.none(), empty_label="любая"
    )
    load = forms.ChoiceField(
        label="Занятость", required=False, choices=[("", "любая"), *((key, words) for key, (words, _) in LOADS.items())]
    )

    def __init__(self, data: QueryDict, *, territories: QuerySet[Organisation]) -> None:
        super().__init__(data)
        self._sort = data.get("sort", "")
        field = self.fields["territory"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = territories

    def chosen(self) -> dict[str, Any]:
        """Arguments of ``people_listed``."""
        self.is_valid()
        territory = self.cleaned_data.get("territory")
        return {
            "text": self.cleaned_data.get("q", ""),
            "territory": territory.pk if territory else None,
            "load": self.cleaned_data.get("load", ""),
            "sort": self._sort if self._sort.removeprefix("-") in SORTS else "-peak",
        }


class ReplaceForm(forms.Form):
    """Who comes instead of a person, and in which projects.

    ``seen`` says which redaction of each project the person looked at: «12:3 15:1».
    """

    name = forms.CharField(
        label="Кто приходит",
        max_length=200,
        help_text="Фамилия, имя и отчество полностью. Где в паспорте инициалы, портал напишет инициалы.",
        error_messages={"required": "Напишите фамилию, имя и отчество."},
    )
    position = forms.CharField(
        label="Должность", required=False, max_length=1000, help_text="Если оставить пустой, останется прежняя."
    )
    supervisor = forms.CharField(
        label="Непосредственный руководитель",
        required=False,
        max_length=1000,
        help_text="Фамилия с инициалами и должность. Если оставить пустым, останется прежний.",
    )
    projects = forms.MultipleChoiceField(
        label="В каких проектах",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Отметьте хотя бы один проект.",
            "invalid_choice": "Одного из отмеченных проектов здесь больше нет.",
        },
    )
    seen = forms.RegexField(r"^\d{1,18}:\d{1,9}( \d{1,18}:\d{1,9})*$", required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, who: Named, projects: Iterable[tuple[int, str]], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self._who = who
        field = self.fields["projects"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), title) for pk, title in projects]

    def clean_name(self) -> str:
        name = squash(self.cleaned_data["name"])
        people = list(named_in(name))
        if len(people) > 1:
            raise forms.ValidationError("Здесь названо несколько человек: напишите одного.")
        if people and is_same(people[0], self._who):
            raise forms.ValidationError("Это тот же человек, которого вы заменяете.")
        return name

    @property
    def newcomer(self) -> Newcomer:
        said = self.cleaned_data
        return Newcomer(said["name"], squash(said["position"]), squash(said["supervisor"]))

    @property
    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["projects"]]

    @property
    def redactions_seen(self) -> dict[int, int]:
        """Numbers of the redactions by project; a project that was not looked at has none."""
        pairs: Sequence[list[str]] = [pair.split(":") for pair in self.cleaned_data.get("seen", "").split()]
        return {int(project): int(number) for project, number in pairs}
