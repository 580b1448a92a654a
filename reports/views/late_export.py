"""The list of whom to hurry, as a file: exactly what the page shows."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.models import ReportingPeriod, SubmissionState
from indicators.selectors.completeness import by_municipality
from indicators.selectors.late import heads_of, late_forms
from indicators.services.deadlines import moment_words
from indicators.views.deadlines import chosen_place
from indicators.views.review import require_overview
from organisations.access import visible_or_404
from organisations.views.requests import SignedInRequest
from reports.documents.dataset import Column, Dataset
from reports.moment import as_of_now
from reports.views.files import dataset_file


@require_safe
def late_export(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """Whom to hurry, with what a coordinator needs to call them."""
    require_overview(request)
    period = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    place = chosen_place(request, [node.organisation_id for node in by_municipality(period, request.user)])
    return dataset_file(_late_dataset(request, period, place), f"Кого поторопить, {period}", ending)


def _late_dataset(request: SignedInRequest, period: ReportingPeriod, place: int | None) -> Dataset:
    rows = list(late_forms(period, request.user, municipality=place))
    heads = heads_of(rows)
    days = max(0, (timezone.localdate() - timezone.localdate(period.deadline)).days)
    return Dataset(
        title=f"Кого поторопить: {period}",
        lines=(
            f"Срок: {moment_words(period.deadline)}.",
            as_of_now(),
        ),
        columns=(
            Column(title="Организация"),
            Column(title="Муниципалитет"),
            Column(title="Состояние"),
            Column(title="Руководитель"),
            Column(title="Телефон"),
            Column(title="Электронная почта"),
            Column(title="Опоздание, дней", kind="number"),
            Column(title="Последнее напоминание", kind="date"),
        ),
        rows=tuple(
            (
                row.name,
                row.municipality_name,
                "Не начата" if row.state == SubmissionState.DRAFT and not row.version else row.get_state_display(),
                ", ".join(head.full_name for head in heads.get(row.organisation_id, [])) or "нет учётной записи",
                ", ".join(head.phone for head in heads.get(row.organisation_id, []) if head.phone) or None,
                ", ".join(head.email for head in heads.get(row.organisation_id, []) if head.email) or None,
                Decimal(days),
                timezone.localdate(row.reminded_at) if row.reminded_at else None,
            )
            for row in rows
        ),
    )
