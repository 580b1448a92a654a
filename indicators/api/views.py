"""The addresses of the API. Each parses, asks ``access``, calls the service that the page calls, and answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse, Http404, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.base import FormsApi, OwnersRequest, by_its_key, parsed
from indicators.api.exact import as_typed
from indicators.api.problems import Malformed, pointer, problem
from indicators.api.shapes import DraftSent, EvidenceShown, FormShown, FormsPage, FormsWanted, SubmitSent, WholeForm
from indicators.api.showing import forms_with_their_places, proof_shown, shown, whole
from indicators.models import Evidence, Submission
from indicators.querysets import DUE
from indicators.services import ValidationFailed, submission_save_draft, submission_submit
from indicators.services.evidence import evidence_add, evidence_remove
from jobs.files.attachments import MAX_BYTES
from jobs.storage import download
from organisations.access import require, visible_or_404
from organisations.models import Scope
from organisations.roles import Action

PER_PAGE = 100
TOO_LARGE = f"Файл больше {MAX_BYTES // 1024 // 1024} МБ."
ROW_ID = {"type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_775_807}


class Forms(FormsApi):
    scopes: ClassVar = {"GET": Scope.READ}

    @extend_schema(
        operation_id="forms_list",
        summary="Формы, которые видит владелец ключа",
        description="По сто за раз, в порядке номеров; следующая страница — по адресу next.",
        parameters=[
            OpenApiParameter(
                "due", str, enum=["true", "false"], description="Только те, что ещё нужно заполнить и отправить."
            ),
            OpenApiParameter("period", ROW_ID, description="Номер периода."),
            OpenApiParameter("after", ROW_ID, description="Продолжить после формы с этим номером."),
        ],
        responses=FormsApi.answers(FormsPage, 400),
    )
    def get(self, request: OwnersRequest) -> Response:
        wanted = parsed(FormsWanted, _single(request.query_params))
        rows = forms_with_their_places(Submission.objects.visible_to(request.user))
        if wanted.due is not None:
            rows = rows.filter(DUE) if wanted.due == "true" else rows.exclude(DUE)
        if wanted.period is not None:
            rows = rows.filter(period=wanted.period)
        page = list(rows.filter(pk__gt=wanted.after).order_by("pk")[: PER_PAGE + 1])
        found = FormsPage(next=None, results=[shown(row) for row in page[:PER_PAGE]])
        if len(page) > PER_PAGE:
            query = request.query_params.copy()
            query["after"] = str(page[PER_PAGE - 1].pk)
            found.next = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response(found.model_dump(mode="json"))


class Form(FormsApi):
    scopes: ClassVar = {"GET": Scope.READ}

    @extend_schema(operation_id="form_read", summary="Форма с вопросами", responses=FormsApi.answers(WholeForm, 404))
    def get(self, request: OwnersRequest, pk: int) -> Response:
        return Response(whole(_form(request, pk)).model_dump(mode="json"))


class Draft(FormsApi):
    scopes: ClassVar = {"PATCH": Scope.WRITE}

    @extend_schema(
        operation_id="form_draft",
        summary="Сохранить ответы в черновик",
        description="Что нельзя принять, перечислено в ответе 422; остальное сохранено, новая версия — в поле version.",
        request=DraftSent,
        responses=FormsApi.answers(WholeForm, 400, 404, 409, 422),
    )
    @by_its_key
    def patch(self, request: OwnersRequest, pk: int) -> Response:
        row = _form(request, pk)
        require(request.user, Action.WRITE_SUBMISSION, row.organisation)
        sent = parsed(DraftSent, request.data)
        saved = submission_save_draft(
            submission=row,
            values={code: as_typed(value) for code, value in sent.answers.items()},
            explanations=sent.explanations,
            version=sent.version,
            actor=request.user,
        )
        if saved.errors:
            pointers = {pointer("answers", code): sentence for code, sentence in saved.errors.items()}
            return problem(
                422, "Часть ответов не принята; остальные сохранены.", errors=pointers, version=saved.submission.version
            )
        return Response(whole(_form(request, pk)).model_dump(mode="json"))


class Proofs(FormsApi):
    scopes: ClassVar = {"POST": Scope.WRITE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="evidence_add",
        summary="Приложить файл",
        description="PDF, JPG, PNG, DOCX или XLSX до 20 МБ; тип узнаётся по содержимому.",
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "question": {"type": "string", "description": "Код вопроса; без него — ко всей форме."},
                },
            }
        },
        responses=FormsApi.answers(EvidenceShown, 400, 404, 409, 422, code=201),
    )
    @by_its_key
    def post(self, request: OwnersRequest, pk: int) -> Response:
        row = _form(request, pk)
        require(request.user, Action.WRITE_SUBMISSION, row.organisation)
        file = request.FILES.get("file")
        if file is None:
            raise Malformed({"/file": "Это поле нужно: в нём сам файл."})
        if (file.size or 0) > MAX_BYTES:
            return problem(422, TOO_LARGE, errors={"/file": TOO_LARGE})
        try:
            proof = evidence_add(
                submission=row,
                code=request.POST.get("question", ""),
                name=file.name or "",
                content=file.read(),
                actor=request.user,
            )
        except ValidationFailed as refusal:
            return problem(422, str(refusal), errors={"/file": str(refusal)})
        return Response(proof_shown(proof).model_dump(mode="json"), status=201)

    def finalize_response(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # What came of a file whose sending broke off is in no list of files that anybody would close.
        for handler in request.upload_handlers:
            handler.upload_interrupted()
        return super().finalize_response(request, *args, **kwargs)


class Proof(FormsApi):
    scopes: ClassVar = {"GET": Scope.READ, "DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="evidence_read",
        summary="Скачать приложенный файл",
        description="Байты те же, что хранит портал; их SHA-256 назван в форме.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY} | FormsApi.refusals(404),
    )
    def get(self, request: OwnersRequest, pk: int, proof: int) -> FileResponse:
        return download(_proof(request, pk, proof).file)

    @extend_schema(
        operation_id="evidence_remove",
        summary="Убрать приложенный файл",
        description="Пока форму можно менять.",
        responses={204: None} | FormsApi.refusals(404, 409),
    )
    def delete(self, request: OwnersRequest, pk: int, proof: int) -> Response:
        row = _proof(request, pk, proof)
        require(request.user, Action.WRITE_SUBMISSION, row.submission.organisation)
        evidence_remove(evidence=row, actor=request.user)
        return Response(status=204)


class Submit(FormsApi):
    scopes: ClassVar = {"POST": Scope.SUBMIT}

    @extend_schema(
        operation_id="form_submit",
        summary="Отправить форму на проверку",
        description="Все вопросы должны быть отвечены; после срока форма отмечается как сданная с опозданием.",
        request=SubmitSent,
        responses=FormsApi.answers(FormShown, 400, 404, 409, 422),
    )
    @by_its_key
    def post(self, request: OwnersRequest, pk: int) -> Response:
        row = _form(request, pk)
        require(request.user, Action.WRITE_SUBMISSION, row.organisation)
        sent = parsed(SubmitSent, request.data)
        submission_submit(submission=row, version=sent.version, actor=request.user)
        return Response(shown(_form(request, pk)).model_dump(mode="json"))


class NotThere(FormsApi):
    """Every other address below ``/api/``, by whatever method: a program is told so in its own language."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - its signature
        raise NotFound


def _form(request: OwnersRequest, pk: int) -> Submission:
    rows = forms_with_their_places(Submission.objects.all())
    row: Submission = visible_or_404(rows, request.user, pk=pk)
    return row


def _proof(request: OwnersRequest, pk: int, proof: int) -> Evidence:
    found = _form(request, pk).evidence.select_related("file", "submission__organisation").filter(pk=proof).first()
    if found is None:
        raise Http404
    return found


def _single(query: QueryDict) -> dict[str, Any]:
    """The query as it was written; a name given twice becomes a list, which no field takes."""
    return {name: values[0] if len(values) == 1 else values for name, values in query.lists()}
