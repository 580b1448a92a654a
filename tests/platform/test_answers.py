"""Headers of every answer, the cap on what may be sent, and doors that are closed unless opened."""

from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from tests.conftest import Cast

POLICY_FORBIDS = ["unsafe-inline", "unsafe-eval", "*"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/health/", "/no/such/page/"])
def test_every_answer_carries_the_strict_policy(client: Client, address: str) -> None:
    headers = client.get(address).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not [word for word in POLICY_FORBIDS if word in policy]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_page_is_closed_to_strangers_unless_it_says_otherwise(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "next=/" in answer.headers["Location"]


@pytest.mark.django_db
def test_an_api_view_that_names_no_permission_is_closed(cast: Cast) -> None:
    class Forgetful(APIView):
        def get(self, _request: object) -> None:
            raise AssertionError("it must not come to this")

    request = APIRequestFactory().get("/")
    force_authenticate(request, cast.office)
    assert Forgetful.as_view()(request).status_code == 403


@pytest.mark.django_db
def test_an_oversized_request_is_refused_before_it_is_parsed(client: Client) -> None:
    body = BytesIO(b"--x\r\n" + b"0" * (settings.MAX_UPLOAD_BYTES + 1))

    answer = client.generic("POST", "/", body.getvalue(), content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert "Портал принимает файлы до 30 МБ" in answer.content.decode()


def test_nothing_that_people_upload_is_served_as_a_static_file() -> None:
    assert not settings.MEDIA_ROOT.is_relative_to(settings.STATIC_ROOT)
    assert not settings.MEDIA_URL.strip("/")
