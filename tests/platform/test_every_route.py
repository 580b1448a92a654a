"""Every address of the portal × every role: who gets in, who is told no, for whom it does not exist.

A new address without an entry fails (security rule 10). The signs of an entry stand for the people of :data:`PEOPLE`
in that order: ``+`` opens (or sends on within the portal), ``-`` does not exist (404), ``x`` is forbidden (403), ``>``
must sign in first, ``!`` the method or the empty form is refused (405, 400), ``f`` the empty form comes back (422).
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import World

PEOPLE = ("office", "curator", "auditor", "coordinator", "reporter", "village_reporter", "stranger", "nobody")

# name: (method, what of the world the address names, signs). The returned form is the third school's.
ROUTES: dict[str, tuple[str, str, str]] = {
    "health": ("GET", "", "++++++++"),
    "organisations:sign_in": ("GET", "", "++++++++"),
    "jobs:detail": ("GET", "job.pk", "+------>"),
    "jobs:progress": ("GET", "job.pk", "+------>"),
    "projects:list": ("GET", "", "+++++++>"),
    "projects:upload": ("GET", "", "+xxxxxx>"),
    "projects:change_requests": ("GET", "", "++xxxxx>"),
    "projects:change_request": ("GET", "draft.pk", "++----->"),
    "projects:change_request_file": ("GET", "draft.pk", "------->"),
    "projects:change_request_links": ("POST", "draft.pk", "fx----->"),
    "projects:change_request_approve": ("POST", "draft.pk", "ff----->"),
    "projects:change_request_reject": ("POST", "draft.pk", "ff----->"),
    "projects:detail": ("GET", "project.pk", "++++++->"),
    "projects:results": ("GET", "project.pk", "++++++->"),
    "projects:additional": ("GET", "project.pk", "++++++->"),
    "projects:redactions": ("GET", "project.pk", "++++++->"),
    "projects:redaction": ("GET", "project.pk redaction.number", "++++++->"),
    "projects:upload_next": ("GET", "project.pk", "+xxxxx->"),
    "finance:project": ("GET", "project.pk", "++++++->"),
    "participants:project": ("GET", "project.pk", "++++++->"),
    "milestones:project": ("GET", "project.pk", "++++++->"),
    "indicators:project_indicators": ("GET", "project.pk", "++++++->"),
    "indicators:project_breakdown": ("GET", "project.pk", "++++++->"),
    "indicators:project_methodology": ("GET", "project.pk", "++++++->"),
    "indicators:formula": ("GET", "indicator.pk", "+xxxxx->"),
    "indicators:formula_check": ("GET", "indicator.pk", "!!!!!!!>"),
    "indicators:base_indicators": ("GET", "", "++++++x>"),
    "indicators:base_indicator_create": ("GET", "", "+xxxxxx>"),
    "indicators:base_indicator": ("GET", "base_indicator.pk", "+xxxxx->"),
    "indicators:periods": ("GET", "", "++++xxx>"),
    "indicators:period_open": ("GET", "", "+xxxxxx>"),
    "indicators:period": ("GET", "period.pk", "++++xxx>"),
    "indicators:my_submissions": ("GET", "", "xxxx++x>"),
    "indicators:submission": ("GET", "returned.pk", "++++--->"),
    "indicators:submission_autosave": ("POST", "returned.pk", "xxxx--->"),
    "indicators:submission_check": ("GET", "returned.pk", "xxxx--->"),
    "indicators:review": ("GET", "", "++++xxx>"),
    "indicators:review_submission": ("GET", "submitted.pk", "++++xxx>"),
    "reports:home": ("GET", "", "+++++++>"),
    "reports:appearance": ("POST", "", "++++++++"),
    "reports:styleguide": ("GET", "", "++xxxxx>"),
    "reports:documents": ("GET", "project.pk", "++++++->"),
    "reports:request_passport": ("POST", "project.pk", "----xx->"),
    "reports:plan_fact": ("GET", "project.pk", "++++++->"),
    "reports:plan_fact_print": ("POST", "project.pk", "----xx->"),
    "reports:plan_fact_indicator": ("GET", "project.pk indicator.pk", "++++++->"),
    "reports:plan_fact_figure": ("GET", "project.pk indicator.pk period.pk first_school.pk", "+++++-->"),
    "reports:period_export": ("GET", "period.pk export_ending", "++++xxx>"),
    "reports:all_documents": ("GET", "", "++++xxx>"),
    "reports:document": ("GET", "document.public_id", "++++--->"),
    "reports:download": ("GET", "document.public_id", "++++--->"),
    "indicators:base_indicator_archive": ("GET", "base_indicator.pk", "!!!!!!!>"),
    "indicators:period_close": ("GET", "period.pk", "+xxxxx->"),
    "indicators:review_return": ("POST", "submitted.pk", "fxxx--->"),
    "indicators:review_accept_many": ("POST", "", "+xxxxxx>"),
    "indicators:review_accept": ("POST", "submitted.pk", "fxxx--->"),
    "organisations:sign_out": ("POST", "", "++++++++"),
}


SIGNS = {200: "+", 302: "+", 401: ">", 403: "x", 404: "-", 400: "!", 405: "!", 409: "f", 422: "f"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


def browser_of(world: World, who: str) -> Client:
    client = Client()
    if who == "reporter":
        client.force_login(world.cast.reporters[0])
    elif who != "nobody":
        client.force_login(getattr(world.cast, who))
    return client


def sign(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in/"):
        return ">"
    if getattr(answer, "streaming", False):
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return SIGNS[answer.status_code]


def test_every_address_has_an_entry() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ROUTES)


@pytest.mark.django_db
def test_every_address_opens_for_those_it_is_meant_for(world: World) -> None:
    wrong = []
    browsers = {who: browser_of(world, who) for who in PEOPLE if who != "nobody"}
    for name, (method, about, expected) in ROUTES.items():
        address = reverse(name, args=[attrgetter(path)(world) for path in about.split()])
        # The strongest comes last: whoever may not is asked before anybody changes anything.
        signs = {}
        for who in reversed(PEOPLE):
            browser = browsers.get(who) or Client()
            signs[who] = sign(browser.post(address) if method == "POST" else browser.get(address))
        found = "".join(signs[who] for who in PEOPLE)
        if found != expected:
            wrong.append(f"{name}: {found}, not {expected}")
    assert not wrong, "\n".join(wrong)
