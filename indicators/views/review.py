"""Reviewing forms: the queue, one form, many at once. Who may only look sees the same pages without buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.forms.review import REMARK, ReasonForm, ReturnForm, ReviewFilters, chosen_versions, remarks_of
from indicators.models import Submission, SubmissionState
from indicators.selectors.review_queue import (
    counts_of,
    decides,
    found_in,
    in_order,
    neighbours,
    usual_turn,
    waiting_forms,
)
from indicators.services import (
    StaleVersion,
    StateConflict,
    ValidationFailed,
    submission_accept,
    submission_accept_many,
    submission_check,
    submission_reopen,
    submission_return,
)
from indicators.turns import decided_by, may_decide, waits_for_check
from indicators.views.reading import oversees, reading_context, submission_crumbs, visible_submission
from indicators.views.requests import version_of
from organisations.access import access_of, require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport.typography import plural
from projects.refusals import show_errors

PER_PAGE = 50
_PEOPLE = ("submitted_by", "checked_by", "reviewed_by", "filled_by", "anomalies")


@require_safe
def review(request: SignedInRequest) -> HttpResponse:
    """Forms that wait for review, the oddest first."""
    require_overview(request)
    filters = ReviewFilters(request.GET, user=request.user)
    chosen = filters.chosen()
    rows = waiting_forms(request.user, chosen)
    counts = counts_of(rows)
    # Ids first: whatever stands beside a form is fetched for those of the page, and not for all that are sorted.
    paginator = Paginator(rows.values_list("pk", flat=True), PER_PAGE)
    paginator.count = counts.total
    page: Page[Any] = paginator.get_page(request.GET.get("page"))
    ids = list(page)
    decidable = set(ids)
    if (chosen.turn or usual_turn(request.user)) != "mine":
        own = Submission.objects.waiting_for(request.user).filter(pk__in=ids)
        decidable = set(own.values_list("pk", flat=True))
    context = {
        "title": "Проверка форм",
        "filters": filters,
        "counts": counts,
        "page": page,
        "rows": [(row, found_in(row), row.pk in decidable) for row in in_order(ids)],
        "query": _query(request.GET),
        "may_review": decides(request.user),
        "may_set": access_of(request.user).allows(Action.MANAGE_PERIODS),
    }
    return render(request, "indicators/review.html", context)


@require_safe
def review_submission(request: SignedInRequest, pk: int) -> HttpResponse:
    """One form to decide on: figures beside the previous ones, what they come to, its history."""
    require_overview(request)
    return _review_page(request, visible_submission(request, pk, *_PEOPLE), ReturnForm())


@require_POST
def review_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept, or check for the municipality: whichever decision the form waits for."""
    row = _own_row(request, pk)
    following = _following(request, row)
    decide = submission_check if waits_for_check(row) else submission_accept
    try:
        done = decide(submission=row, version=version_of(request), actor=request.user)
    except (StateConflict, StaleVersion) as error:
        return _told(request, pk, str(error))
    if done.state == SubmissionState.CHECKED:
        messages.success(request, f"Проверено: {row.organisation} ({row.period}). Теперь решает министерство.")
    else:
        messages.success(request, f"Принято: {row.organisation} ({row.period}). Свод пересчитается сам.")
    return redirect(following)


