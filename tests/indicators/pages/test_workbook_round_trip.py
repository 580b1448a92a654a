"""What is typed into a workbook is what is read from it; what no person typed is refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from indicators.answers import Given, NotAnAnswer, read_answer, read_explanation
from indicators.models import Question, ReportingPeriod, Submission
from indicators.selectors.forms import form_of
from indicators.selectors.municipality_forms import municipalities_of, municipality_forms
from indicators.workbooks.form_book import form_book
from indicators.workbooks.look import NOT_OURS
from indicators.workbooks.municipality_book import municipality_book
from indicators.workbooks.reading import Spot, explained, read_form_book, read_municipality_book, typed
from jobs.files.errors import UnreadableFile
from tests.conftest import Cast
from tests.indicators.filled_workbooks import filled, filled_row

# The database is read before the first example; nothing is written.
many = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
whole = st.integers(0, 10**15 - 1)
exact = st.decimals(0, 10**6, places=6, allow_nan=False) | st.just(NOT_OURS)
words = st.text(st.characters(categories=("L", "Nd", "P", "Zs"), codec="utf-8"), max_size=60).filter(
    lambda text: text.strip() and not text.startswith("=")
)
answers = st.fixed_dictionaries(
    {}, optional={"pupils": whole, "camera": st.sampled_from(["да", "нет"]), "distance": exact}
)


def expected(value: Any) -> Given:
    if value == NOT_OURS:
        return Given(not_applicable=True)
    return Given(Decimal(value == "да") if isinstance(value, str) else Decimal(value))


def questions_of(form: Submission) -> dict[str, Question]:
    return {line.code: line.question for line in form_of(form).lines}


@many
@given(values=answers, reasons=st.dictionaries(st.sampled_from(["pupils", "safe"]), words))
def test_every_answer_comes_back_as_it_was_typed(
    form: Submission, values: Mapping[str, Any], reasons: Mapping[str, str]
) -> None:
    questions = questions_of(form)
    book = read_form_book(filled(form_book(form_of(form)), values, reasons))

    assert book.mark.form == form.pk
    assert {code: answer_in(spot, questions[code]) for code, spot in book.answers.items()} == {
        code: expected(value) for code, value in values.items()
    }
    assert {code: read_explanation(explained(spot)) for code, spot in book.explanations.items()} == {
        code: read_explanation(text) for code, text in reasons.items()
    }


@many
@given(rows=st.dictionaries(st.sampled_from([f"Школа № {n} города Ясногорска" for n in (1, 2, 3)]), answers))
def test_every_school_keeps_its_own_answers(
    period: ReportingPeriod, cast: Cast, rows: Mapping[str, Mapping[str, Any]]
) -> None:
    [place] = municipalities_of(period, cast.coordinator)
    forms = municipality_forms(period, place, cast.coordinator)
    questions = {question.code: question for question in forms.questions}
    content = municipality_book(forms)
    for name, values in rows.items():
        content = filled_row(content, name, values)

    names = {school.form.pk: school.name for school in forms.forms}
    read = {
        names[row.mark.form]: {code: answer_in(spot, questions[code]) for code, spot in row.answers.items()}
        for row in read_municipality_book(content).forms
    }
    assert read == {
        name: {code: expected(value) for code, value in rows.get(name, {}).items()} for name in names.values()
    }


@many
@given(value=st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times()))
def test_whatever_is_typed_is_an_answer_or_a_sentence(form: Submission, value: Any) -> None:
    questions = questions_of(form)
    try:
        content = filled(form_book(form_of(form)), dict.fromkeys(questions, value))
    except (ValueError, IllegalCharacterError):
        return  # a letter, a number or a day that the other program itself cannot write
    for code, spot in read_form_book(content).answers.items():
        said = sentence_of(partial(answer_in, spot, questions[code]))
        assert said is None or said.endswith(".")


def answer_in(spot: Spot, question: Question) -> Given:
    return read_answer(typed(spot, question), question)


def sentence_of(read: Callable[[], Any]) -> str | None:
    """What a reader refuses with, None where it takes what it is given; anything else is an error of the test."""
    try:
        read()
    except (NotAnAnswer, UnreadableFile) as refusal:
        return str(refusal)
    return None


def repacked(content: bytes, changes: Mapping[str, bytes | None], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with parts added, replaced, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", method) as target:
        for name in [*source.namelist(), *(name for name in changes if name not in source.namelist())]:
            part = changes.get(name, b"") if name in changes else source.read(name)
            if part is not None:
                target.writestr(name, part)
    return out.getvalue()


RELATIONS = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
 Id="x1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"
 TargetMode="External"/></Relationships>"""
TYPES = (
    b'<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled"/></Types>'
)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><worksheet>&b;</worksheet>'
HOSTILE: dict[str, dict[str, bytes | None]] = {
    "a macro": {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"},
    "a workbook with macros under another name": {"[Content_Types].xml": TYPES},
    "a link to another workbook": {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    "a picture from elsewhere": {"xl/worksheets/_rels/sheet1.xml.rels": RELATIONS % (b"image", b"http://a.example/b")},
    "a file of the machine": {"xl/worksheets/_rels/sheet1.xml.rels": RELATIONS % (b"hyperlink", b"file:///etc/passwd")},
    "an object": {"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
    "a bomb": {"xl/media/image1.png": bytes(130 * 1024 * 1024)},
    "entities": {"xl/worksheets/sheet1.xml": ENTITIES},
    "no sheets": {"xl/worksheets/sheet1.xml": None, "xl/worksheets/sheet2.xml": None},
    "no workbook": {"xl/workbook.xml": None},
    "a torn sheet": {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"},
    "a path that leads out": {"../../evil.xml": b"<a/>"},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence(kind: str, form: Submission) -> None:
    content = repacked(form_book(form_of(form)), HOSTILE[kind])
    for read in (read_form_book, read_municipality_book):
        with pytest.raises(UnreadableFile) as refusal:
            read(content)
        assert str(refusal.value).endswith(".")


def test_a_workbook_torn_anywhere_breaks_nothing(form: Submission) -> None:
    content = form_book(form_of(form))
    for place in range(0, len(content), 301):
        for torn in (content[:place], content[:place] + b"\xff" + content[place + 1 :]):
            for read in (partial(read_form_book, torn), partial(read_municipality_book, torn)):
                said = sentence_of(read)
                assert said is None or said.endswith(".")
