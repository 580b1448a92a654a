"""Letters that did not arrive, for those who manage the people that they were for."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jobs.services import NotFailed, try_again
from organisations.access import require
from organisations.roles import Action
from organisations.selectors.letters import undelivered
from organisations.views.requests import SignedInRequest

PER_PAGE = 50


@require_safe
def letters(request: SignedInRequest) -> HttpResponse:
    """What was given up after three tries, with what the mail server said."""
    require(request.user, Action.INVITE_HEADS)
    context = {
        "title": "Недоставленные письма",
        "breadcrumbs": [("Люди", reverse("organisations:people")), ("Недоставленные письма", "")],
        "page": Paginator(undelivered(request.user), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organisations/letters.html", context)


@require_POST
def letter_again(request: SignedInRequest, job: int) -> HttpResponse:
    """Try a letter anew, as often as at first."""
    require(request.user, Action.INVITE_HEADS)
    letter = next((row for row in undelivered(request.user) if row.job.pk == job), None)
    if letter is None:
        raise Http404
    try:
        try_again(job=letter.job)
    except NotFailed:
        messages.info(request, "Это письмо уже отправляется.")
    else:
        messages.success(request, f"Письмо на {letter.address or 'прежний адрес'} отправляется снова.")
    return redirect("organisations:letters")
