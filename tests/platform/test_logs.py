"""Whoever reads the logs learns of no link that would let them in."""

from __future__ import annotations

import logging
import runpy
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests.conftest import Cast


def test_a_password_too_weak_leaves_no_good_link_in_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    head = cast.reporters[0]
    token = default_token_generator.make_token(head)
    link = reverse("organisations:password_reset", args=[urlsafe_base64_encode(force_bytes(head.pk)), token])
    with caplog.at_level(logging.WARNING):
        assert Client().post(link, {"password": "short", "again": "short"}).status_code == 422
    (said,) = [record for record in caplog.records if record.name == "django.request"]
    assert said.getMessage() == "Unprocessable Entity: /password/…"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/sign-in/first/3814001234/482109375516/", "/sign-in/first/…"),
        ("/password/MQ/c9x-0123456789abcdef/", "/password/…"),
        ("/password/forgotten/", "/password/forgotten/"),
        ("/account/password/", "/account/password/"),
    ],
)
def test_the_log_of_requests_has_addresses_without_their_secrets(path: str, shown: str) -> None:
    server = runpy.run_path("gunicorn.conf.py")
    log = server["logger_class"](import_module("gunicorn.config").Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://portal.example{path}",
    }
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request = SimpleNamespace(headers=[])
    line = log.cfg.access_log_format % log.atoms(answer, request, environ, timedelta(seconds=1))
    assert f'"GET {shown} HTTP/1.1"' in line
    assert f'"https://portal.example{shown}"' in line
