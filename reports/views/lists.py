"""Any list of the portal as a file: every row that its page shows, as filtered."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from organisations.views.requests import SignedInRequest
from projects.frame import project_or_404
from reports.lists import LISTS, LISTS_OF_PROJECT
from reports.views.files import dataset_file


@require_safe
def list_export(request: SignedInRequest, name: str, ending: str) -> HttpResponse:
    """A list that belongs to no project."""
    if name not in LISTS:
        raise Http404
    dataset = LISTS[name](request)
    return dataset_file(dataset, dataset.title, ending)


@require_safe
def project_list_export(request: SignedInRequest, pk: int, name: str, ending: str) -> HttpResponse:
    """A list of one project."""
    project = project_or_404(request, pk)
    if name not in LISTS_OF_PROJECT:
        raise Http404
    dataset = LISTS_OF_PROJECT[name](request, project)
    return dataset_file(dataset, dataset.title, ending)
