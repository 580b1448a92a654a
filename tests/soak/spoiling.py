"""Ways to spoil a file at random; the same random numbers spoil it the same way."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

_ROWS = ("tr", "tc", "tbl", "p", "r", "t", "row", "c", "v", "si", "sheetData", "mergeCell", "gridSpan", "vMerge")
_NOISE = (
    *(
        "\t",
        "\n",
        "",
        "\n\n",
        "XX",
        "-",
        "–",
        "31.11.2020",
        "<p>",
        "№",
        "1.1",
        "1.1.1.",
        "*" * 40,
        "_" * 60,
        "¹)",
        "5 000,5",
    ),
    *("Раздел 4. Финансовое обеспечение", "из них межбюджетные трансферты", "\u202e", "\u00ad", "C", "2019", "1e999"),
    *("федеральный бюджет", "Приложение № 1", "НЕТ", "=1+1", "&#0;", "]]>", "{", '"', "\\u0000", "9" * 60, "а" * 3_000),
)
_VALUES = (
    "",
    "0",
    "-1",
    "1",
    "99999",
    "999999999999",
    "true",
    "restart",
    "continue",
    "rId1",
    "A1:XFD1048576",
    "ю",
    "1e9",
)


def spoiled(content: bytes, ending: str, chance: random.Random) -> bytes:
    """The same file with one to four things done to it."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        ways: list[Callable[[bytes, random.Random], bytes]] = [flipped, cut, moved]
        if ending in {"docx", "xlsx"}:
            ways = [flipped, cut, *[inside] * 8]
        elif ending == "txt":
            ways = [flipped, cut, moved, *[noisy] * 3, *[shuffled] * 3]
        elif ending == "json":
            ways = [flipped, cut, moved, noisy, *[other_values] * 4]
        content = chance.choice(ways)(content, chance)
    return content


def flipped(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed."""
    out = bytearray(content)
    for _ in range(min(chance.choice((1, 3, 12, 60)), len(out))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def cut(content: bytes, chance: random.Random) -> bytes:
    """The end cut off, or the beginning, or a piece between."""
    first, last = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice((content[:first], content[first:], content[:first] + content[last:]))


def moved(content: bytes, chance: random.Random) -> bytes:
    """A piece written over another one, or twice."""
    length = chance.choice((1, 20, 400, 4_000))
    source, target = (chance.randrange(len(content) + 1) for _ in range(2))
    piece = content[source : source + length]
    return content[:target] + piece + content[target + chance.choice((0, length)) :]


def noisy(content: bytes, chance: random.Random) -> bytes:
    """Pieces of text written into the text."""
    text = content.decode("utf-8", "replace")
    for _ in range(chance.choice((1, 5, 30))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_NOISE) + text[at + chance.choice((0, 0, 1, 9, 80)) :]
    return text.encode(chance.choice(("utf-8", "utf-8", "utf-8", "cp1251", "utf-16", "utf-16-be")), "replace")


def shuffled(content: bytes, chance: random.Random) -> bytes:
    """Lines and cells of a dump left out, doubled or in another order."""
    lines = content.decode("utf-8", "replace").split("\n")
    for _ in range(chance.choice((1, 4, 20))):
        first = chance.randrange(len(lines))
        last = min(len(lines), first + chance.choice((1, 3, 30)))
        how = chance.randrange(4)
        if how == 0:
            del lines[first:last]
        elif how == 1:
            lines[first:first] = lines[first:last]
        elif how == 2:
            lines[first:last] = chance.sample(lines[first:last], last - first)
        else:
            cells = lines[first].split("\t")
            lines[first] = "\t".join(chance.sample(cells, chance.randint(0, len(cells))))
        lines = lines or [""]
    return "\n".join(lines).encode()


def other_values(content: bytes, chance: random.Random) -> bytes:
    """Values of a JSON file left out, doubled or of another kind."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return noisy(content, chance)
    for _ in range(chance.choice((1, 3, 10))):
        holder = _somewhere(data, chance)
        if isinstance(holder, dict) and holder:
            key = chance.choice(list(holder))
            if chance.random() < 0.3:
                del holder[key]
            else:
                holder[chance.choice((key, key, "extra", "id"))] = chance.choice((*_NOISE, None, 7, -1.5, True, [], {}))
        elif isinstance(holder, list) and holder:
            at = chance.randrange(len(holder))
            holder[at:at] = holder[at : at + 1] * chance.choice((1, 50))
            chance.shuffle(holder)
    return json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")


def _somewhere(value: Any, chance: random.Random) -> Any:
    while chance.random() < 0.85:
        inner = list(value.values()) if isinstance(value, dict) else value
        inner = [part for part in inner if isinstance(part, (dict, list))]
        if not inner:
            break
        value = chance.choice(inner)
    return value


def inside(content: bytes, chance: random.Random) -> bytes:
    """One part of an archive spoiled and the archive packed anew; a broken archive only gets other bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - it was spoiled before, in any way there is
        return flipped(content, chance)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    main = [name for name in names if "document.xml" in name or "sheet" in name or "sharedStrings" in name]
    name = chance.choice(main if main and chance.random() < 0.8 else names or list(parts) or [""])
    if name in parts:
        ways: list[Callable[[bytes, random.Random], bytes]] = [flipped, cut, moved, noisy, *[_elements] * 6]
        part = parts.pop(name) or b" "
        if chance.random() < 0.97:
            parts[name] = chance.choice(ways)(part, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for key, part in parts.items():
            # A name alone would be stamped with the time of day, and the same seed would make another file.
            archive.writestr(zipfile.ZipInfo(key), part, zipfile.ZIP_DEFLATED, compresslevel=1)
    return stream.getvalue()


def _elements(content: bytes, chance: random.Random) -> bytes:
    """Elements of an XML part left out, doubled, shuffled, emptied; their text and attributes replaced."""
    try:
        root = etree.fromstring(content)
    except (etree.XMLSyntaxError, ValueError):
        return flipped(content, chance)
    every = [element for element in root.iter() if isinstance(element.tag, str)]
    wanted = [element for element in every if element.tag.rpartition("}")[2] in _ROWS] or every
    for _ in range(chance.choice((1, 4, 25))):
        _change(chance.choice(wanted if chance.random() < 0.8 else every), chance)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _change(element: etree._Element, chance: random.Random) -> None:
    parent = element.getparent()
    how = chance.randrange(7)
    if how == 0 and parent is not None:
        parent.remove(element)
    elif how == 1 and parent is not None:
        copy = etree.fromstring(etree.tostring(element))
        parent.insert(chance.randrange(len(parent) + 1), copy)
    elif how == 2:
        children = list(element)
        chance.shuffle(children)
        element[:] = children
    elif how == 3 and element.attrib:
        element.set(chance.choice([str(key) for key in element.attrib]), chance.choice(_VALUES))
    elif how == 4 and parent is not None and parent.getparent() is not None:
        parent.getparent().append(element)  # type: ignore[union-attr]
    elif how == 5:
        element.tag = re.sub(r"}.*", "}" + chance.choice(_ROWS), str(element.tag))
    else:
        element.text = "".join(letter for letter in chance.choice(_NOISE) if letter >= " " or letter in "\t\n")
