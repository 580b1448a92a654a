"""A stored file keeps its content, and its name can harm nobody."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jobs.services import store_file
from jobs.storage import clean_file_name, download

HOSTILE = {
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "C:\\temp\\отчёт.docx": "отчёт.docx",
    "паспорт.docx\r\nSet-Cookie: a=b": "паспорт.docx Set-Cookie_ a=b",
    "паспорт\u202excod.exe": "паспортxcod.exe",
    "\u2066a\u2069.pdf": "a.pdf",
    'a"b;c.pdf': "a_b;c.pdf",
    "нуль\0.pdf": "нуль.pdf",
    "   ": "файл",
    "..": "файл",
    "": "файл",
    "ё" * 300 + ".xlsx": "ё" * 145 + ".xlsx",
}


@pytest.mark.parametrize(("name", "kept"), HOSTILE.items())
def test_a_hostile_name_is_made_harmless(name: str, kept: str) -> None:
    assert clean_file_name(name) == kept


@given(st.text(max_size=400))
def test_no_name_is_empty_long_or_invisible(name: str) -> None:
    kept = clean_file_name(name)
    assert 0 < len(kept) <= 150
    assert not re.search(r"[/\\\r\n\0]", kept)
    assert not {unicodedata.category(character) for character in kept} & {"Cc", "Cf", "Cs"}
    assert clean_file_name(kept) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_the_place_on_the_disk_owes_nothing_to_the_name(name: str) -> None:
    stored = store_file(name=name, content_type="application/pdf", content=b"%PDF")

    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", stored.path)
    assert stored.location.is_relative_to(settings.MEDIA_ROOT)
    assert stored.location.stat().st_mode & 0o777 == 0o600
    assert not stored.location.is_relative_to(Path(settings.STATIC_ROOT))


@pytest.mark.django_db
def test_the_content_comes_back_and_a_changed_one_is_noticed() -> None:
    stored = store_file(name="паспорт.pdf", content_type="application/pdf", content=b"one")
    assert (stored.read(), stored.size) == (b"one", 3)

    stored.location.write_bytes(b"two")
    with pytest.raises(ValueError, match="differs"):
        stored.read()


@pytest.mark.django_db
def test_a_download_is_an_attachment_that_no_cache_keeps() -> None:
    stored = store_file(name="па\r\nспорт.pdf", content_type="application/pdf", content=b"%PDF")

    response = download(stored)

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%BF%D0%B0%20")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content) == b"%PDF"  # type: ignore[arg-type]
    response.close()
