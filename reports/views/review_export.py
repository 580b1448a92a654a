"""The review queue as a file: exactly what the page shows, as filtered and sorted."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.forms.review import ReviewFilters
from indicators.selectors.review_queue import as_shown, found_in, waiting_forms
from indicators.views.review import require_overview
from organisations.views.requests import SignedInRequest
from reports.documents.dataset import Column, Dataset
from reports.moment import as_of_now
from reports.views.files import dataset_file


@require_safe
def review_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """The forms that wait for review, with what is odd in them."""
    require_overview(request)
    return dataset_file(_dataset(request), "Формы на проверке", ending)


def _dataset(request: SignedInRequest) -> Dataset:
    rows = as_shown(waiting_forms(request.user, ReviewFilters(request.GET, user=request.user).chosen()))
    return Dataset(
        title="Формы на проверке",
        lines=(as_of_now(),),
        columns=(
            Column(title="Организация"),
            Column(title="Муниципалитет"),
            Column(title="Период"),
            Column(title="Состояние"),
            Column(title="Отправлена", kind="date"),
            Column(title="Опоздание"),
            Column(title="На что обратить внимание"),
        ),
        rows=tuple(
            (
                row.organisation.short_name,
                row.municipality,
                str(row.period),
                row.get_state_display(),
                timezone.localdate(row.submitted_at),
                row.lateness or None,
                " ".join(f"{told['name']}: {told['sentence']}" for told in found_in(row)) or None,
            )
            for row in rows
        ),
    )
