"""A new key for a program."""

from __future__ import annotations

from django import forms

from organisations.models import Scope
from organisations.services.tokens import LIFETIMES


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Для чего ключ", max_length=100, help_text="По этим словам вы узнаете его в списке: «Электронный журнал»."
    )
    scopes = forms.MultipleChoiceField(
        label="Что разрешить",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ, Scope.WRITE],
        error_messages={"required": "Отметьте, что программе можно делать."},
    )
    days = forms.TypedChoiceField(label="На сколько", choices=list(LIFETIMES.items()), coerce=int, initial=90)
