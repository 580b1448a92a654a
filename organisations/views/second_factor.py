"""The second factor: asked for at the door, connected there or in one's account."""

from __future__ import annotations

from base64 import b32encode
from urllib.parse import quote, urlencode

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations.client import address_of
from organisations.entering import (
    Pending,
    enter,
    pending_of,
    second_factor_changed,
)
from organisations.forms.accounts import ConfirmedForm
from organisations.forms.sign_in import SecondFactorForm
from organisations.models import SecondFactor, User
from organisations.services.attempts import TryLater
from organisations.services.errors import StateConflict
from organisations.services.second_factor import (
    new_secret,
    recovery_codes_renew,
    second_factor_passes,
    second_factor_remove,
    second_factor_set_up,
)
from organisations.views.requests import SignedInRequest
from organisations.views.sign_in import FORM

_SECRET = "second_factor_secret"  # noqa: S105 - the name under which the session keeps it


@login_not_required
@never_cache
@require_http_methods(FORM)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Between password and portal: the code of the app, or, for whoever has none yet, connecting one."""
    pending = pending_of(request)
    if pending is None:
        return redirect("organisations:sign_in")
    if not SecondFactor.objects.filter(user=pending.user).exists():
        return _connect(request, pending.user, pending)
    form = SecondFactorForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                code = form.cleaned_data["code"]
                if second_factor_passes(user=pending.user, code=code, address=address_of(request)):
                    enter(request, pending.user, second_factor=True)
                    return redirect(pending.then)
                form.add_error("code", "Код не подошёл. Каждый код годится один раз: дождитесь следующего.")
            except TryLater as refusal:
                form.add_error(None, str(refusal))
                status = 429
    context = {"title": "Второй шаг входа", "form": form, "person": pending.user}
    return render(request, "registration/second_factor.html", context, status=status)


@never_cache
@require_http_methods(FORM)
def connect(request: SignedInRequest) -> HttpResponse:
    """Connect an app from inside. Replacing one that is connected begins with taking it off."""
    if SecondFactor.objects.filter(user=request.user).exists():
        return redirect("organisations:account")
    return _connect(request, request.user, None)


@never_cache
@require_http_methods(FORM)
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    if not SecondFactor.objects.filter(user=request.user).exists():
        return redirect("organisations:second_factor_connect")
    form = ConfirmedForm(request.POST or None, user=request.user, address=address_of(request))
    if request.method == "POST" and form.is_valid():
        return _codes_page(request, recovery_codes_renew(user=request.user), then=reverse("organisations:account"))
    context = {
        "title": "Новые коды восстановления",
        "breadcrumbs": account_crumbs("Коды восстановления"),
        "words": "Прежние коды перестанут действовать, и портал один раз покажет десять новых.",
        "button": "Показать новые коды",
        "form": form,
    }
    return render(request, "organisations/confirm_step.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(FORM)
def disconnect(request: SignedInRequest) -> HttpResponse:
    """Take the app off. Where a second factor is required, the next page asks to connect another."""
    form = ConfirmedForm(request.POST or None, user=request.user, address=address_of(request))
    if request.method == "POST" and form.is_valid():
        second_factor_remove(user=request.user)
        second_factor_changed(request, passed=False)
        messages.success(request, "Приложение отключено.")
        return redirect("organisations:account")
    context = {
        "title": "Отключить приложение",
        "breadcrumbs": account_crumbs("Отключить приложение"),
        "words": "Коды из приложения и коды восстановления перестанут действовать.",
        "button": "Отключить",
        "form": form,
    }
    return render(request, "organisations/confirm_step.html", context, status=422 if form.errors else 200)


def account_crumbs(title: str) -> list[tuple[str, str]]:
    return [("Моя учётная запись", reverse("organisations:account")), (title, "")]


def _connect(request: HttpRequest, user: User, pending: Pending | None) -> HttpResponse:
    """Show the secret as a picture and as letters; take the app that answers with a fitting code."""
    secret = request.session.get(_SECRET)
    if not secret:
        secret = request.session[_SECRET] = new_secret()
    form = SecondFactorForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                code = form.cleaned_data["code"]
                codes = second_factor_set_up(user=user, secret=secret, code=code, address=address_of(request))
                if codes:
                    return _connected(request, user, pending, codes)
                form.add_error("code", "Код не подошёл. Проверьте, что часы телефона идут верно, и введите новый код.")
            except StateConflict:
                # Somebody was quicker, perhaps the person in another window: that app is asked for now.
                return redirect(request.path)
            except TryLater as refusal:
                form.add_error(None, str(refusal))
                status = 429
    context = {
        "title": "Подключите приложение с кодами",
        "form": form,
        "picture": qr(_address_for_app(user, secret), "QR-код для приложения"),
        "letters": _groups(_base32(secret)),
        "required": pending is not None,
    }
    return render(request, "registration/second_factor_connect.html", context, status=status)


def _connected(request: HttpRequest, user: User, pending: Pending | None, codes: list[str]) -> HttpResponse:
    if pending:
        enter(request, user, second_factor=True)
        return _codes_page(request, codes, then=pending.then)
    request.session.pop(_SECRET, None)
    second_factor_changed(request, passed=True)
    return _codes_page(request, codes, then=reverse("organisations:account"))


def _codes_page(request: HttpRequest, codes: list[str], then: str) -> HttpResponse:
    """The only page that ever shows them."""
    context = {"title": "Коды восстановления", "codes": codes, "then": then}
    return render(request, "registration/recovery_codes.html", context)


def _address_for_app(user: User, secret: str) -> str:
    """What the picture says, in the form that every authenticator app reads."""
    label = quote(f"Веха:{user.login}")
    return f"otpauth://totp/{label}?{urlencode({'secret': _base32(secret), 'issuer': 'Веха'})}"


def _base32(secret: str) -> str:
    return b32encode(bytes.fromhex(secret)).decode("ascii")


def _groups(letters: str) -> str:
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG, dark on light in every scheme of contrast, or a camera would not read it."""
    drawn: str = segno.make(text, error="m").svg_inline(border=3, light="#fff", omitsize=True, title=label)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from squares
