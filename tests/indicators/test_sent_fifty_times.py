"""The same form sent fifty times at once is saved once and sent once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Answer, ReportingPeriod, Submission
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import fill_in, form_at
from tests.two_connections import together

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(user: User, address: str, body: dict[str, object]) -> list[int]:
    """Fifty posts, ten at a time, each with a browser and a connection of its own."""

    def send() -> int:
        browser = Client()
        browser.force_login(user)
        return browser.post(address, body).status_code

    return [status for _ in range(5) for status in together(*[send] * 10)]


@pytest.fixture
def form(period: ReportingPeriod, region: Region) -> Submission:
    return form_at(period, region.schools[0])


def test_a_draft_is_saved_once(form: Submission, cast: Cast) -> None:
    address = reverse("indicators:submission_autosave", args=[form.pk])
    statuses = at_once(cast.reporters[0], address, {"a-roads": "4", "a-safe": "3", "version": 0})

    form.refresh_from_db()
    assert statuses == [200] * 50  # to each of them: it is saved
    assert form.version == 1
    assert Answer.objects.filter(submission=form).count() == 2


def test_a_form_is_sent_once(form: Submission, cast: Cast) -> None:
    fill_in(form, cast.reporters[0], roads="4", safe="3")
    address = reverse("indicators:submission_check", args=[form.pk])
    statuses = at_once(cast.reporters[0], address, {"version": 1})

    form.refresh_from_db()
    assert statuses == [302] * 50
    assert (form.state, form.version) == ("submitted", 2)
