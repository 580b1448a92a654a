"""The same snapshot gives the same bytes: in another process, with another hash seed, in another time zone."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from hashlib import sha256

import pytest

from reports.documents.dataset import Dataset, render_dataset
from reports.documents.passport import render
from reports.documents.report import Report, render_report
from tests.reports.documents.sample import sample_passport

DATASET = {
    "title": "Ход работ",
    "lines": ["По состоянию на 21.11.2026"],
    "columns": [{"title": "Школа"}, {"title": "Факт", "kind": "percent"}, {"title": "Срок", "kind": "date"}],
    "rows": [["Школа № 1", "62.75", "2026-11-01"], ["=1+1", None, None]],
}
REPORT = {
    "title": "Ход работ за 2026 год",
    "parts": [
        {"title": "Участники", "items": ["Школа № 1"]},
        {"title": "Таблица", "table": DATASET, "sheet": "Данные", "notes": ["=1+1"]},
    ],
}
PROGRAM = """
from tests.reports.documents.test_same_bytes import hashes
print(*hashes())
"""


def hashes() -> list[str]:
    """Of everything that is printed, in every format."""
    printed = [render(sample_passport(), ending) for ending in ("pdf", "docx", "xlsx")]
    printed += [render_dataset(Dataset.model_validate(DATASET), ending) for ending in ("pdf", "xlsx", "csv")]
    printed += [render_report(Report.model_validate(REPORT), ending) for ending in ("pdf", "docx", "xlsx")]
    printed.append(render(sample_passport(), "pdf", check_at="https://portal.example.org/d/abc/"))
    return [sha256(content).hexdigest() for content in printed]


@pytest.fixture(scope="module")
def here() -> list[str]:
    return hashes()


def test_other_processes_print_the_same(here: list[str]) -> None:
    started = []
    for seed, zone, locale in (("1", "Asia/Kamchatka", "C"), ("2", "UTC", "C.UTF-8"), ("3", "Pacific/Apia", "POSIX")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", PROGRAM]
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
    printed = [process.communicate(timeout=120)[0].split() for process in started]
    assert printed == [here, here, here]


def test_one_changed_figure_changes_every_document(here: list[str]) -> None:
    changed = sample_passport(end=dt.date(2028, 12, 30))
    assert {sha256(render(changed, ending)).hexdigest() for ending in ("pdf", "docx", "xlsx")}.isdisjoint(here)


def test_nothing_in_a_document_tells_when_it_was_made() -> None:
    year = str(dt.datetime.now(tz=dt.UTC).year).encode()
    pdf = render(sample_passport(start=None, end=None, approval={}), "pdf")
    assert b"/CreationDate" not in pdf
    assert b"/ModDate" not in pdf
    assert b"D:" + year not in pdf
