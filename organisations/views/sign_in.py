"""Every way to a password: typing it, setting the first one with a code, setting a new one by a letter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organisations.client import address_of
from organisations.entering import password_passed
from organisations.forms.sign_in import FirstSignInForm, ForgottenPasswordForm, NewPasswordForm, SignInForm
from organisations.models import User
from organisations.services.attempts import TryLater
from organisations.services.passwords import invitation_accept, new_password_letter, password_reset

FORM = ["GET", "HEAD", "POST"]


class SignIn(LoginView):
    """The door of the portal. A person already inside goes home."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        user = form.get_user()
        assert isinstance(user, User)
        return password_passed(self.request, user, then=self.get_success_url())

    def form_invalid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        response = super().form_invalid(form)
        if form.wait is not None:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.wait)
        return response


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(FORM)
def first_sign_in(request: HttpRequest, login: str = "", code: str = "") -> HttpResponse:
    """The first time: login and code from a slip, or from the link of a letter, and a password of one's own."""
    if request.method != "POST":
        form = FirstSignInForm(initial={"login": login, "code": code})
        return _first_page(request, form)
    form = FirstSignInForm(request.POST)
    if not form.is_valid():
        return _first_page(request, form, status=422)
    said = form.cleaned_data
    try:
        user = invitation_accept(
            login=said["login"], secret=said["code"], password=said["password"], address=address_of(request)
        )
    except (TryLater, ValidationError) as refusal:
        return _first_page(request, form, status=_refuse(form, refusal))
    if user is None:
        form.add_error(None, "Логин и код не подошли. Код действует один раз, а если выдан новый, прежний забыт.")
        return _first_page(request, form, status=422)
    messages.success(request, "Пароль сохранён. В следующий раз входите с ним.")
    return password_passed(request, user)


@login_not_required
@never_cache
@require_http_methods(FORM)
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter; the answer is the same whether or not there is such a login."""
    form = ForgottenPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                new_password_letter(login=form.cleaned_data["login"], address=address_of(request))
                return render(request, "registration/letter_sent.html", {"title": "Письмо отправляется"})
            except TryLater as refusal:
                status = _refuse(form, refusal)
    context = {"title": "Новый пароль", "form": form}
    return render(request, "registration/password_forgotten.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(FORM)
def new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The link of a letter. It leads to the sign-in page, where a second factor may still be asked for."""
    user = _person_of(uid)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "registration/link_is_over.html", {"title": "Ссылка больше не действует"}, status=404)
    form = NewPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if password_reset(user=user, token=token, password=form.cleaned_data["password"]):
                    messages.success(request, "Новый пароль сохранён. Войдите с ним.")
                return redirect("organisations:sign_in")
            except ValidationError as refusal:
                status = _refuse(form, refusal)
    context = {"title": "Новый пароль", "form": form, "person": user}
    return render(request, "registration/new_password.html", context, status=status)


def _first_page(request: HttpRequest, form: FirstSignInForm, status: int = 200) -> HttpResponse:
    context = {"title": "Первый вход", "form": form}
    return render(request, "registration/first_sign_in.html", context, status=status)


def _refuse(form: Form, refusal: TryLater | ValidationError) -> int:
    """Say it in the form; returns the status of the answer."""
    if isinstance(refusal, TryLater):
        form.add_error(None, str(refusal))
        return 429
    form.add_error("password", refusal)
    return 422


def _person_of(uid: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
