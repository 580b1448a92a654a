"""Section 1: parent project, names, term, people, programmes; a table of labels and values in any arrangement."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from projects.passport import values
from projects.passport.intermediate import Row, squash
from projects.passport.lookalikes import mended
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft
from projects.passport.schema import Person

_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("parent_federal", r"(полное )?наименование федерального проекта"),
        ("parent_unknown", r"наименование вышестоящего проекта"),
        ("territory", r"территория( реализации)?( проекта)?$"),
        ("parent_national", r"(полное )?наименование национального проекта"),
        ("short_title", r"(краткое|сокращ[её]нное) наименование"),
        ("title_regional", r"(полное )?наименование регионального проекта"),
        ("title", r"(полное )?наименование (муниципального )?проекта"),
        ("start", r"(срок|дата) начала(?!.{0,12}\b(и|окончани))\D*$"),
        ("end", r"(срок|дата) (окончани|завершени)\D*$"),
        ("term", r"срок"),
        ("curator", r"куратор"),
        ("head", r"руководитель"),
        ("administrator", r"администратор"),
        ("programmes", r"(связь|взаимосвязь|перечень|наименование) .{0,40}программ|государственн\w+ программ\w+$"),
        ("other", r"(разработчик|заказчик|исполнител|участник|ключев|цел[ьи]|бюджет|соисполнит|территори)"),
    )
)
_BARE_LABEL = re.compile(r"(куратор|руководитель|администратор)( \w+ого)?( проекта)?:?", re.IGNORECASE)
_LONGEST_LABEL = 220
_NAME = re.compile(
    r"^(?P<name>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s[А-ЯЁ][а-яё]+(?:вич|вна|ична|ьич|кызы|оглы)"
    r"|[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?)"
)
_NAME_LAST = re.compile(_NAME.pattern.lstrip("^") + "$")
_LABELLED = re.compile(r"Ф\. И\. О\.: (?P<name>.+?)(?:; должность: (?P<position>.+))?|Должность: (?P<only>.+)")
_SECOND = re.compile(r"[;.]\s*2[.)]\s")
_PROGRAMME = re.compile(
    r"[;\n]\s{0,9}(?=(?:\d+[.)]\s*)?(?:государственн|муниципальн|областн|краев|республиканск|ведомственн)\w+ программ)",
    re.IGNORECASE,
)
PEOPLE = ("curator", "head", "administrator")


def label_of(text: str) -> str | None:
    """What a cell of section 1 announces; None for a value."""
    line = mended(squash(text)).lstrip("0123456789.) ")
    if not line or len(line) > _LONGEST_LABEL:
        return None
    return next((name for name, pattern in _LABELS if pattern.match(line)), None)


def looks_general(rows: list[Row]) -> bool:
    """Whether a table without a header is section 1, told by its labels."""
    labels = {label_of(row.cells[0]) for row in rows if row.cells} | {
        label_of(cell) for row in rows for cell in row.cells[1:] if len(squash(cell)) < 60
    }
    return len(labels & {"short_title", "curator", "head", "administrator", "programmes", "term", "start", "end"}) >= 3


def read_general(sheet: Sheet, draft: Draft) -> None:
    for label, value in _pairs(sheet.rows):
        _take(label, value, draft)


def _pairs(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Labels with what stands right of them; a row without a label of its own goes on with the value before."""
    label = ""
    parts: list[str] = []
    for row in rows:
        for column in row.filled:
            text = row.cells[column]
            found = label_of(text) if column == 0 or len(squash(text)) < 90 or "срок" in text.casefold()[:6] else None
            is_value = column > 0 and parts == [] and label not in {"", "other"} and found != "term"
            is_value = is_value or (found in PEOPLE and _is_post(row, column, label))
            if found and not is_value:
                if label:
                    yield label, "\n".join(parts)
                # «Срок начала 1 октября 2018 г. – 31 декабря 2024 г. и окончания»: the value is inside its label.
                label, parts = found, ([text] if found == "term" and any(values.dates(text)) else [])
            else:
                parts.append(text)
    if label:
        yield label, "\n".join(parts)


def _is_post(row: Row, column: int, label: str) -> bool:
    """Whether «руководитель аппарата» ends the row of a person: a post in a column of its own and not a label."""
    last = 0 < column == row.filled[-1] and label in PEOPLE
    return last and not _BARE_LABEL.fullmatch(squash(row.cells[column]))


