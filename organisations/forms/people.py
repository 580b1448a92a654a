"""Adding people, correcting what is written about them, giving roles; the filter of their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organisations.access import access_of
from organisations.models import REPORTING_KINDS, InvitationKind, Organisation, User, sort_key_of
from organisations.models.names import without_directions
from organisations.phones import LENGTH, phone_is_right
from organisations.roles import Action, Role
from organisations.selectors.people import AccountState

_SHOWN = 5


class OrganisationField(forms.CharField):
    """An organisation by its ИНН or its name: a region has too many for a list. ``queryset`` is set by the form."""

    queryset = Organisation.objects.none()

    def clean(self, value: Any) -> Organisation | None:
        words = super().clean(value).strip()
        if not words:
            return None
        if words.isascii() and words.isdigit() and len(words) in (10, 12):
            found = list(self.queryset.filter(inn=words))
        else:
            found = self._by_name(sort_key_of(words))
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError("Такой организации среди ваших нет. Проверьте ИНН или название.")
        names = "; ".join(organisation.short_name for organisation in found[:_SHOWN])
        more = " и другие" if len(found) > _SHOWN else ""
        raise ValidationError(f"Подходит несколько: {names}{more}. Укажите ИНН или название целиком.")

    def _by_name(self, key: str) -> list[Organisation]:
        if not key:
            return []
        exact = list(self.queryset.filter(sort_key=key)[:2])
        return exact if len(exact) == 1 else list(self.queryset.filter(sort_key__contains=key)[: _SHOWN + 1])


class RoleForm(forms.Form):
    """A role and where it is held. A coordinator gives one role only, and is not asked which."""

    role = forms.ChoiceField(label="Роль", choices=Role.choices)
    organisation = OrganisationField(
        label="Организация", max_length=500, help_text="ИНН или название. Для роли в регионе — название региона."
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(actor)
        given = access.below("path", Action.MANAGE_PEOPLE) | access.below("path", Action.INVITE_HEADS)
        field = self.fields["organisation"]
        assert isinstance(field, OrganisationField)
        field.queryset = Organisation.objects.filter(given).open()
        self.actor = actor
        if not access.allows(Action.MANAGE_PEOPLE):
            self.fields["role"] = forms.ChoiceField(
                choices=[(Role.REPORTER.value, Role.REPORTER.label)], initial=Role.REPORTER, widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        role, organisation = said.get("role"), said.get("organisation")
        if role and organisation:
            if role == Role.REPORTER and not Organisation.objects.reporting().filter(pk=organisation.pk).exists():
                self.add_error("organisation", "Она сама не отчитывается: руководителю нужна школа или центр.")
            elif not access_of(self.actor).may_give(role, organisation):
                self.add_error("role", "Эту роль здесь может дать только проектный офис.")
        return said


class PersonForm(forms.Form):
    """What is written about a person."""

    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)
    position = forms.CharField(label="Должность", max_length=300, required=False)
    email = forms.EmailField(label="Электронная почта", max_length=254, required=False)
    phone = forms.CharField(
        label="Телефон",
        max_length=LENGTH,
        required=False,
        help_text="По нему звонит координатор, когда форма опаздывает.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        if phone and not phone_is_right(phone):
            raise ValidationError("В номере бывают цифры, скобки, пробелы и «доб.»: 8 (83361) 2-15-30, доб. 12.")
        return phone

    def clean_full_name(self) -> str:
        # Marks that nobody sees are no name; without them nothing may be left.
        name = " ".join(without_directions(self.cleaned_data["full_name"]).split())
        if not any(letter.isalpha() for letter in name):
            raise ValidationError("Напишите фамилию, имя и отчество.")
        return name


class NewPersonForm(PersonForm, RoleForm):
    """A new person, their role and how they are told of it."""

    replace = forms.ChoiceField(
        label="Если руководитель уже есть",
        choices=[
            ("no", "оставить и его"),
            ("yes", "снять с него эту роль; начатые формы останутся организации"),
        ],
        initial="no",
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label="Как передать доступ",
        choices=[
            (InvitationKind.SLIP.value, "напечатать листок с логином и кодом"),
            (InvitationKind.LETTER.value, "отправить письмо со ссылкой"),
        ],
        initial=InvitationKind.SLIP,
        widget=forms.RadioSelect,
    )
    field_order = ("role", "organisation", "full_name", "position", "email", "phone", "replace", "kind")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("kind") == InvitationKind.LETTER and "email" in said and not said["email"]:
            self.add_error("email", "Для письма нужен адрес.")
        return said


class PeopleFilters(forms.Form):
    """The filter of the list, kept in its address; nonsense in the address filters nothing."""

    words = forms.CharField(label="Имя, логин или организация", max_length=100, required=False)
    role = forms.ChoiceField(label="Роль", choices=[("", "Все"), *Role.choices], required=False)
    state = forms.ChoiceField(label="Состояние", choices=[("", "Все"), *AccountState.choices], required=False)

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "").strip() for name in self.fields}


class SlipsForm(forms.Form):
    """For whom slips are printed: a node of the tree, and everybody below it."""

    at = forms.ModelChoiceField(label="Муниципалитет", queryset=Organisation.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["at"]
        assert isinstance(field, forms.ModelChoiceField)
        invites = access_of(actor).below("path", Action.INVITE_HEADS)
        field.queryset = Organisation.objects.filter(invites).exclude(kind__in=REPORTING_KINDS).order_by("path")
