"""«Моя учётная запись»: who one is here, the password, the address, the second factor, the open sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.client import address_of
from organisations.entering import must_have_second_factor
from organisations.forms.accounts import EmailForm, PasswordForm
from organisations.models import SecondFactor
from organisations.services.passwords import password_set
from organisations.services.people import email_change
from organisations.services.sessions import session_end, sessions_end, sessions_of
from organisations.views.requests import SignedInRequest
from organisations.views.second_factor import account_crumbs
from organisations.views.sign_in import FORM


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    factor = SecondFactor.objects.filter(user=request.user).first()
    context = {
        "title": "Моя учётная запись",
        "person": request.user,
        "roles": request.user.memberships.select_related("organisation").order_by("organisation__sort_key"),
        "second_factor": factor,
        "second_factor_required": must_have_second_factor(request.user),
        "recovery_codes_left": factor.recovery_codes.filter(used_at=None).count() if factor else 0,
        "sessions": sessions_of(user=request.user),
        "here": request.session.session_key,
    }
    return render(request, "organisations/account.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(FORM)
def password(request: SignedInRequest) -> HttpResponse:
    """A new password; every other session ends."""
    form = PasswordForm(request.POST or None, user=request.user, address=address_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            user = password_set(
                user=request.user, password=form.cleaned_data["password"], keep_session=request.session.session_key
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "Пароль изменён. Остальные сеансы завершены.")
            return redirect("organisations:account")
    context = {"title": "Изменить пароль", "breadcrumbs": account_crumbs("Пароль"), "button": "Сохранить", "form": form}
    return render(request, "organisations/confirm_step.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
def email(request: SignedInRequest) -> HttpResponse:
    """Another address for letters."""
    form = EmailForm(
        request.POST or None, user=request.user, address=address_of(request), initial={"email": request.user.email}
    )
    if request.method == "POST" and form.is_valid():
        email_change(user=request.user, email=form.cleaned_data["email"])
        messages.success(request, "Адрес сохранён.")
        return redirect("organisations:account")
    context = {
        "title": "Электронная почта",
        "breadcrumbs": account_crumbs("Электронная почта"),
        "words": "Сюда придут напоминания и, если вы забудете пароль, ссылка для нового.",
        "button": "Сохранить",
        "form": form,
    }
    return render(request, "organisations/confirm_step.html", context, status=422 if form.errors else 200)


@require_POST
def end_session(request: SignedInRequest) -> HttpResponse:
    """End one of one's own sessions; of nobody else's is anything found."""
    if session_end(user=request.user, session_id=request.POST.get("session", "")):
        messages.success(request, "Сеанс завершён.")
    else:
        messages.info(request, "Этот сеанс уже завершён.")
    return redirect("organisations:account")


@require_POST
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    sessions_end(user=request.user, but=request.session.session_key)
    messages.success(request, "Остальные сеансы завершены.")
    return redirect("organisations:account")
