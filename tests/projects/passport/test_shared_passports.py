"""The real passports, where they are at hand: nearly every cell is found, and so are their contradictions."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from projects.passport import check, read

SHARED = Path(__file__).resolve().parents[4] / "shared" / "passports"
if not SHARED.is_dir():
    pytest.skip("the real passports are not beside the project", allow_module_level=True)

FILES = ["kirov.docx", "kirov.txt", "sayansk.docx", "sayansk.txt"]


@pytest.fixture(scope="module")
def score() -> Callable[[Any, Any], dict[str, tuple[float, str]]]:
    spec = importlib.util.spec_from_file_location("compare", SHARED / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Any, Any], dict[str, tuple[float, str]]] = module.score
    return found


@pytest.mark.parametrize("name", FILES)
def test_nearly_every_cell_is_found(name: str, score: Callable[[Any, Any], dict[str, tuple[float, str]]]) -> None:
    got = read(SHARED / name).model_dump(mode="json")
    expected = json.loads((SHARED / "expected" / f"{name.split('.')[0]}.json").read_text())
    least = min(value for value, _ in score(got, expected).values())
    assert least >= 0.99


@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_word_file_and_its_dump_give_the_same_findings(name: str) -> None:
    word, dump = (read(SHARED / f"{name}.{ending}") for ending in ("docx", "txt"))
    assert check(word) == check(dump)


def test_the_only_finding_of_the_first_is_its_gap() -> None:
    assert [(found.code, found.number) for found in check(read(SHARED / "kirov.docx"))] == [("number.gap", "5.2.2")]


def test_the_second_contradicts_itself() -> None:
    findings = check(read(SHARED / "sayansk.docx"))
    codes = {(found.code, found.section) for found in findings}
    assert {
        ("section.missing", "finance"),
        ("number.missing", "plan"),
        ("number.missing", "participants"),
        ("number.duplicate", "participants"),
        ("indicator.breakdown_contradicts", "breakdown"),
        ("value.missing", "indicators"),
        ("plan.no_responsible", "plan"),
        ("plan.no_document", "plan"),
        ("plan.no_control_level", "plan"),
        ("plan.control_level_unknown", "plan"),
        ("plan.result_unknown", "plan"),
        ("plan.result_missing", "results"),
        ("indicator.no_methodology", "methodology"),
    } <= codes
    # Two results name the region that the town lies in: that is nobody else's name.
    assert "territory.foreign" not in {code for code, _ in codes}
    wrong = [found for found in findings if found.code == "indicator.breakdown_contradicts"]
    assert {found.number for found in wrong} == {"1", "2", "4"}
    assert wrong[0].raw == "20"
