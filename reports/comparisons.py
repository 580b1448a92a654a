"""Comparisons as documents: frozen as they are when somebody asks, and printed once for the same content."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from organisations.models import User
from projects.comparison import SectionWords, compared
from projects.document_tables import protocol
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.typography import date_short
from reports.documents.comparison import TITLE, comparison_of
from reports.models import DocumentKind, GeneratedDocument
from reports.services import render_later


def request_comparison_request(*, change_request: ChangeRequest, ending: str, actor: User) -> GeneratedDocument:
    """What a change request changes in its base. Raises ``ValueError`` for a request that has none."""
    base, project = change_request.base, change_request.project
    if base is None or project is None:
        raise ValueError("a first passport has nothing to be compared with")
    sections = compared(base.passport, change_request.passport, project)
    begun = date_short(timezone.localdate(change_request.created_at))
    proposed = f"запрос на изменение № {change_request.pk} от {begun}"
    lines = (_project(project), f"Было: {_redaction(base)}", f"Стало: {proposed}")
    title = f"{TITLE}: «{project.short_title}», запрос № {change_request.pk} к редакции № {base.number}"
    return _document(project, change_request, title, lines, sections, ending, actor)


def redaction_comparison_request(*, old: Redaction, new: Redaction, ending: str, actor: User) -> GeneratedDocument:
    """What differs between two redactions of one project."""
    sections = compared(old.passport, new.passport, old.project)
    lines = (_project(old.project), f"Было: {_redaction(old)}", f"Стало: {_redaction(new)}")
    title = f"{TITLE}: «{old.project.short_title}», редакции № {old.number} и № {new.number}"
    return _document(old.project, None, title, lines, sections, ending, actor)


@transaction.atomic
def _document(
    project: Project,
    change_request: ChangeRequest | None,
    title: str,
    lines: tuple[str, ...],
    sections: list[SectionWords],
    ending: str,
    actor: User,
) -> GeneratedDocument:
    Project.objects.select_for_update().get(pk=project.pk)
    what = {
        "kind": DocumentKind.COMPARISON,
        "format": ending,
        "project": project,
        "change_request": change_request,
        "snapshot": comparison_of(lines, sections).model_dump(mode="json"),
    }
    known = GeneratedDocument.objects.filter(**what).select_related("job").order_by("pk").first()
    if known is not None and known.state != "failed":
        return known
    document = known or GeneratedDocument.objects.create(title=title, requested_by=actor, **what)
    render_later(document, actor)
    return document


def _project(project: Project) -> str:
    return f"{project.get_level_display()} проект «{project.short_title}», {project.territory.name}"


def _redaction(redaction: Redaction) -> str:
    words = protocol(redaction.protocol_number, redaction.protocol_date)
    return f"редакция № {redaction.number}" + (f", протокол {words}" if words else "")
