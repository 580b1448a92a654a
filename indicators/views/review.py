"""Reviewing forms: the queue, one form, many at once. Who may only look sees the same pages without buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from indicators.forms.refusals import show_errors
from indicators.forms.review import ReturnForm, ReviewFilters, chosen_versions
from indicators.models import Submission, SubmissionState
from indicators.selectors.review_queue import oddities_of, waiting_forms
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    submission_accept,
    submission_accept_many,
    submission_return,
)
from indicators.views.reading import reading_context, visible_submission
from indicators.views.requests import SignedInRequest, version_of
from organisations.access import access_of, require
from organisations.roles import Action
from projects.passport.typography import plural

PER_PAGE = 50


@require_safe
def review(request: SignedInRequest) -> HttpResponse:
    """Forms that wait for review, the oldest first."""
    require_overview(request)
    filters = ReviewFilters(request.GET, user=request.user)
    rows = waiting_forms(request.user, filters.chosen())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    odd = oddities_of(list(page.object_list))
    context = {
        "title": "Проверка форм",
        "filters": filters,
        "page": page,
        "rows": [{"submission": row, "oddities": odd.get(row.pk, [])} for row in page],
        "may_review": access_of(request.user).allows(Action.REVIEW_SUBMISSIONS),
    }
    return render(request, "indicators/review.html", context)


@require_safe
def review_submission(request: SignedInRequest, pk: int) -> HttpResponse:
    """One form to decide on: figures beside the previous ones, what they come to, its history."""
    require_overview(request)
    return _review_page(request, visible_submission(request, pk), ReturnForm())


@require_POST
def review_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_submission(request, pk)
    require(request.user, Action.REVIEW_SUBMISSIONS, row.organisation)
    try:
        submission_accept(submission=row, version=version_of(request), actor=request.user)
    except (StateConflict, StaleVersion) as error:
        return _told(request, pk, str(error))
    messages.success(request, f"Принято: {row.organisation}, {row.period}. Свод пересчитается сам.")
    return redirect("indicators:review")


@require_POST
def review_return(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_submission(request, pk)
    require(request.user, Action.REVIEW_SUBMISSIONS, row.organisation)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _review_page(request, row, form, status=422)
    try:
        submission_return(
            submission=row, version=version_of(request), comment=form.cleaned_data["comment"], actor=request.user
        )
    except ValidationFailed as error:
        show_errors(form, error)
        return _review_page(request, row, form, status=422)
    except (StateConflict, StaleVersion) as error:
        return _told(request, pk, str(error), form)
    messages.success(request, f"Возвращено: {row.organisation}, {row.period}. Директор увидит замечание над формой.")
    return redirect("indicators:review")


@require_POST
def review_accept_many(request: SignedInRequest) -> HttpResponse:
    """Accept the ticked forms, each at the version that was seen; one refused stops no other."""
    require(request.user, Action.REVIEW_SUBMISSIONS)
    versions = chosen_versions(request.POST.getlist("form"))
    if not versions:
        messages.error(request, "Отметьте формы, которые надо принять.")
    else:
        done = submission_accept_many(versions=versions, actor=request.user)
        if done.accepted:
            count = plural(len(done.accepted), "форма", "формы", "форм")
            messages.success(request, f"Принято: {count}. Свод пересчитается сам.")
        names = dict(Submission.objects.filter(pk__in=done.refused).values_list("pk", "organisation__short_name"))
        for pk, sentence in done.refused.items():
            messages.error(request, f"{names[pk]}: {sentence}")
    return redirect(_back(request))


def require_overview(request: SignedInRequest) -> None:
    """Pages over many organisations are for those who oversee them, not for the head of one."""
    access = access_of(request.user)
    oversees = access.allows(Action.READ_SUBMISSIONS) and not access.allows(Action.WRITE_SUBMISSION)
    if not oversees and not access.allows(Action.REVIEW_SUBMISSIONS):
        raise PermissionDenied


def _review_page(request: SignedInRequest, row: Submission, form: ReturnForm, status: int = 200) -> HttpResponse:
    context = _review_context(request, row, form)
    return render(request, "indicators/review_submission.html", context, status=status)


def _review_context(request: SignedInRequest, row: Submission, form: ReturnForm) -> dict[str, Any]:
    reading = reading_context(request, row)
    waits = row.state == SubmissionState.SUBMITTED and row.period.is_open
    own = request.user.pk in {row.filled_by_id, row.submitted_by_id}
    return {
        **reading,
        "title": row.organisation.short_name,
        "breadcrumbs": [("Проверка форм", reverse("indicators:review")), (row.organisation.short_name, "")],
        "return_form": form,
        "decides": reading["may_review"] and waits and not own,
        "own": reading["may_review"] and waits and own,
    }


def _told(request: SignedInRequest, pk: int, sentence: str, form: ReturnForm | None = None) -> HttpResponse:
    """Somebody was faster: the form as it is now, what happened, and the comment that was typed."""
    context = _review_context(request, visible_submission(request, pk), form or ReturnForm())
    context["refused"] = sentence
    return render(request, "indicators/review_submission.html", context, status=409)


def _back(request: SignedInRequest) -> str:
    """The queue with the filters that it had."""
    target = request.POST.get("next", "")
    home = reverse("indicators:review")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith(home) else home
