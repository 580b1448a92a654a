"""Refusals as ``application/problem+json`` (RFC 9457): a sentence for people, a type and pointers for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from jobs.idempotency import KeyReused, StillRunning


class Malformed(Exception):
    """What was sent is not what the description asks for: a sentence for each JSON pointer."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: ("malformed", "Запрос не разобрать"),
    401: ("unauthenticated", "Нужен действующий ключ"),
    403: ("forbidden", "Не разрешено"),
    404: ("not-found", "Не найдено"),
    405: ("method", "Так к этому адресу не обращаются"),
    409: ("state", "Сейчас это невозможно"),
    413: ("too-large", "Слишком много данных"),
    415: ("media-type", "Тип данных не тот"),
    422: ("invalid", "Данные не приняты"),
    429: ("too-many", "Слишком часто"),
}


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def problem(
    code: int, detail: str, *, kind: str = "", errors: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """A refusal. ``errors``: a sentence for each JSON pointer into what was sent; ``more``: members of its own."""
    default, title = _TITLES[code]
    body: dict[str, Any] = {
        "type": f"urn:vekha:problem:{kind or default}",
        "title": title,
        "status": code,
        "detail": detail,
        **more,
    }
    if errors is not None:
        body["errors"] = [{"pointer": pointer, "detail": sentence} for pointer, sentence in errors.items()]
    return Response(body, status=code, content_type=MEDIA_TYPE)


def told(error: Exception, context: dict[str, Any]) -> Response | None:
    """What a view raised, as a problem; None for what is a fault of ours."""
    match error:
        case ValidationFailed():
            pointers = {pointer("answers", code) if code else "": text for code, text in error.errors.items()}
            return problem(422, "Часть данных не принята.", errors=pointers)
        case StaleVersion():
            return problem(409, str(error), kind="stale-version")
        case StateConflict():
            return problem(409, str(error))
        case KeyReused():
            return problem(422, "Этот Idempotency-Key уже был у другого запроса.", kind="key-reused")
        case StillRunning():
            answer = problem(409, "Запрос с этим ключом ещё выполняется: повторите позже.", kind="still-running")
            answer["Retry-After"] = "5"
            return answer
        case Http404():
            return problem(404, "Такого нет, или этому ключу оно не видно.")
        case PermissionDenied():
            return problem(403, "Этому пользователю такое действие не разрешено.")
        case Malformed():
            return problem(400, "Запрос не соответствует описанию.", errors=error.errors)
    usual = exception_handler(error, context)
    if usual is None:
        return None
    answer = problem(usual.status_code, _sentence(usual.status_code, error))
    for name in ("WWW-Authenticate", "Allow", "Retry-After"):
        if name in usual:
            answer[name] = usual[name]
    return answer


def _sentence(code: int, error: Exception) -> str:
    """The framework's own sentence where it is one of ours; its English and its details stay inside."""
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.PermissionDenied):
        return str(error.detail)
    match code:
        case status.HTTP_401_UNAUTHORIZED:
            return "Передайте ключ доступа в заголовке Authorization: Bearer."
        case status.HTTP_405_METHOD_NOT_ALLOWED:
            return "Какие методы есть у этого адреса, говорит заголовок Allow."
        case status.HTTP_415_UNSUPPORTED_MEDIA_TYPE:
            return "Данные передаются как application/json, файлы — как multipart/form-data."
        case status.HTTP_400_BAD_REQUEST:
            return "Тело запроса не разобрать: проверьте, что это правильный JSON в UTF-8."
        case _:
            return _TITLES[code][1] + "."
