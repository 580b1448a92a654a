"""Files of a form: attached by a page that stays open or together with the form, taken away, downloaded."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from indicators.forms.answers import FILES, PREFIX, WHOLE_FORM, AnswersForm
from indicators.models import Evidence, Submission
from indicators.selectors.forms import form_of
from indicators.selectors.removed_evidence import removed_from
from indicators.services import StateConflict, ValidationFailed, evidence_add, evidence_remove
from indicators.views.reading import visible_submission
from indicators.views.review import require_overview
from jobs.storage import download
from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest


@require_POST
def submission_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one file in; the answer is the list of files of its question as the page shows it."""
    row = visible_submission(request, pk)
    require(request.user, Action.WRITE_SUBMISSION, row.organisation)
    file, code = request.FILES.get("file"), request.POST.get("code", WHOLE_FORM)
    if file is None:
        return JsonResponse({"message": "Выберите файл."}, status=422)
    try:
        evidence_add(submission=row, code=code, name=file.name or "", content=file.read(), actor=request.user)
    except ValidationFailed as error:
        return JsonResponse({"message": error.errors["file"]}, status=422)
    except StateConflict as error:
        return JsonResponse({"message": str(error)}, status=409)
    form = form_of(row)
    attached = next((line.evidence for line in form.lines if line.code == code), form.evidence)
    context = {"files": AnswersForm(form).files_of(code, attached), "submission": row}
    return render(request, "indicators/submission_files.html", context)


@require_safe
def submission_evidence_file(request: SignedInRequest, pk: int, evidence: int) -> FileResponse:
    """The file, for whoever may read the form at this very moment."""
    row = visible_submission(request, pk)
    found = Evidence.objects.filter(submission=row, pk=evidence).select_related("file").first()
    if found is None:
        raise Http404
    return download(found.file)


@require_safe
def submission_removed_file(request: SignedInRequest, pk: int, file: UUID) -> FileResponse:
    """A file that once proved the form, for those who oversee it."""
    require_overview(request)
    row = visible_submission(request, pk)
    found = next((removed.file for removed in removed_from(row) if removed.file.pk == file), None)
    if found is None:
        raise Http404
    return download(found)


def files_sent_with_form(request: SignedInRequest, row: Submission) -> dict[str, str]:
    """Take in the files that came with the form, and take away one that was to be; a sentence for each one refused.

    Raises ``StateConflict`` where the form cannot be written any more.
    """
    errors = {}
    for name in request.FILES:
        if not name.startswith(f"{PREFIX}-") or not name.endswith(FILES):
            continue
        code = name.removeprefix(f"{PREFIX}-").removesuffix(FILES)
        for file in request.FILES.getlist(name):
            try:
                evidence_add(submission=row, code=code, name=file.name or "", content=file.read(), actor=request.user)
            except ValidationFailed as error:
                errors[code + FILES] = f"{file.name}: {error.errors['file']}"
    unwanted = request.POST.get("remove", "")
    if unwanted.isascii() and unwanted.isdigit() and len(unwanted) < 19:
        found = Evidence.objects.filter(submission=row, pk=unwanted).select_related("submission").first()
        if found:
            evidence_remove(evidence=found, actor=request.user)
    return errors
