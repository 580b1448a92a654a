"""What people change about their own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organisations.forms.sign_in import NewPasswordForm
from organisations.models import User
from organisations.services.attempts import TryLater
from organisations.services.passwords import password_check


class ConfirmedForm(forms.Form):
    """Whoever found an open session must not take the account over: each step asks for the password."""

    current = forms.CharField(
        label="Ваш нынешний пароль",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.address = address

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        try:
            known = password_check(login=self.user.login, password=current, address=self.address)
        except TryLater as refusal:
            raise ValidationError(str(refusal)) from None
        if known is None:
            raise ValidationError("Пароль не подошёл.")
        return current


class PasswordForm(ConfirmedForm, NewPasswordForm):
    field_order = ("current", "password", "again")


class EmailForm(ConfirmedForm):
    email = forms.EmailField(label="Электронная почта", required=False, max_length=254)
    field_order = ("email", "current")
