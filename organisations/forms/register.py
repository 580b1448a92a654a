"""What people choose and type about organisations and their register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from jobs.forms import FileForm, UploadField
from organisations.forms.days import DayField
from organisations.forms.people import OrganisationField
from organisations.models import REPORTING_KINDS, Organisation, OrganisationKind, RegisterRow
from organisations.querysets import OrganisationQuerySet
from organisations.register.checking import inn_is_right
from organisations.register.listing import SORTS

_KINDS = [(kind, OrganisationKind(kind).label) for kind in REPORTING_KINDS]


class RegisterFilters(forms.Form):
    """The filter of the register, kept in its address; nonsense in the address filters nothing."""

    q = forms.CharField(label="Слова из названия или ИНН", required=False, max_length=200)
    municipality = forms.TypedChoiceField(label="Муниципалитет", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(
        label="Вид",
        required=False,
        choices=[("", "любой"), *_KINDS, (OrganisationKind.MUNICIPALITY, OrganisationKind.MUNICIPALITY.label)],
    )
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", "действующие"), ("closed", "закрытые"), ("all", "все")]
    )
    head = forms.ChoiceField(
        label="Руководитель", required=False, choices=[("", "не важно"), ("with", "есть"), ("without", "не назначен")]
    )

    def __init__(self, data: QueryDict, *, municipalities: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        self._sort = data.get("sort", "")
        _set_choices(self.fields["municipality"], [("", "любой"), *municipalities])

    def chosen(self) -> dict[str, Any]:
        """Arguments of ``organisations_listed``."""
        self.is_valid()
        said = self.cleaned_data
        state = said.get("state", "")
        return {
            "text": said.get("q", ""),
            "kind": said.get("kind", ""),
            "municipality": said.get("municipality"),
            "state": {"": "open", "all": ""}.get(state, state),
            "head": said.get("head", ""),
            "sort": self._sort if self._sort.removeprefix("-") in SORTS else "name",
        }


class RowFilters(forms.Form):
    """Which rows of a preview to show."""

    outcome = forms.ChoiceField(required=False, choices=[("", ""), *RegisterRow.Outcome.choices])

    def outcome_chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("outcome", ""))


class RegisterUploadForm(FileForm):
    """A workbook of the register; where the person keeps one register only, it is known which."""

    territory = forms.ModelChoiceField(label="Чей это реестр", queryset=Organisation.objects.none(), empty_label=None)
    file = UploadField(
        label="Книга Excel с реестром",
        help_text="Файл .xlsx до 30 МБ и до 60 000 строк.",
        unchosen="Выберите файл с реестром.",
        endings=".xlsx",
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._territories = list(territories[:2])
        if len(self._territories) > 1:
            _choose_from(self.fields["territory"], territories)
        else:
            del self.fields["territory"]

    @property
    def chosen_territory(self) -> Organisation:
        chosen: Organisation = self.cleaned_data.get("territory") or self._territories[0]
        return chosen


class _Day(forms.Form):
    """The day of an act and its reason."""

    day = DayField(label="С какого дня", error_messages={"required": "Укажите дату."})
    reason = forms.CharField(
        label="Основание",
        max_length=1000,
        help_text="Например: постановление администрации от 20.08.2026 № 415.",
        error_messages={"required": "Напишите, на каком основании."},
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("Эта дата ещё не наступила: внесите изменение, когда оно вступит в силу.")
        return day


class ActForm(_Day):
    """What every act on an organisation has."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation


