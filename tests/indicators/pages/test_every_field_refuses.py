"""What is no figure is refused in every field of a form, whichever way it comes, and nothing of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Submission
from organisations.models import Scope
from organisations.services.tokens import token_create
from tests.conftest import Cast

FIELDS = ("pupils", "safe", "camera", "distance")
"""Two integers, one of them no more than the other; a yes or no; a decimal that may not concern the school."""
NO_FIGURES = {
    "a word": "много",
    "an exponent": "1e5",
    "a hexadecimal number": "0x10",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "negative": "-1",
    "negative with a real minus": "\N{MINUS SIGN}1",
    "huge": "1" + "0" * 30,
    "longer than any number": "9" * 5000,
    "two commas": "1,2,3",
    "a Cyrillic letter for nought": "1\N{CYRILLIC CAPITAL LETTER O}",
    "a Cyrillic letter for three": "\N{CYRILLIC CAPITAL LETTER ZE}",
    "Arabic digits": "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}",
    "wide digits": "\N{FULLWIDTH DIGIT ONE}",
    "a fraction in one character": "\N{VULGAR FRACTION ONE HALF}",
    "markup": "<script>alert(1)</script>",
    "a formula": "=1+1",
}
OTHER_TYPES: dict[str, Any] = {
    "a negative number": -1,
    "a number without end": 10**30,
    "a number too small": "0." + "0" * 40 + "1",
    "a number for a yes": 2,
}


def kept(form: Submission) -> list[str]:
    return [row.question.code for row in form.answers.select_related("question") if row.is_given]


@pytest.mark.parametrize("typed", NO_FIGURES.values(), ids=NO_FIGURES.keys())
def test_the_page_refuses_it_in_every_field(school: Client, form: Submission, typed: str) -> None:
    body = {**{f"a-{code}": typed for code in FIELDS}, "version": 0}
    said = school.post(reverse("indicators:submission_autosave", args=[form.pk]), body).json()
    assert set(said["errors"]) == {f"a-{code}" for code in FIELDS}

    form.refresh_from_db()
    for action in ("save", "submit"):
        whole = {**body, "version": form.version, "action": action}
        answer = school.post(reverse("indicators:submission", args=[form.pk]), whole)
        assert answer.status_code == 422
        assert answer.content.decode().count('aria-invalid="true"') >= len(FIELDS)
    assert kept(form) == []


@pytest.mark.parametrize(
    "given", [*NO_FIGURES.values(), *OTHER_TYPES.values()], ids=[*NO_FIGURES.keys(), *OTHER_TYPES.keys()]
)
def test_a_program_is_refused_in_every_field(form: Submission, cast: Cast, given: Any) -> None:
    _, secret = token_create(owner=cast.reporters[0], name="Учёт школы", scopes=Scope.values, days=1)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    # Two is no answer to «yes or no» alone.
    fields = [code for code in FIELDS if given != 2 or code == "camera"]
    body = {"version": 0, "answers": dict.fromkeys(fields, given)}
    answer = program.patch(f"/api/v1/forms/{form.pk}/draft/", body, content_type="application/json")
    assert answer.status_code == 422
    assert {row["pointer"] for row in answer.json()["errors"]} == {f"/answers/{code}" for code in fields}
    assert kept(form) == []
