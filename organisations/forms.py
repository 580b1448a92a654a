"""What people type about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Login and password, with sentences that say what to do."""

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": "Логин или пароль не подошли. Проверьте раскладку клавиатуры и клавишу Caps Lock.",
        "inactive": "Эта учётная запись отключена. Обратитесь в проектный офис.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Логин"
        self.fields["password"].label = "Пароль"
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autofocus": True,
        }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().casefold()
