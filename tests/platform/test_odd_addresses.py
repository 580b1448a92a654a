"""Every page under an address that nobody typed by hand: nonsense in the query, in the path and in the cookie.

A page may ignore it, may say that there is no such thing; it never breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests.platform.test_every_route import ROUTES
from tests.world import World

HUGE = str(10**30)
"""More than the database's largest id."""
VERY_LONG = "9" * 5000
"""More digits than Python turns into a number."""
NOT_THERE = str(2**63 - 1)

VALUES = ("abc", "-1", HUGE, VERY_LONG, "\x00", "١٢½", "\ud800", "'🏫")
PARAMETERS = (
    *("page", "sort", "state", "municipality", "project", "period", "territory", "level", "q", "text", "node"),
    *("turn", "odd", "late", "kind", "year", "measure", "only", "show", "organisation", "replace"),
)

BAD_TEXT = ("a\x00b", "%🏫'", "..", "x" * 5000)
BAD_NUMBERS = ("0", NOT_THERE, HUGE, VERY_LONG, "١٢")


def encoded(value: str) -> str:
    """As a browser sends it; half a surrogate pair as the bytes that some programs send for it."""
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


def pages(world: World) -> Iterator[str]:
    """The address of every page that is read."""
    for name, (method, about, _) in ROUTES.items():
        if method == "GET":
            yield reverse(name, args=[attrgetter(path)(world) for path in about.split()])


def broken(browser: Client, addresses: Iterator[str]) -> list[str]:
    """Addresses that answered with an error of the server, or not at all."""
    found = []
    browser.raise_request_exception = False
    for address in addresses:
        answer = browser.get(address)
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {address[:120]}")
        if getattr(answer, "streaming", False):
            assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["office", "reporter"])
def test_nonsense_in_the_query_breaks_no_page(world: World, who: str) -> None:
    browser = Client()
    browser.force_login(world.cast.office if who == "office" else world.cast.reporters[2])
    queries = ["&".join(f"{name}={encoded(value)}" for name in PARAMETERS) for value in VALUES]
    asked = (f"{page}?{query}" for page in pages(world) for query in queries)
    assert not broken(browser, asked)


@pytest.mark.django_db
def test_nonsense_in_the_path_breaks_no_page(world: World) -> None:
    browser = Client()
    browser.force_login(world.cast.office)
    asked = []
    for page in pages(world):
        parts = page.strip("/").split("/")
        for place, part in enumerate(parts):
            for odd in BAD_NUMBERS if part.isdigit() else BAD_TEXT:
                changed = [*parts[:place], encoded(odd), *parts[place + 1 :]]
                asked.append("/" + "/".join(changed) + ("/" if page.endswith("/") else ""))
    assert not broken(browser, iter(asked))


@pytest.mark.django_db
@pytest.mark.parametrize("value", ['"never-a-session\\000"', "x" * 4000, '"\\355\\240\\200"', "'", '"\\"'])
def test_a_forged_cookie_is_a_stranger(world: World, value: str) -> None:
    browser = Client(headers={"cookie": f"sessionid={value}; csrftoken={value}; appearance={value}"})
    browser.raise_request_exception = False
    answer = browser.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")
