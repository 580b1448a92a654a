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
from tests.reports.documents.sample import sample_passport

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


YEARS = {"2025": "1", "2026": None}
HARD: dict[str, dict[str, Any]] = {
    "nothing at all": {},
    "a federal project in thousands without a table of money": {"level": "federal", "finance_unit": "thousand"},
    "indicators of every kind": {
        "indicators": [
            {"number": "1", "name": "Доля школ, процент", "unit": "процент", "federal_name": "Школы страны"}
            | {"targets": YEARS},
            {"number": "1.1", "name": "сельских", "unit": "процент", "federal_name": "Школы страны", "targets": YEARS},
            {"number": "1.2", "name": "городских", "unit": None, "direction": "decreasing", "targets": YEARS},
            {"number": "2", "name": "Новые здания", "unit": "шт.", "federal_name": "Школы страны", "targets": YEARS},
            {"number": None, "name": "Прочие, процент", "kind": "additional", "targets": YEARS},
        ]
    },
    "tasks out of order, a result of none": {
        "tasks": [{"number": "1", "name": "Строить"}, {"number": "2", "name": "Чинить"}, {"name": "Учить"}],
        "results": [
            {"number": "2.1", "name": "Починено", "task": 1, "federal_result": "Чинить везде"},
            {"number": "1.1", "name": "Построено", "task": 0, "targets": {"2026": "7"}},
            {
                "number": "2.2",
                "name": "Покрашено",
                "task": 1,
                "federal_result": "Результат федерального проекта: красить",
            },
            {"number": "2.3", "name": "Вымыто", "task": 1, "characteristic": "на 31.12.2026 – 42 %"},
            {"number": "9", "name": "Само по себе", "task": None},
        ],
    },
    "results only": {"results": [{"number": "1", "name": "Всё"}, {"name": "Остальное"}]},
    "money, words and notes": {
        "finance": [
            {"number": "1", "name": "Мосты"},
            {"number": "1.1", "name": "Мост", "amounts": {"2025": "-1.5"}, "total": "-1.5", "note": "уточняется"},
            {"number": "1.2", "name": "Паром", "amounts": {"2026": "1069.44"}, "note": "без торгов"},
            {"number": "1.3", "name": "Брод", "note": "В рамках текущей работы", "code": "0" * 20},
            {"number": None, "name": "бюджет района", "source": "municipal", "note": "ТБ"},
            {"number": None, "name": "Всего", "amounts": {"2025": "9" * 24 + ".000000000001"}, "total": "0"},
        ],
        "footnotes": ["* уточняется", "и ещё одна сноска"],
        "unread": [{"section": "finance", "row": 4, "field": "amounts.2026", "raw": "нет данных"}],
    },
    "people": {
        "curator": {"name": "ф", "position": "глава, секретарь"},
        "head": {"position": "Иванов Пётр Кириллович"},
        "administrator": {},
        "participants": [
            {"number": "1", "role": "Участник", "group": "Задача 1. Мосты"},
            {"number": "2", "role": "Куратор, глава", "employment": "0.5"},
            {"number": None, "role": "Участник", "name": "Снегова О.Л.", "group": "5. Участники"},
        ],
        "unread": [{"section": "administrator", "row": None, "field": "name", "raw": "–"}],
    },
    "a stamp of two": {
        "approval": {
            "body": "Советом при Главе",
            "approver": "Глава района А.Б. Ветров",
            "amendments": [{"protocol_number": "4"}, {"protocol_date": "2026-01-31"}, {"protocol_number": "5"}],
        },
        "programmes": ["Здания для детей до 2030 года; муниципальная программа роста", "Тепло т. е. уют"],
        "end": "2026-12-31",
        "parent_title": "Удобные здания и т. п.",
        "territory": "Лесная сторона",
    },
    "words that sound like the form": {
        "goal": "Цель проекта: участники. Приложение № 1",
        "additional": "* 6. Дополнительная информация. К – куратор; РП – руководитель. План мероприятий",
        "control_levels": {"муниципальный": "глава; совет", "К": "куратор"},
        "plan": [
            {"number": "1", "name": "Участники", "kind": "result", "start": "2025-01-01", "document": "окончание"},
            {"number": None, "name": "методика расчета", "document": "приказ"},
        ],
    },
    "places and methods": {
        "level": "municipal",
        "breakdown": [
            {"indicator": "Охват", "territory": "12 школа", "targets": YEARS},
            {"indicator": None, "territory": "Школа без показателя", "targets": YEARS},
            {"indicator": "б", "territory": "2. Лесной район", "targets": YEARS},
        ],
        "methodology": [
            {"indicator": "1", "formula": "а / б"},
            {"indicator": "7"},
            {"indicator": "Охват детей", "source": "отчёты"},
            {"indicator": None, "formula": "сумма"},
            {"indicator": None, "note": "Дополнительные показатели отсутствуют"},
        ],
        "unread": [{"section": "breakdown", "row": 1, "field": "base.date", "raw": "31.11.2024"}],
    },
}


@pytest.mark.parametrize("changes", HARD.values(), ids=HARD)
def test_a_hard_passport_comes_back(changes: dict[str, Any]) -> None:
    whole = {"level": "regional", "title": "Мост", "short_title": "Мост"}
    passport = Passport.model_validate(whole | changes)
    assert plain(there_and_back(passport)) == plain(passport)


def test_a_file_whose_styles_inherit_their_level_comes_back() -> None:
    """Word and its like drop from a style what the style that it is based on says."""
    content = render(sample_passport(), "docx")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/styles.xml":
                own = re.search(rb'(w:styleId="Appendix".*?)<w:outlineLvl w:val="0"/>', part)
                assert own is not None
                part = part.replace(own[0], own[1])
            target.writestr(name, part)
    assert read(out.getvalue()) == read(content)


def test_a_changed_word_would_be_seen() -> None:
    """Guards the comparison above."""
    passport = sample_passport(unread=[])
    word = there_and_back(passport)
    assert plain(word)["plan"] == plain(passport)["plan"]
    assert plain(sample_passport(unread=[], goal="Другая"))["goal"] != plain(word)["goal"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(passports(free=True))
def test_whatever_the_schema_allows_is_printed_and_reads_again(passport: Passport) -> None:
    assert there_and_back(passport).format == "passport/1"
