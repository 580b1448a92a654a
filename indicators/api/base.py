"""What every address of the API has in common: keys, refusals, exact JSON, and once-only writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar, TypeVar

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ValidationError
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from indicators.api.exact import ExactJson
from indicators.api.problems import MEDIA_TYPE, Malformed, pointer, told
from indicators.api.shapes import Problem
from jobs.idempotency import Answer, answer_once
from organisations.api import BearerToken, HasScope
from organisations.models import ApiToken, Scope, User

_Shape = TypeVar("_Shape", bound=BaseModel)
Handler = Callable[..., Response]

KEY_LENGTH = 100


class OwnersRequest(Request):
    """A request whose key was recognised: it speaks for the owner of the key."""

    user: User
    auth: ApiToken


class OnlyJson(BaseContentNegotiation):
    """There is one form of an answer; what a program says it would accept changes nothing."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 - the framework's signature
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or ""


class FormsApi(APIView):
    """Closed unless the view names the scope of the method."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerToken,)
    permission_classes: Sequence[type[BasePermission]] = (HasScope,)
    parser_classes: Sequence[type[BaseParser]] = (ExactJson,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OnlyJson
    scopes: ClassVar[dict[str, Scope]] = {}

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return told

    @staticmethod
    def answers(shape: Any, *refusals: int, code: int = 200) -> dict[Any, Any]:
        """The answers of an operation for its description; every one may also miss its key or the right to it."""
        return {code: shape} | FormsApi.refusals(*refusals)

    @staticmethod
    def refusals(*codes: int) -> dict[Any, Any]:
        return {(code, MEDIA_TYPE): Problem for code in sorted({401, 403, *codes})}


def parsed(shape: type[_Shape], sent: Any) -> _Shape:
    """What was sent, checked; raises :class:`Malformed` with a sentence for each pointer."""
    try:
        return shape.model_validate(sent)
    except ValidationError as error:
        raise Malformed(
            {
                pointer(*found["loc"]): _SENTENCES.get(found["type"], "Значение не того вида.")
                for found in error.errors(include_url=False, include_input=False, include_context=False)
            }
        ) from error


_SENTENCES = {
    "missing": "Это поле нужно.",
    "extra_forbidden": "Такого поля нет.",
    "model_type": "Здесь нужен объект.",
    "dict_type": "Здесь нужен объект.",
    "int_type": "Здесь нужно целое число.",
    "string_type": "Здесь нужен текст.",
    "string_too_long": "Текст слишком длинный.",
    "too_long": "Слишком много значений.",
}


def by_its_key(handler: Handler) -> Handler:
    """A write that may be sent again: with an ``Idempotency-Key`` the second is answered as the first was."""

    @wraps(handler)
    def once(self: FormsApi, request: OwnersRequest, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return handler(self, request, *args, **kwargs)
        if len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise Malformed({"": f"Idempotency-Key — до {KEY_LENGTH} печатных знаков латиницы."})

        def answer() -> Answer:
            # A refusal is an answer as well; only a fault of ours goes on up, and takes the key with it.
            try:
                response = handler(self, request, *args, **kwargs)
            except Exception as error:
                refusal = told(error, {})
                if refusal is None:
                    raise
                response = refusal
            return Answer(response.status_code, response.data)

        given = answer_once(owner_id=request.user.pk, key=key, fingerprint=_fingerprint(request), answer=answer)
        media_type = MEDIA_TYPE if given.status >= 400 else None
        response = Response(given.body, status=given.status, content_type=media_type)
        if given.repeated:
            response["Idempotent-Replayed"] = "true"
        return response

    return extend_schema(
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Ключ, который вы придумали для этого запроса: повтор с ним не сделает дела второй раз.",
            )
        ]
    )(once)


def _fingerprint(request: Request) -> str:
    """Of everything that makes it the same request: method, address, what was sent."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    sent = request.data
    if isinstance(sent, Mapping) and any(isinstance(value, UploadedFile) for value in sent.values()):
        for name, value in sorted(sent.items()):
            digest.update(f"{name}\n".encode())
            if isinstance(value, UploadedFile):
                digest.update(f"{value.name}\n".encode())
                for chunk in value.chunks():
                    digest.update(chunk)
                value.seek(0)
            else:
                digest.update(str(value).encode())
    else:
        digest.update(json.dumps(sent, sort_keys=True, default=str).encode())
    return digest.hexdigest()
