"""The API against what its own description allows and forbids, as each role: no fault of ours, no strange answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from indicators.models import Submission
from organisations.models import Scope, User
from organisations.services.tokens import token_create
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ROLES = ("office", "curator", "coordinator", "auditor", "stranger", "reporter", "nobody")
EXAMPLES = 15


@pytest.fixture
def description(db: None) -> Iterator[Any]:
    # As Django's own client does: the transaction of the test is not to end with the first request.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def _headers(cast: Cast, role: str) -> dict[str, str]:
    if role == "nobody":
        return {}
    owner: User = cast.reporters[0] if role == "reporter" else getattr(cast, role)
    _, secret = token_create(owner=owner, name="Проверка", scopes=Scope.values, days=1)
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_sent_breaks_it(description: Any, form: Submission, cast: Cast, role: str) -> None:
    headers = _headers(cast, role)
    for found in description.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @seed(20_261_121)
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case: Any) -> None:
                # A form of its own, so that what is sent comes further than «нет такого».
                if "pk" in (case.path_parameters or {}) and isinstance(case.path_parameters["pk"], int):
                    case.path_parameters["pk"] = form.pk
                # Whether a figure is right is no matter of the description: 422 is a good answer to a good request.
                case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

            check()
