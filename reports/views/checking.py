"""The page that a printed document leads to: what it is, and whether the reader's file is that very one."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations.client import address_of
from organisations.models import AttemptKind
from organisations.services.attempts import TryLater, attempt_begin, attempt_succeeded
from reports.forms import CheckForm
from reports.models import GeneratedDocument


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open to everybody who has the random address, which stands on the paper itself."""
    printed = GeneratedDocument.objects.filter(file__isnull=False).defer("snapshot", "redaction__document")
    rows = printed.select_related("file", "project__territory", "redaction")
    document = get_object_or_404(rows, public_id=public_id)
    form, same, status = CheckForm(), None, 200
    if request.method == "POST":
        form = CheckForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                same = _is_same(document, form.cleaned_data["file"], address_of(request))
            except TryLater as refusal:
                form.add_error(None, str(refusal))
                status = 429
        else:
            status = 422
    newest = document.project.redactions.values_list("number", flat=True).first() if document.redaction else None
    context = {"title": document.title, "document": document, "form": form, "same": same, "newest": newest}
    return render(request, "reports/documents_register/check.html", context, status=status)


def _is_same(document: GeneratedDocument, upload: UploadedFile[Any], address: str) -> bool:
    """Whether the reader's file is the one that was printed, to the last bit. Raises ``TryLater``."""
    attempt_begin(kind=AttemptKind.DOCUMENT, address=address)
    read = hashlib.sha256()
    for piece in upload.chunks():
        read.update(piece)
    same = document.file is not None and read.hexdigest() == document.file.sha256
    if same:
        attempt_succeeded(kind=AttemptKind.DOCUMENT, address=address)
    return same