@require_POST
def review_return(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own_row(request, pk)
    following = _following(request, row)
    form = ReturnForm(request.POST)
    remarks = remarks_of(request.POST)
    if not form.is_valid():
        return _review_page(request, row, form, remarks=remarks, status=422)
    try:
        submission_return(
            submission=row,
            version=version_of(request),
            comment=form.cleaned_data["comment"],
            remarks=remarks,
            actor=request.user,
        )
    except ValidationFailed as error:
        show_errors(form, error)
        return _review_page(request, row, form, remarks=remarks, status=422)
    except (StateConflict, StaleVersion) as error:
        return _told(request, pk, str(error), form, remarks)
    messages.success(request, f"Возвращено: {row.organisation} ({row.period}). Директор увидит замечание над формой.")
    return redirect(following)


@require_http_methods(["GET", "HEAD", "POST"])
def review_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why an accepted form has to be corrected, and open it for its organisation."""
    row = visible_submission(request, pk, *_PEOPLE)
    require(request.user, Action.REVIEW_SUBMISSIONS, row.organisation)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            submission_reopen(
                submission=row, version=version_of(request), reason=form.cleaned_data["reason"], actor=request.user
            )
        except (StateConflict, StaleVersion) as error:
            return _told(request, pk, str(error))
        except ValidationFailed as error:
            show_errors(form, error)
        else:
            messages.success(
                request, f"Открыто для исправления: {row.organisation} ({row.period}). Директору сообщено."
            )
            return redirect("indicators:submission", pk=pk)
    context = {
        "title": "Открыть принятую форму для исправления",
        "breadcrumbs": submission_crumbs(request, row, "Исправление"),
        "submission": row,
        "form": form,
    }
    return render(request, "indicators/review_reopen.html", context, status=422 if form.errors else 200)


@require_POST
def review_accept_many(request: SignedInRequest) -> HttpResponse:
    """Accept the ticked forms, or all of the page without a remark, each at the version that was seen."""
    if not decides(request.user):
        raise PermissionDenied
    chosen = "clean" if request.POST.get("which") == "clean" else "form"
    versions = chosen_versions(request.POST.getlist(chosen))
    if not versions:
        messages.error(request, "Отметьте формы, которые надо принять.")
        return redirect(_back(request))
    done = submission_accept_many(versions=versions, actor=request.user)
    if done.accepted:
        count = plural(len(done.accepted), "форма", "формы", "форм")
        messages.success(request, f"Принято: {count}. Свод пересчитается сам.")
    if done.checked:
        count = plural(len(done.checked), "форма", "формы", "форм")
        messages.success(request, f"Проверено: {count}. Теперь решает министерство.")
    names = dict(Submission.objects.filter(pk__in=done.refused).values_list("pk", "organisation__short_name"))
    for pk, sentence in done.refused.items():
        messages.error(request, f"{names[pk]}: {sentence}")
    return redirect(_back(request))


def require_overview(request: SignedInRequest) -> None:
    """Pages over many organisations are for those who oversee them, not for the head of one."""
    if not oversees(request.user) and not decides(request.user):
        raise PermissionDenied


def _own_row(request: SignedInRequest, pk: int) -> Submission:
    """A form that the person reviews, for the municipality or for the ministry: 404 and 403 otherwise."""
    row = visible_submission(request, pk, *_PEOPLE)
    if row.levels == 1 or not access_of(request.user).allows(Action.CHECK_SUBMISSIONS, row.organisation):
        require(request.user, Action.REVIEW_SUBMISSIONS, row.organisation)
    return row


def _review_page(
    request: SignedInRequest,
    row: Submission,
    form: ReturnForm,
    *,
    remarks: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _review_context(request, row, form, remarks or {})
    return render(request, "indicators/review_submission.html", context, status=status)


def _review_context(
    request: SignedInRequest, row: Submission, form: ReturnForm, remarks: dict[str, str]
) -> dict[str, Any]:
    reading = reading_context(request, row)
    queue = _queue_query(request)
    found = found_in(row)
    decides_now = row.period.is_open and may_decide(request.user, row)
    own = reading["may_review"] and request.user.pk in {row.filled_by_id, row.submitted_by_id, row.checked_by_id}
    before, after = _neighbours(request, row)
    for figure in reading["figures"]:
        code = figure["question"].code
        figure["oddities"] = [told["sentence"] for told in found if told["code"] == code]
        figure["remark_name"], figure["typed_remark"] = f"{REMARK}{code}", remarks.get(code, "")
    return {
        **reading,
        "title": row.organisation.short_name,
        "breadcrumbs": [
            ("Проверка форм", f"{reverse('indicators:review')}?{queue}" if queue else reverse("indicators:review")),
            (row.organisation.short_name, ""),
        ],
        "return_form": form,
        "typed_remarks": [text for text in remarks.values() if text.strip()],
        "decides": decides_now,
        "checks": waits_for_check(row),
        "own": own and not decides_now and row.state in {SubmissionState.SUBMITTED, SubmissionState.CHECKED},
        "odd": bool(found),
        "queue": queue,
        "before": before,
        "after": after,
    }


def _told(
    request: SignedInRequest,
    pk: int,
    sentence: str,
    form: ReturnForm | None = None,
    remarks: dict[str, str] | None = None,
) -> HttpResponse:
    """Somebody was faster: the form as it is now, what happened, and what was typed."""
    context = _review_context(request, visible_submission(request, pk, *_PEOPLE), form or ReturnForm(), remarks or {})
    context["refused"] = sentence
    return render(request, "indicators/review_submission.html", context, status=409)


def _queue_query(request: SignedInRequest) -> str:
    """The queue that the reviewer came from: its filters travel in the address of each form of it."""
    return _query(QueryDict(request.POST.get("queue", "")) if request.method == "POST" else request.GET)


def _query(given: QueryDict) -> str:
    known = {*ReviewFilters.base_fields, "page"}
    query = QueryDict(mutable=True)
    for name in sorted(known & given.keys()):
        if given[name]:
            query[name] = str(given[name])[:100]
    return query.urlencode()


def _neighbours(request: SignedInRequest, row: Submission) -> tuple[str, str]:
    """Addresses of the forms before and after this one in the queue; empty where there is none."""
    if not decides(request.user):
        return "", ""
    query = QueryDict(_queue_query(request))
    rows = waiting_forms(request.user, ReviewFilters(query, user=request.user).chosen()).filter(
        decided_by(request.user)
    )
    page = str(query.get("page", "1"))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    found = neighbours(rows, row.pk, page=number, per_page=PER_PAGE)
    tail = f"?{query.urlencode()}" if query else ""
    before, after = (reverse("indicators:review_submission", args=[pk]) + tail if pk else "" for pk in found)
    return before, after


def _following(request: SignedInRequest, row: Submission) -> str:
    """Where a decision leads: to the next form of the queue, to the one before the last, or back to an empty queue."""
    query = _queue_query(request)
    queue = reverse("indicators:review") + (f"?{query}" if query else "")
    before, after = _neighbours(request, row)
    return after or before or queue


def _back(request: SignedInRequest) -> str:
    """The queue with the filters that it had."""
    target = request.POST.get("next", "")
    home = reverse("indicators:review")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith(home) else home
