"""Lists as files: exactly what the page shows, as filtered."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from indicators.forms.periods import OrganisationFilters
from indicators.models import ReportingPeriod, SubmissionState
from indicators.selectors.completeness import STATES, by_municipality, organisations_of
from indicators.views.requests import SignedInRequest
from indicators.views.review import require_overview
from jobs.storage import clean_file_name
from organisations.access import visible_or_404
from reports.documents.dataset import Column, Dataset, render_dataset
from reports.tasks import CONTENT_TYPES


@require_safe
def period_export(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """The organisations of a period with the state of their forms, filtered as the page is."""
    require_overview(request)
    period = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    if ending not in ("xlsx", "csv"):
        raise Http404
    municipalities = [(node.organisation_id, node.name) for node in by_municipality(period, request.user)]
    chosen = OrganisationFilters(request.GET, municipalities=municipalities).chosen()
    content = render_dataset(_period_dataset(request, period, **chosen), ending)
    response = HttpResponse(content, content_type=CONTENT_TYPES[ending])
    name = clean_file_name(f"Сдача форм, {str(period).rstrip('.')}.{ending}")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _period_dataset(
    request: SignedInRequest, period: ReportingPeriod, *, municipality: int | None, state: str
) -> Dataset:
    rows = organisations_of(period, request.user, municipality=municipality, state=state)
    chosen = STATES[state][0] if state in STATES else "Все"
    return Dataset(
        title=f"Сдача форм: {period}",
        lines=(f"Состояние: {chosen}.", f"По состоянию на {timezone.localtime():%d.%m.%Y %H:%M}."),
        columns=(
            Column(title="Организация"),
            Column(title="Муниципалитет"),
            Column(title="Состояние"),
            Column(title="Отправлена", kind="date"),
            Column(title="Опоздание"),
            Column(title="Замечание"),
        ),
        rows=tuple(
            (
                row.name,
                row.municipality_name,
                "Не начата" if row.state == SubmissionState.DRAFT and not row.version else row.get_state_display(),
                timezone.localdate(row.submitted_at) if row.submitted_at else None,
                "с опозданием" if row.late else None,
                row.comment or None,
            )
            for row in rows
        ),
    )