class _Requisites(forms.Form):
    """What is written about an organisation."""

    name = forms.CharField(
        label="Полное наименование", max_length=500, error_messages={"required": "Напишите полное наименование."}
    )
    short_name = forms.CharField(
        label="Краткое наименование", max_length=200, error_messages={"required": "Напишите краткое наименование."}
    )
    kind = forms.ChoiceField(label="Вид", choices=_KINDS)
    inn = forms.RegexField(
        label="ИНН",
        regex=r"^([0-9]{10}|[0-9]{12})$",
        required=False,
        error_messages={"invalid": "В ИНН 10 или 12 цифр."},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    oktmo = forms.RegexField(
        label="ОКТМО",
        regex=r"^([0-9]{8}|[0-9]{11})$",
        required=False,
        error_messages={"invalid": "В ОКТМО 8 или 11 цифр."},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_inn(self) -> str:
        inn = str(self.cleaned_data["inn"])
        if inn and not inn_is_right(inn):
            raise forms.ValidationError("Контрольная цифра ИНН не сходится: в номере опечатка.")
        return inn


class RequisitesForm(ActForm, _Requisites):
    """The requisites of an organisation; ``seen`` is the last line of its history that the person saw."""

    seen = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)

    field_order = ("name", "short_name", "kind", "inn", "oktmo", "day", "reason", "seen")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        if organisation.kind not in REPORTING_KINDS:
            del self.fields["kind"]


class AddForm(_Day, _Requisites):
    """A new organisation, or a new municipality of a region."""

    parent = forms.ModelChoiceField(
        label="Куда входит",
        queryset=Organisation.objects.none(),
        empty_label="выберите",
        error_messages={"required": "Выберите муниципалитет.", "invalid_choice": "Сюда добавить нельзя."},
    )
    field_order = ("kind", "parent", "name", "short_name", "inn", "oktmo", "day", "reason")

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality = (OrganisationKind.MUNICIPALITY.value, OrganisationKind.MUNICIPALITY.label)
        _set_choices(self.fields["kind"], [*_KINDS, municipality])
        _choose_from(self.fields["parent"], places)
        self.fields["short_name"].required = False
        self.fields["short_name"].help_text = "Как показывать в таблицах. Если оставить пустым, будет полное."
        # A municipality may have none in the register; whoever reports is known by it.
        self.fields["inn"].required = self.data.get("kind") != OrganisationKind.MUNICIPALITY
        self.fields["inn"].help_text = "У муниципалитета можно не указывать."
        self.fields["inn"].error_messages["required"] = "Укажите ИНН: по нему организация узнаётся."


class MoveForm(ActForm):
    parent = forms.ModelChoiceField(
        label="Куда передать",
        queryset=Organisation.objects.none(),
        empty_label="выберите",
        error_messages={"required": "Выберите, куда передать.", "invalid_choice": "Сюда передать нельзя."},
    )
    field_order = ("parent", "day", "reason")

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self.fields["parent"], places)


class MergeForm(ActForm):
    joined = forms.ModelMultipleChoiceField(
        label="Какие организации присоединяются",
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Отметьте хотя бы одну организацию.",
            "invalid_choice": "Одной из отмеченных организаций здесь больше нет.",
            "invalid_pk_value": "Одной из отмеченных организаций здесь больше нет.",
        },
    )
    other = OrganisationField(
        label="Организация другого муниципалитета",
        max_length=500,
        required=False,
        help_text="ИНН или название, если присоединяется организация не из этого муниципалитета.",
    )
    field_order = ("joined", "other", "day", "reason")

    def __init__(
        self, *args: Any, candidates: QuerySet[Organisation], others: OrganisationQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field, other = self.fields["joined"], self.fields["other"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        assert isinstance(other, OrganisationField)
        field.queryset, other.queryset = candidates, others
        # Somebody has to join, from here or from elsewhere.
        field.required = not self.data.get("other", "").strip()

    @property
    def chosen(self) -> list[Organisation]:
        """Everybody who joins, from here and from elsewhere."""
        other = self.cleaned_data.get("other")
        return [*self.cleaned_data.get("joined", ()), *([other] if other else [])]


class VersionForm(forms.Form):
    """A decision carries the version of the preview that the person saw."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def _set_choices(field: forms.Field, choices: Sequence[tuple[Any, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _choose_from(field: forms.Field, rows: QuerySet[Organisation]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
