"""The catalogue of base indicators: what is counted, by whom, and how figures become one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import QueryDict

from indicators.forms.numbers import ExactNumberField
from indicators.formulas import BUILT_IN_OPERANDS
from indicators.models import BaseIndicator, BaseIndicatorKind, EvidenceRule, OverOrganisations, OverTime
from indicators.okei import UNITS
from organisations.models import REPORTING_KINDS, OrganisationKind

if TYPE_CHECKING:
    # Django's forms are generic to the type checker only.
    _ModelForm = forms.ModelForm[BaseIndicator]
else:
    _ModelForm = forms.ModelForm

_RESERVED = BUILT_IN_OPERANDS | {"min", "max", "round"}
_CODE = re.compile(r"[a-z_][a-z0-9_]*")

OVER_ORGANISATIONS_WORDS = {
    OverOrganisations.SUM: "Сумма: числа организаций складываются",
    OverOrganisations.AVERAGE: "Среднее: сумма делится на число отчитавшихся организаций",
    OverOrganisations.WEIGHTED_AVERAGE: "Средневзвешенное: больший вес у той, где больше показатель-вес",
    OverOrganisations.MINIMUM: "Наименьшее из чисел организаций",
    OverOrganisations.MAXIMUM: "Наибольшее из чисел организаций",
    OverOrganisations.COUNT_YES: "Сколько организаций ответили «да»",
}
OVER_TIME_WORDS = {
    OverTime.SNAPSHOT: "На дату: берётся последнее за год (сколько учеников сейчас)",
    OverTime.FLOW: "За период: периоды года складываются (сколько человек обучили за квартал)",
    OverTime.CUMULATIVE: "Нарастающим итогом с начала года или проекта: берётся последнее, падение подозрительно",
    OverTime.AVERAGE: "Среднее за периоды года",
}


class BaseIndicatorForm(_ModelForm):
    """Creating and editing; nothing beyond these fields can be written."""

    okei = forms.ChoiceField(
        label="Единица по ОКЕИ",
        required=False,
        choices=[("", "Нет в списке: впишу сам"), *((code, f"{word}, код {code}") for code, word in UNITS.items())],
    )
    evidence = forms.ChoiceField(
        label="Подтверждение файлом",
        choices=EvidenceRule.choices,
        initial=EvidenceRule.NONE,
        required=False,
        widget=forms.RadioSelect,
        help_text="Обязательное: без файла школа форму не отправит. При ответе «нет» или 0 файл не нужен.",
    )
    minimum = ExactNumberField(label="Не меньше", required=False)
    maximum = ExactNumberField(label="Не больше", required=False)
    kinds = forms.MultipleChoiceField(
        label="Какие организации отвечают",
        required=False,
        choices=[(kind, OrganisationKind(kind).label) for kind in REPORTING_KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text="Ничего не отмечено — отвечают все.",
    )
    over_organisations = forms.ChoiceField(
        label="Как складывается по организациям",
        choices=list(OVER_ORGANISATIONS_WORDS.items()),
        widget=forms.RadioSelect,
    )
    over_time = forms.ChoiceField(
        label="Как складывается по времени", choices=list(OVER_TIME_WORDS.items()), widget=forms.RadioSelect
    )

    class Meta:
        model = BaseIndicator
        fields: ClassVar = [
            "name",
            "code",
            "kind",
            "okei",
            "unit",
            "hint",
            "evidence",
            "over_organisations",
            "weight",
            "over_time",
            "minimum",
            "maximum",
            "not_above",
            "may_not_apply",
            "kinds",
        ]
        labels: ClassVar = {
            "name": "Что считается",
            "code": "Имя в формуле",
            "kind": "Вид ответа",
            "unit": "Единица своими словами",
            "hint": "Подсказка в форме школы",
            "weight": "Показатель-вес",
            "not_above": "Не больше, чем",
            "may_not_apply": "Бывает, что к организации не относится",
        }
        help_texts: ClassVar = {
            "name": "Вопросом или словами, понятными школе: «Учеников, обеспеченных горячим питанием».",
            "code": "Строчные латинские буквы, цифры и подчёркивание: pupils_fed.",
            "unit": "Только если её нет в списке. Показывается внутри поля.",
            "weight": "Только для средневзвешенного.",
            "not_above": "Часть не больше целого: школа не сможет отправить форму, где это нарушено.",
            "may_not_apply": "В форме появится отметка «к нам не относится»: это не ноль.",
        }
        widgets: ClassVar = {
            "name": forms.Textarea(attrs={"rows": 2}),
            "hint": forms.Textarea(attrs={"rows": 2}),
            "kind": forms.RadioSelect,
            "code": forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        others = BaseIndicator.objects.current().exclude(pk=self.instance.pk).exclude(kind=BaseIndicatorKind.BOOLEAN)
        for name, empty in (("weight", "Веса нет"), ("not_above", "Ограничения нет")):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = others
            field.empty_label = empty
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = BaseIndicatorKind.choices

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not _CODE.fullmatch(code):
            raise forms.ValidationError("Имя пишется строчными латинскими буквами, цифрами и подчёркиванием.")
        if code in _RESERVED:
            raise forms.ValidationError(f"Имя «{code}» занято самим языком формул, возьмите другое.")
        return code

    def clean_evidence(self) -> str:
        return str(self.cleaned_data["evidence"] or EvidenceRule.NONE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self._check_bounds(said)
        self._check_rules(said)
        return said

    def _check_bounds(self, said: dict[str, Any]) -> None:
        low, high = said.get("minimum"), said.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "«Не больше» не может быть меньше, чем «не меньше».")

    def _check_rules(self, said: dict[str, Any]) -> None:
        """The catalogue's own promises (see constraints of the model), each beside the field that breaks it."""
        over, kind = said.get("over_organisations"), said.get("kind")
        if over == OverOrganisations.WEIGHTED_AVERAGE and "weight" in said and said["weight"] is None:
            self.add_error("weight", "Для средневзвешенного выберите показатель-вес.")
        if over and over != OverOrganisations.WEIGHTED_AVERAGE and said.get("weight"):
            self.add_error("weight", "Вес нужен только для средневзвешенного: уберите его или смените правило.")
        if kind and over and (kind == BaseIndicatorKind.BOOLEAN) != (over == OverOrganisations.COUNT_YES):
            self.add_error("over_organisations", "Ответы «да или нет» считаются числом ответов «да», и только они.")
        time = said.get("over_time")
        if kind == BaseIndicatorKind.BOOLEAN and time and time not in {OverTime.SNAPSHOT, OverTime.CUMULATIVE}:
            self.add_error("over_time", "Для ответа «да или нет» подходит «на дату» или «нарастающим итогом».")


class CatalogueFilters(forms.Form):
    """The filter of the list, kept in its address."""

    text = forms.CharField(label="Слова или имя", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[("", "Все"), ("current", "Действующие"), ("archived", "В архиве")],
    )

    def chosen(self) -> dict[str, Any]:
        """What is valid of the filter; an address with nonsense in it shows the list without that part."""
        self.is_valid()
        return {"text": self.cleaned_data.get("text", ""), "state": self.cleaned_data.get("state", "")}


class FormulaForm(forms.Form):
    text = forms.CharField(
        label="Как считать",
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text="Знаки + − × ÷ (или * /), скобки, числа с запятой, min(a; b), max(a; b), round(a; 1).",
    )
    unit = forms.CharField(
        label="Единица",
        required=False,
        max_length=100,
        help_text="Паспорт не говорит, в чём измеряется результат: например, «человек» или «процент».",
    )

    def __init__(self, data: QueryDict | None = None, *, asks_unit: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        if not asks_unit:
            del self.fields["unit"]
