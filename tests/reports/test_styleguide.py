"""The style guide shows every component to those who make pages, and the components keep the rules of the portal."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from projects.templatetags import components
from tests.conftest import Cast


@pytest.fixture
def page(client: Client, cast: Cast) -> str:
    client.force_login(cast.office)
    return client.get("/styleguide/").content.decode()


def test_staff_reads_it_and_a_school_does_not(client: Client, cast: Cast) -> None:
    assert client.get("/styleguide/").status_code == 302
    client.force_login(cast.reporters[0])
    assert client.get("/styleguide/").status_code == 403
    client.force_login(cast.office)
    assert client.get("/styleguide/").status_code == 200


def test_nothing_on_it_is_inline(page: str) -> None:
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", page)
    assert "<style" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_nothing_on_it_comes_from_elsewhere(page: str) -> None:
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", page)


def test_every_id_is_there_once_and_every_reference_leads_somewhere(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    referred = " ".join(re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', page)).split()
    assert set(referred) <= set(ids)


def test_a_status_is_a_word_beside_its_shape(page: str) -> None:
    for word in components.STATUS_WORDS.values():
        assert f"<span>{word}</span>" in page


def test_coordinates_of_the_pictures_are_whole_numbers_without_a_comma(page: str) -> None:
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    numbers = re.findall(r'\s(?:x|y|cx|cy|width|height|viewBox)="([^"]*)"', " ".join(pictures))
    assert numbers
    assert all(re.fullmatch(r"[\d -]+", value) for value in numbers)


def test_a_bad_field_names_its_error_for_a_screen_reader(page: str) -> None:
    field = re.search(r'<input[^>]*id="bad_connected"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert "bad_connected_error" in field[0]
    assert 'href="#bad_connected"' in page


def test_sorting_and_paging_keep_the_filters_of_the_address(client: Client, cast: Cast) -> None:
    client.force_login(cast.office)
    page = client.get("/styleguide/", {"municipality": "Лесной округ", "sort": "name", "page": "3"}).content.decode()
    kept = "municipality=%D0%9B%D0%B5%D1%81%D0%BD%D0%BE%D0%B9+%D0%BE%D0%BA%D1%80%D1%83%D0%B3"
    assert f'href="?{kept}&amp;sort=-name"' in page
    assert f'href="?{kept}&amp;sort=name&amp;page=4"' in page
    assert 'aria-sort="ascending"' in page
