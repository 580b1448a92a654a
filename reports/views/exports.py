"""Lists as files: exactly what the page shows, as filtered."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.forms.periods import OrganisationFilters
from indicators.models import ReportingPeriod, SubmissionState
from indicators.selectors.completeness import STATES, by_municipality, organisations_of
from indicators.views.review import require_overview
from organisations.access import require, visible_or_404
from organisations.forms.register import RegisterFilters
from organisations.models import Organisation
from organisations.register.columns import COLUMNS
from organisations.register.listing import municipalities_of, organisations_listed
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.passport import typography
from reports.documents.dataset import Column, Dataset
from reports.moment import as_of_now
from reports.views.files import dataset_file


@require_safe
def period_export(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """The organisations of a period with the state of their forms, filtered as the page is."""
    require_overview(request)
    period = visible_or_404(ReportingPeriod.objects.all(), request.user, pk=pk)
    municipalities = [(node.organisation_id, node.name) for node in by_municipality(period, request.user)]
    chosen = OrganisationFilters(request.GET, municipalities=municipalities).chosen()
    return dataset_file(_period_dataset(request, period, **chosen), f"Сдача форм, {period}", ending)


@require_safe
def register_export(request: SignedInRequest, ending: str) -> HttpResponse:
    """The register of organisations as the page shows it; what is downloaded may be mended and loaded again."""
    require(request.user, Action.READ_REGISTER)
    filters = RegisterFilters(request.GET, municipalities=municipalities_of(request.user))
    rows = organisations_listed(request.user, **filters.chosen())
    return dataset_file(_register_dataset(rows), f"Реестр организаций {timezone.localdate():%d.%m.%Y}", ending)


def _register_dataset(rows: Iterable[Organisation]) -> Dataset:
    return Dataset(
        title="Реестр организаций",
        lines=(as_of_now(),),
        columns=tuple(Column(title=title) for title in (*(column.title for column in COLUMNS), "Закрыта", "Преемник")),
        rows=tuple(
            (
                row.inn,
                row.oktmo,
                row.get_kind_display(),
                row.parent.short_name if row.parent else "",
                row.name,
                row.short_name,
                *(_joined(row, field) for field in ("full_name", "position", "email", "phone", "login")),
                typography.date_short(row.closed_at) if row.closed_at else "",
                row.successor.short_name if row.successor else "",
            )
            for row in rows
        ),
    )


def _joined(row: Organisation, field: str) -> str:
    """What is said of the heads of an organisation; rarely is there more than one."""
    return ", ".join(getattr(head.user, field) for head in row.heads)  # type: ignore[attr-defined]


def _period_dataset(
    request: SignedInRequest, period: ReportingPeriod, *, municipality: int | None, state: str
) -> Dataset:
    rows = organisations_of(period, request.user, municipality=municipality, state=state)
    chosen = STATES[state][0] if state in STATES else "Все"
    return Dataset(
        title=f"Сдача форм: {period}",
        lines=(f"Состояние: {chosen.lower()}.", as_of_now()),
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
                row.lateness or None,
                row.comment or None,
            )
            for row in rows
        ),
    )
