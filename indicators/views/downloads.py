"""Files that are made for the asking."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jobs.storage import clean_file_name

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=WORKBOOK)
    response.headers["Content-Disposition"] = content_disposition_header(True, clean_file_name(name)) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
