"""The version for people with weak sight: chosen by one press, kept across visits, harmless to anyone's address."""

from __future__ import annotations

import re

import pytest
from django.test import Client

SIGN_IN = "/sign-in/"


def look(client: Client) -> tuple[str, str, str]:
    """What stands on the html element of the sign-in page."""
    page = client.get(SIGN_IN).content.decode()
    found = re.search(r'data-size="(\w+)"\s+data-contrast="(\w+)"\s+data-spacing="(\w+)"', page)
    assert found
    return found[1], found[2], found[3]


def press(client: Client, **pressed: str) -> str:
    """Press a button of the panel; the answer is where it leads."""
    return client.post("/appearance/", {"next": SIGN_IN, **pressed}).headers["Location"]


pytestmark = pytest.mark.django_db


def test_a_new_visitor_sees_the_usual_look_and_a_way_to_the_other(client: Client) -> None:
    assert look(client) == ("normal", "normal", "normal")
    assert "Версия для слабовидящих" in client.get(SIGN_IN).content.decode()


def test_one_press_makes_letters_larger_and_the_panel_appears(client: Client) -> None:
    assert press(client, version="weak_sight") == SIGN_IN
    assert look(client) == ("large", "light", "wide")
    assert "Настройка вида" in client.get(SIGN_IN).content.decode()


def test_each_choice_is_kept_beside_the_others(client: Client) -> None:
    press(client, size="huge")
    press(client, contrast="dark")
    press(client, spacing="wide")
    assert look(client) == ("huge", "dark", "wide")


def test_the_choice_outlives_the_session(client: Client) -> None:
    press(client, size="huge")
    cookie = client.cookies["appearance"]
    assert int(cookie["max-age"]) > 300 * 24 * 60 * 60
    assert cookie["httponly"]


def test_the_usual_version_is_one_press_away(client: Client) -> None:
    press(client, version="weak_sight")
    press(client, version="usual")
    assert look(client) == ("normal", "normal", "normal")


@pytest.mark.parametrize("written", ["", "large", "huge.neon.wide.more", '"><script>', "..", "large.large.large"])
def test_a_cookie_written_by_hand_cannot_break_the_page(client: Client, written: str) -> None:
    client.cookies["appearance"] = written
    size, contrast, spacing = look(client)
    assert size in {"normal", "large", "huge"}
    assert contrast == "normal"
    assert spacing in {"normal", "wide"}


def test_a_value_that_nobody_offered_changes_nothing(client: Client) -> None:
    press(client, size="gigantic")
    assert look(client) == ("normal", "normal", "normal")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_panel_leads_nowhere_else(client: Client, target: str) -> None:
    response = client.post("/appearance/", {"next": target, "size": "large"})
    assert response.headers["Location"] == "/"


def test_a_link_cannot_change_the_look(client: Client) -> None:
    assert client.get("/appearance/?size=huge").status_code == 405
