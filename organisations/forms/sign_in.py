"""What people type at the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from organisations.client import address_of
from organisations.services.attempts import TryLater
from organisations.services.passwords import password_check

LOGIN_ATTRIBUTES = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(AuthenticationForm):
    """Login and password, with sentences that say what to do. ``wait``: seconds until an attempt will be heard."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": "Логин или пароль не подошли. Проверьте раскладку клавиатуры и клавишу Caps Lock.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait: int | None = None
        self.fields["username"].label = "Логин"
        self.fields["password"].label = "Пароль"
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["username"].widget.attrs |= {**LOGIN_ATTRIBUTES, "autofocus": True}

    def clean(self) -> dict[str, Any]:
        login, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if login and password and self.request is not None:
            try:
                self.user_cache = password_check(login=login, password=password, address=address_of(self.request))
            except TryLater as refusal:
                self.wait = refusal.seconds
                raise ValidationError(str(refusal)) from None
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """A password of one's own, twice. Whether it is strong enough is said by the service, which knows whose it is."""

    password = forms.CharField(
        label="Придумайте пароль",
        max_length=200,
        strip=False,
        help_text="Не короче 10 знаков, не одни цифры и не ваше имя. Лучше всего несколько слов подряд.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Пароль ещё раз",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise ValidationError("Пароли не совпали.")
        return again


class FirstSignInForm(NewPasswordForm):
    """The login and the code from a slip, or from the link of a letter."""

    login = forms.CharField(label="Логин", max_length=100, widget=forms.TextInput(attrs=LOGIN_ATTRIBUTES))
    code = forms.CharField(
        label="Код с листка",
        max_length=100,
        help_text="12 цифр. Пробелы можно не ставить.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ("login", "code", "password", "again")


class ForgottenPasswordForm(forms.Form):
    login = forms.CharField(
        label="Логин",
        max_length=100,
        help_text="Именно логин: на один ящик школы могут приходить письма нескольких человек.",
        widget=forms.TextInput(attrs=LOGIN_ATTRIBUTES),
    )


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label="Код из приложения",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
