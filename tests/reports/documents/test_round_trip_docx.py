"""A passport printed as a Word file reads to the same passport, by what a person sees in the file alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from projects.passport import read
from projects.passport.intermediate import squash
from projects.passport.schema import Passport
from reports.documents.passport import render
from tests.projects.passport.northern import municipal, regional
from tests.projects.passport.strategies import passports
from tests.projects.passport.word import word_file

SHARED = Path("../shared/passports")
SEEN = {"word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "[Content_Types].xml", "_rels/.rels"}


def as_seen(content: bytes) -> bytes:
    """The file without properties, headers, settings, custom XML, comments, bookmarks and hidden text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name in SEEN:
                part = source.read(name).decode()
                if name == "word/document.xml":
                    part = re.sub(r"<w:r>(?:(?!</w:r>).)*<w:vanish.*?</w:r>|<w:bookmark[^>]*>|<!--.*?-->", "", part)
                target.writestr(name, part)
    return out.getvalue()


def plain(passport: Passport) -> Any:
    """The form without the portal's ids, every text in one line, unread cells in the order of the form."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(child) for key, child in value.items() if key != "id"}
        if isinstance(value, list):
            return [bare(child) for child in value]
        return squash(value) if isinstance(value, str) else value

    form = bare(passport.model_dump(mode="json"))
    form["unread"].sort(key=str)
    return form


def there_and_back(passport: Passport) -> Passport:
    return read(as_seen(render(passport, "docx")))


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_real_passport_comes_back(name: str) -> None:
    file = SHARED / f"{name}.docx"
    if not file.exists():
        pytest.skip("the real passports are not beside the project")
    passport = read(file)
    assert there_and_back(passport) == passport


@pytest.mark.parametrize("blocks", [regional(), municipal()], ids=["regional", "municipal"])
def test_a_passport_of_another_layout_comes_back_in_the_official_form(blocks: Any) -> None:
    passport = read(word_file(blocks))
    assert there_and_back(passport) == passport


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(passports())
def test_any_passport_comes_back(passport: Passport) -> None:
    assert plain(there_and_back(passport)) == plain(passport)
