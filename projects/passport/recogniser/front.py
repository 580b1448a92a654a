"""What stands above section 1: the stamp of approval and the title with its level."""

from __future__ import annotations

import re

from projects.passport import values
from projects.passport.intermediate import squash
from projects.passport.lookalikes import mended
from projects.passport.recogniser.draft import Draft
from projects.passport.recogniser.general import unquoted
from projects.passport.schema import Amendment, Approval, Level

_APPROVED = re.compile(
    r"^[«\"]?(утвержд[её]н[оы]?|утверждаю|одобрен[оы]?|согласован[оы]?)[»\"]?[:.]?\s*", re.IGNORECASE
)
_TITLE = re.compile(r"^п\s?а\s?с\s?п\s?о\s?р\s?т\b", re.IGNORECASE)
_LEVEL = re.compile(r"(?P<level>региональн|муниципальн|федеральн|национальн)\w+\s+проекта?", re.IGNORECASE)
_LEVELS: dict[str, Level] = {"региональн": "regional", "муниципальн": "municipal", "федеральн": "federal"}
_PROTOCOL = re.compile(r"протокол|^\(с\s+изм", re.IGNORECASE)
_CHANGES = re.compile(r"(с\s+изм|в\s+ред|изменени|внесен)", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:от\s)?(?P<date>\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|«?\d{1,2}»?\s[а-яё]+\s\d{4})|№\s?(?P<number>[\w/.-]*\w)"
)
_DATE_LINE = re.compile(
    r"^[«\"_\s\d.»]*(?:[а-яё]{3,9})?[_\s]*\d{4}\s?(г\.?|года)?$|^[«»\"_\s]+\d{0,4}\s?г?\.?$", re.IGNORECASE
)
_MEETING = re.compile(
    r"протокол\w*\s+(?:заседания\s+|решения\s+)?(?P<body>[а-яё](?!т\s).{5,200}?)\s+(?:от\s|№|\()", re.IGNORECASE
)
_YEAR_AT_END = re.compile(r"(?:\d{4})?\s?(?:г\.?|года)?$", re.IGNORECASE)
_LONGEST_DATE = 80
_ANNEX = re.compile(r"^приложени", re.IGNORECASE)


def read_front(paragraphs: list[str], draft: Draft) -> None:
    """Read the words above the first section: approval first, the title from the word «паспорт» on."""
    at = next((index for index, text in enumerate(paragraphs) if _TITLE.match(mended(squash(text)))), None)
    if at is None:
        at = next((index for index, text in enumerate(paragraphs) if _LEVEL.search(mended(text))), len(paragraphs))
    stamp = [text for text in paragraphs[:at] if not _ANNEX.match(squash(text))]
    _title(paragraphs[at:], draft)
    draft.front["approval"] = approval(stamp)


def _title(paragraphs: list[str], draft: Draft) -> None:
    words = squash(" ".join(paragraphs))
    # Look-alike letters keep their places, so what is found among them is cut from the words as written.
    head = _TITLE.match(mended(words))
    words = words[head.end() if head else 0 :].strip()
    found = _LEVEL.search(mended(words))
    if found:
        draft.front["level"] = _LEVELS.get(found["level"].casefold())
        words = words[found.end() :]
    words = words.strip(" :–—-")
    if "«" in words and "»" in words:
        quoted = words[words.index("«") : words.rindex("»") + 1]
        draft.front["title"] = unquoted(quoted)
        draft.front["title_tail"] = words[words.rindex("»") + 1 :].strip()
    elif words.count('"') >= 2:
        draft.front["title"] = words[words.index('"') + 1 : words.rindex('"')].strip()
        draft.front["title_tail"] = words[words.rindex('"') + 1 :].strip()
    elif words and len(words) < 400:
        inner, _, tail = words.partition("(")
        draft.front["title"] = inner.strip(" .,") or None
        draft.front["title_tail"] = f"({tail}" if tail else ""


def approval(stamp: list[str]) -> Approval:
    """Who approved a passport and under which protocols, from the lines of its stamp."""
    body: list[str] = []
    above: list[str] = []
    reference: list[str] = []
    signed = False
    for text in (squash(line) for words in stamp for line in words.split("\n")):
        found = _APPROVED.match(mended(text))
        if found:
            if signed and found[1].casefold().startswith(("утвержден", "утверждён")):
                # A person approved it, and then a body did.
                above, body, signed = body, [], False
            signed = signed or "утверждаю" in found[1].casefold()
            text = text[found.end() :]
        before, mark, _ = text.partition("(") if _PROTOCOL.search(mended(text)) and "(" in text else (text, "", "")
        if reference or _PROTOCOL.search(mended(text)):
            if mark and before.strip() and not _PROTOCOL.search(mended(before)):
                body.append(before.strip())
            elif not mark and not reference:
                at = _PROTOCOL.search(mended(text))
                if at and at.start() > 0:
                    body.append(text[: at.start()].strip(" (,"))
            reference.append(text[len(before) :] if mark else text)
        elif text and not (len(text) < _LONGEST_DATE and _DATE_LINE.match(text)):
            body.append(_without_blank_date(text))
    said = squash(" ".join(reference))
    number, day, amendments = _references(said)
    meeting = _MEETING.search(said)
    if not any(body) and meeting:
        body = [meeting["body"]]
    words = " ".join(part for part in body if part) or None
    personal = signed and bool(words)
    return Approval(
        body=None if personal else words,
        approver=words if personal else " ".join(filter(None, above)) or None,
        protocol_number=number,
        protocol_date=values.date(day) if day else None,
        amendments=amendments,
    )


def _without_blank_date(text: str) -> str:
    """The words before a date that somebody was to fill in by hand («___» ______ 2019 г.)."""
    found = _YEAR_AT_END.search(text)
    line = text[: found.start()] if found else text
    words = line.rstrip(',_«»" ')
    return words if "_" in line[len(words) :] else text


def _references(text: str) -> tuple[str | None, str | None, tuple[Amendment, ...]]:
    """Number and date of the protocol, then those of each amendment, in whichever order a pair is written."""
    cut = _CHANGES.search(mended(text))
    first = text[: cut.start()] if cut else text
    later = text[cut.start() :] if cut else ""
    pairs = _pairs(first)
    number, day = pairs[0] if pairs else (None, None)
    amendments = tuple(
        Amendment(protocol_number=said, protocol_date=values.date(when) if when else None)
        for said, when in pairs[1:] + [pair for part in later.split(";") for pair in _pairs(part)]
    )
    return number, day, amendments


def _pairs(text: str) -> list[tuple[str | None, str | None]]:
    pairs: list[tuple[str | None, str | None]] = []
    number: str | None = None
    day: str | None = None
    line = squash(text)
    for found in _REFERENCE.finditer(mended(line)):
        if (found["number"] and number) or (found["date"] and day):
            pairs.append((number, day))
            number = day = None
        number = line[found.start("number") : found.end("number")] if found["number"] else number
        day = found["date"] or day
    if number or day:
        pairs.append((number, day))
    return pairs
