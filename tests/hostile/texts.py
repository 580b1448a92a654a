"""Text dumps and JSON: encodings, look-alikes, and plain text that is a bomb."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.hostile.case import Case, Read, as_plain_regional, plain_regional
from tests.projects.passport import northern
from tests.projects.passport.word import text_dump

TOO_LONG, NOT_TEXT, NO_SECTION, BROKEN_JSON = "слишком", "не похож на текст", "ни одного раздела", "JSON"
DUMP = text_dump(northern.regional())
LOOK_ALIKE = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")


def look_alikes(share: float) -> bytes:
    """The dump with some of its letters typed on a Latin keyboard."""
    chance = random.Random(2)
    return "".join(letter.translate(LOOK_ALIKE) if chance.random() < share else letter for letter in DUMP).encode()


def mixed() -> bytes:
    """Two halves of one dump in two encodings, as files pasted together are."""
    lines = DUMP.split("\n")
    half = len(lines) // 2
    return "\n".join(lines[:half]).encode("cp1251") + b"\n" + "\n".join(lines[half:]).encode()


def _same_rows(passport: Read) -> bool:
    """As many rows of every list, with the same numbers in them; letters may be of another alphabet."""
    lists = ("indicators", "results", "finance", "participants", "plan", "breakdown")
    return all(
        [_figures(row) for row in passport[key]] == [_figures(row) for row in plain_regional()[key]] for key in lists
    )


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("number", "targets", "amounts", "total", "start", "end") if key in row}


def texts() -> Iterator[Case]:
    yield Case("nothing", "txt", lambda: b"", "пуст")
    yield Case("white space", "txt", lambda: b" \t\r\n" * 100, NO_SECTION)
    yield Case("200 MB, a hole in the disk", "docx", lambda: (b"PK\x03\x04", 200 << 20), "больше 30 МБ")
    yield Case("200 MB of text, a hole in the disk", "txt", lambda: (b"", 200 << 20), "больше 30 МБ")
    for encoding in ("utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"):
        yield Case(f"text in {encoding}", "txt", partial(DUMP.encode, encoding, "replace"), "", _right(encoding))
    yield Case(
        "text in utf-16-be with its mark", "txt", lambda: b"\xfe\xff" + DUMP.encode("utf-16-be"), "", as_plain_regional
    )
    yield Case("text in cp1251 and utf-8 at once", "txt", mixed, "", _same_rows)
    for encoding, says in (("koi8-r", NO_SECTION), ("cp866", NOT_TEXT), ("mac-cyrillic", NOT_TEXT)):
        yield Case(f"text in {encoding}", "txt", partial(DUMP.encode, encoding, "replace"), says)
    yield Case("text in utf-16, cut in a letter", "txt", lambda: DUMP.encode("utf-16")[:-1], "", as_plain_regional)
    yield Case("one letter in ten from a Latin keyboard", "txt", partial(look_alikes, 0.1), "", _same_rows)
    yield Case("every letter that can be from a Latin keyboard", "txt", partial(look_alikes, 1), "", _same_rows)
    yield Case("a few NULs", "txt", lambda: DUMP.replace("1.1", "1\0.1", 1).encode(), "", as_plain_regional)
    yield Case("NULs everywhere", "txt", lambda: DUMP.replace(" ", "\0").encode(), NOT_TEXT)
    yield Case("marks of direction", "txt", lambda: ("\u202e" + DUMP).replace(" ", " \u200f").encode(), "", _same_rows)
    yield Case("20 MB in one line", "txt", lambda: DUMP.encode() + b"7 lines, " * 2_300_000, TOO_LONG)
    yield Case("25 MB of tabs", "txt", lambda: b"a" + b"\t" * (25 << 20), TOO_LONG)
    yield Case("12 million cells", "txt", lambda: (b"a" + b"\t" * 60 + b"\n") * 190_000, TOO_LONG)
    yield Case(
        "a wide row over 20,000 narrow ones", "txt", lambda: b"a" + b"\t" * 190 + b"\n" + b"b\tb\n" * 20_000, TOO_LONG
    )
    yield Case("12 million lines", "txt", lambda: b"a\n" * 12_000_000, TOO_LONG)
    yield Case("a row continued 20,000 times", "txt", lambda: _continued(20_000), TOO_LONG)
    yield Case("100,000 rows of a plan", "txt", lambda: _plan(100_000), TOO_LONG)
    yield Case("800 names to compare with 800 others", "txt", partial(_names, 800), "", _compared)
    yield Case("thousands of footnote marks", "txt", lambda: (DUMP + "\n" + "*" * 5_000 + "x").encode(), "", _same_rows)
    yield Case("a tag that never ends", "txt", lambda: (DUMP + "\n" + "<p " * 10_000).encode(), "", _same_rows)
    yield Case("numbers without end", "txt", lambda: DUMP.replace("100,25", "1" * 30_000).encode(), "", _other_figures)


def _right(encoding: str) -> Any:
    # «¹» is not in Windows-1251: one footnote mark is lost before the file is made.
    return _same_rows if encoding == "cp1251" else as_plain_regional


def _other_figures(passport: Read) -> bool:
    return bool(passport["plan"] == plain_regional()["plan"]) and any(
        cell["raw"].startswith("111") for cell in passport["unread"]
    )


def _continued(count: int) -> bytes:
    head = "№ п/п\tНаименование мероприятия, контрольной точки\tНачало\tОкончание\n1\tДом\t\t\n"
    return ("Паспорт\n\n" + head + "\tи слово за словом\t\t\n" * count).encode()


def _plan(count: int) -> bytes:
    head = "№ п/п\tНаименование мероприятия, контрольной точки\tНачало\tОкончание\tОтветственный исполнитель\n"
    return (head + "1.1.1\tМероприятие\t01.01.2020\t31.12.2020\tОзёрная М.Л.\n" * count).encode()


def _names(count: int) -> bytes:
    """Long lists whose rows are told by their words alone: results and a plan, indicators and a breakdown."""
    chance = random.Random(13)
    words = [
        "дом",
        "школа",
        "ремонт",
        "дорога",
        "новый",
        "старый",
        "большой",
        "малый",
        "сельский",
        "городской",
        "район",
        "область",
    ]

    def name() -> str:
        return f"Построен {' '.join(chance.choices(words, k=6))} {chance.randrange(10**6)}"

    results = "".join(f"1.{n}\t{name()}\t31.12.2023\tДом стоит\n" for n in range(count))
    plan = "".join(f"{n}\t{name()}\t01.01.2020\t31.12.2020\tИванов А.Б.\n" for n in range(count))
    indicators = "".join(f"{n}\t{name()}, процент\tосновной\t10\t01.01.2020\t10\t20\n" for n in range(count))
    schools = "".join(f"{name()}, процент\t\t\t\t\nШкола {n}\t0\t01.01.2020\t10\t20\n" for n in range(count))
    return "\n".join(
        (
            "Показатели проекта\n\n№ п/п\tНаименование показателя\tТип показателя\tБазовое значение\tДата\t2021\t2022",
            indicators,
            "Задачи и результаты\n\n№ п/п\tНаименование задачи, результата\tСрок\tХарактеристика результата",
            results,
            "План мероприятий\n\n№ п/п\tНаименование мероприятия, контрольной точки\tНачало\tОкончание\tОтветственный",
            plan,
            "Приложение 2. Показатели проекта в разрезе школ\n\nШкола\tБазовое значение\tДата\t2021\t2022",
            schools,
        )
    ).encode()


def _compared(passport: Read) -> bool:
    return all(len(passport[key]) == 800 for key in ("indicators", "results", "plan", "breakdown"))


def as_json(**more: Any) -> str:
    return json.dumps(plain_regional() | more, ensure_ascii=False)


def documents() -> Iterator[Case]:
    """JSON files."""
    wrong, broken = "не подходят под форму passport/1", "JSON повреждён"
    for name, text, says in (
        ("NaN for a number", '{"format": "passport/1", "results": [{"task": NaN}]}', wrong),
        ("Infinity for a number", '{"format": "passport/1", "finance": [{"total": Infinity}]}', wrong),
        ("1e999 for a number", '{"format": "passport/1", "results": [{"task": 1e999}]}', wrong),
        ("a number of 100,000 digits", '{"results": [{"task": ' + "9" * 100_000 + "}]}", broken),
        ("a decimal of 100,000 digits", '{"finance": [{"total": "' + "9" * 100_000 + '"}]}', wrong),
        ("a key twice", '{"format": "passport/1", "title": "Один", "title": "Другой"}', "дважды"),
        ("objects nested 50,000 deep", '{"title": ' * 50_000, broken),
        ("lists nested 50,000 deep", '{"title": ' + "[" * 50_000, broken),
        ("a key that is not of the form", '{"format": "passport/1", "__class__": "os.system"}', wrong),
        ("a list where a passport should be", "[1, 2, 3]", wrong),
        ("half of a surrogate", '{"format": "passport/1", "title": "\\ud800"}', wrong),
        ("a number where words should be", '{"format": "passport/1", "title": 7}', wrong),
        ("nothing after the brace", "{", broken),
        ("a passport of another format", '{"format": "passport/2"}', wrong),
    ):
        yield Case(name, "json", partial(text.encode), says)
    yield Case("a whole passport", "json", lambda: as_json().encode(), "", as_plain_regional)
    yield Case("a whole passport in utf-8-sig", "json", lambda: as_json().encode("utf-8-sig"), "", as_plain_regional)
    yield Case("a whole passport in utf-16", "json", lambda: as_json().encode("utf-16"), "JSON", as_plain_regional)
    yield Case("a NUL in a title", "json", lambda: as_json(title="\0").encode(), "нулевой символ")
    yield Case("6 million empty lists", "json", lambda: b'{"a":[' + b"[]," * 6_000_000 + b"[]]}", TOO_LONG)
    yield Case("3 million empty rows", "json", lambda: b'{"plan":[' + b"{}," * 3_000_000 + b"{}]}", TOO_LONG)
    yield Case("10 million wrong rows", "json", lambda: b'{"plan":[' + b"1," * 10_000_000 + b"1]}", TOO_LONG)
    yield Case("a title of 20 MB", "json", lambda: as_json(title="я" * (10 << 20)).encode(), TOO_LONG)
    yield Case("a title of 100,000 letters", "json", lambda: as_json(title="я" * 100_000).encode(), "title")
