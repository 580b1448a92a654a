"""Whatever is not a passport, or must not be opened, ends with one clear sentence and never with a crash."""

from __future__ import annotations

import io
import json
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.files.archive import MAX_ENTRIES
from projects.passport import UnreadableFile, read
from tests.projects.passport import northern
from tests.projects.passport.word import TYPES, body, docx, package, paragraph, text_dump, word_file

PASSPORT = word_file(northern.municipal())


def refusal(content: bytes, name: str = "паспорт.docx") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, name)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200
    return sentence


def encrypted() -> bytes:
    content = bytearray(package({"[Content_Types].xml": TYPES, "word/document.xml": "<a/>"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def relation(kind: str, target: str) -> str:
    start = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return f'<Relationship Id="rId9" Type="{start}{kind}" Target="{target}" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пуст"),
        (b"   \n\t ", "ни одного раздела"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "старого формата"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "паролем"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "картинка"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 8, "не похож на текст"),
        (PASSPORT[: len(PASSPORT) // 2], "повреждён"),
        (b"PK\x03\x04" + b"\x00" * 300, "повреждён"),
        (package({"readme.txt": "x"}), "архив"),
        (package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}), "Excel"),
        (package({"[Content_Types].xml": "presentationml", "ppt/presentation.xml": "<p/>"}), "презентация"),
        (encrypted(), "паролем"),
        (docx("", main="application/vnd.ms-word.document.macroEnabled.main+xml"), "макросы"),
        (package({"[Content_Types].xml": TYPES, "word/vbaProject.bin": "x"}), "макросы"),
        (package({"[Content_Types].xml": TYPES, "word/embeddings/oleObject1.bin": "x"}), "вставленные объекты"),
        (package({"[Content_Types].xml": TYPES, "../../etc/passwd": "x"}), "повреждён"),
        (package({"[Content_Types].xml": TYPES, "/etc/passwd": "x"}), "повреждён"),
        (docx("", relations=relation("attachedTemplate", "http://a.example/t.dotm")), "вне себя"),
        (docx("", relations=relation("oleObject", "file:///etc/passwd")), "вне себя"),
        (docx("", relations=relation("hyperlink", "file:///etc/passwd")), "вне себя"),
        (docx("<w:p><w:r><w:t>"), "повреждён"),
        (b'{"format": "passport/1", "level": "lunar"}', "level"),
        (b'{"format": "passport/1", "surprise": 1}', "surprise"),
        (b"{" * 5000, "JSON"),
    ],
)
def test_one_sentence_says_what_is_wrong(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_plain_link_to_a_law_is_only_words() -> None:
    linked = docx(body(northern.municipal()), relations=relation("hyperlink", "https://pravo.example/document?id=1"))
    assert read(linked).title == "Тёплая школа"


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_entities_are_refused_and_never_expanded(declared: str) -> None:
    ordinary = docx(paragraph("слово"))
    with zipfile.ZipFile(io.BytesIO(ordinary)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    text = bytes(parts["word/document.xml"]).decode() if isinstance(parts["word/document.xml"], bytes) else ""
    for encoding in ("utf-8", "utf-16"):
        xml = text.replace("?>", f"?>{declared}", 1).replace("UTF-8", encoding.upper())
        parts["word/document.xml"] = xml.encode(encoding)
        assert "служебные объявления" in refusal(package(parts))


@pytest.mark.parametrize(
    "passport",
    [{"title": "Дороги\0"}, {"programmes": ["Дороги", "\0"]}, {"control_levels": {"К\0": "куратор"}}],
)
def test_a_text_that_the_database_cannot_keep_is_refused(passport: dict[str, object]) -> None:
    content = json.dumps({"format": "passport/1", **passport}).encode()
    assert "нулевой символ" in refusal(content, "паспорт.json")


def test_half_of_a_character_is_refused() -> None:
    assert "первая ошибка в «title»" in refusal(rb'{"format": "passport/1", "title": "\ud83d"}', "паспорт.json")


def test_too_many_entries_are_refused() -> None:
    parts: dict[str, str | bytes] = {f"word/part{index}.xml": "" for index in range(MAX_ENTRIES + 1)}
    assert "слишком много данных" in refusal(package(parts | {"[Content_Types].xml": TYPES}))


def test_a_file_that_unpacks_to_gigabytes_costs_no_memory() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(b"\x00" * 1024 * 1024)
    content = bytearray(stream.getvalue())
    tracemalloc.start()
    assert "слишком много данных" in refusal(bytes(content))
    # The size in the directory is a claim of the file: understated, the entry is cut off where the claim ends.
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    refusal(bytes(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    huge = tmp_path / "паспорт.docx"
    with huge.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="больше 30 МБ"):
        read(huge)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1024 * 1024


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UnreadableFile, match="не найден"):
        read("нет такого.docx")


def test_the_ending_of_a_name_decides_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "паспорт.pdf"
    wrong.write_bytes(PASSPORT)
    assert read(wrong) == read(PASSPORT, "passport.txt")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"{"):
        try:
            read(start + content)
        except UnreadableFile:
            continue


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_any_damage_to_a_word_file_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(PASSPORT)
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        read(bytes(content))
    except UnreadableFile:
        return


DUMP = text_dump(northern.regional())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_any_shuffle_of_a_dump_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    text = DUMP
    for _ in range(chance.randint(1, 12)):
        at, length = chance.randrange(len(text)), chance.randint(0, 60)
        piece = chance.choice(
            ["\t", "\n", "", "\n\n", "1.1", "XX", "2019", "№\t", "31.11.2020", "<p>", text[at : at + 9]]
        )
        text = text[:at] + piece + text[at + length :]
    try:
        read(text.encode())
    except UnreadableFile:
        return
