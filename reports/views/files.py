"""A dataset sent as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jobs.storage import clean_file_name
from reports.documents.dataset import Dataset, render_dataset
from reports.tasks import CONTENT_TYPES


def dataset_file(dataset: Dataset, name: str, ending: str) -> HttpResponse:
    """The dataset as an attachment; ``name`` without its ending. No copy stays in a cache: rights change."""
    response = HttpResponse(render_dataset(dataset, ending), content_type=CONTENT_TYPES[ending])
    header = content_disposition_header(True, clean_file_name(f"{name.rstrip('.')}.{ending}"))
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
