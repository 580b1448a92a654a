"""«Ключи доступа»: by which a school's own system reports for its head."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations.forms.tokens import TokenForm
from organisations.models import ApiToken
from organisations.services.tokens import TokenRefused, current_tokens, token_create, token_revoke
from organisations.views.requests import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """The keys of this person, and a new one, which is shown on this page once and never again."""
    form = TokenForm(request.POST or None)
    given, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            given, secret = token_create(owner=request.user, **form.cleaned_data)
        except TokenRefused as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    context = {
        "title": "Ключи доступа",
        "breadcrumbs": [*_crumbs()[:-1], ("Ключи доступа", "")],
        "form": form,
        "given": given,
        "secret": secret,
        "tokens": current_tokens(request.user),
    }
    return render(request, "organisations/tokens.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def token_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ending a key cannot be undone, so it is asked first."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    if request.method == "POST":
        token_revoke(token=token)
        messages.success(request, f"Ключ «{token.name}» отозван: программа с ним больше не войдёт.")
        return redirect("organisations:tokens")
    context = {"title": f"Отозвать ключ «{token.name}»?", "breadcrumbs": _crumbs("Отозвать")}
    return render(request, "organisations/token_end.html", context)


def _crumbs(*here: str) -> list[tuple[str, str]]:
    above = [
        ("Моя учётная запись", reverse("organisations:account")),
        ("Ключи доступа", reverse("organisations:tokens")),
    ]
    return above + [(title, "") for title in here]