def _take(label: str, value: str, draft: Draft) -> None:
    line = squash(value)
    if label == "term" or (label in {"start", "end"} and len(list(values.dates(line))) > 1):
        _term(line, draft)
    elif label in {"start", "end"}:
        draft.front[label] = values.date(line)
        if draft.front[label] is None:
            draft.keep_raw(label, None, label, line)
    elif label in PEOPLE:
        if line and label not in draft.front:
            draft.front[label] = person(value, label, draft)
    elif label == "programmes":
        draft.front["programmes"] = programmes(value)
    elif label == "short_title":
        draft.front["short_title"] = unquoted(line) or None
    elif label in {"title", "title_regional"} and line:
        # In a municipal passport the regional project is the parent; which one this is is known at the end.
        draft.front.setdefault("full_title" if label == "title" else "regional_title", unquoted(line))
    elif label == "territory":
        draft.front["said_territory"] = line
    elif label == "parent_unknown":
        draft.front["parent_title"] = unquoted(line) or None
    elif label.startswith("parent") and line:
        level = label.removeprefix("parent_")
        if draft.front.get("parent_level") != "federal":
            draft.front.update(parent_level=level, parent_title=unquoted(line))


def _term(line: str, draft: Draft) -> None:
    found = list(values.dates(line))
    if len(found) == 1 and line.casefold().startswith(("до ", "по ")):
        found.insert(0, ("", None))
    for name, (raw, day) in zip(("start", "end"), found[:2], strict=False):
        if day is None:
            draft.keep_raw("start" if name == "start" else "end", None, name, raw)
        draft.front[name] = day
    if not found:
        years = re.findall(r"(?:19|20|21)\d\d", line)
        if len(years) >= 2:
            # A term given in whole years runs from the first day of the first to the last day of the last.
            draft.front["start"], draft.front["end"] = dt.date(int(years[0]), 1, 1), dt.date(int(years[-1]), 12, 31)
        draft.keep_raw("start", None, "start", "" if years else line)


def person(value: str, section: str, draft: Draft) -> Person:
    """«Фамилия Имя Отчество, должность» in either order, parted by a comma, a dash or a line."""
    line = squash(value)
    if values.is_dash(line):
        draft.keep_raw(section, None, "name", line)
        return Person()
    labelled = _LABELLED.fullmatch(line)
    if labelled:
        return Person(name=labelled["name"], position=labelled["position"] or labelled["only"])
    plain = mended(line)
    found = _NAME.match(plain)
    if found:
        return Person(name=line[: found.end("name")], position=line[found.end() :].strip(" ,;–—-\n") or None)
    last = _NAME_LAST.search(plain)
    if last:
        return Person(name=line[last.start() :], position=line[: last.start()].strip(" ,;–—-") or None)
    name, comma, position = line.partition(",")
    # Full names of other shapes still stand before the first comma; a post without a person has no name.
    if comma and name and len(name.split()) <= 4 and all(word[:1].isupper() for word in name.split()):
        return Person(name=name.strip(), position=position.strip() or None)
    if 2 <= len(line.split()) <= 4 and all(word[:1].isupper() for word in line.split()):
        return Person(name=line)
    return Person(position=line)


def programmes(value: str) -> tuple[str, ...]:
    """State programmes: one for each line where every line is numbered, else for each that is named as such."""
    numbered = [re.match(rf"{index}\. (?=\S)", line) for index, line in enumerate(map(squash, value.split("\n")), 1)]
    if all(numbered) and (len(numbered) > 1 or not _SECOND.search(value)):
        return tuple(found.string[found.end() :] for found in numbered if found)
    starts = [0, *(found.end() for found in _PROGRAMME.finditer(mended(value))), len(value)]
    found = (squash(value[start:end]).strip(" ;") for start, end in pairwise(starts))
    return tuple(re.sub(r"^\d{1,2}(?:[.)]\s*|\s+)", "", part) for part in found if part and not values.is_dash(part))


def unquoted(text: str) -> str:
    """A title without the quotes around it; quotes inside it stay."""
    text = squash(text).strip(" .,;")
    pairs = (("«", "»"), ('"', '"'), ("“", "”"), ("„", "“"))
    for first, last in pairs:
        if len(text) > 1 and text.startswith(first) and text.endswith(last):
            inner = text[1:-1]
            if inner.count(first) == inner.count(last) or first == last:
                return inner.strip()
            if inner.count(first) > inner.count(last):
                return inner.strip() + last
    return text
