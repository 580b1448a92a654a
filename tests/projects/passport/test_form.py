"""The form passport/1: published as it is, strict about what it takes, unchanged by a way there and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from projects.passport import Passport, UnreadableFile, read
from projects.passport.schema import json_schema
from tests.projects.passport import northern
from tests.projects.passport.word import word_file

ROOT = Path(__file__).resolve().parents[3]


def test_the_published_schema_is_current() -> None:
    written = (ROOT / "docs" / "passport-1.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("blocks", [northern.regional(), northern.municipal()])
def test_a_passport_and_its_data_are_the_same(blocks: list[object]) -> None:
    passport = read(word_file(blocks))  # type: ignore[arg-type]
    assert read(passport.model_dump_json().encode()) == passport


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": [{"number": "1.1.1", "kind": "result"}]},
        {"finance": [{"name": "федеральный бюджет", "source": "regional"}]},
        {"results": [{"number": "1", "task": 0}]},
        {"indicators": [{"targets": {"2019": 5}}]},
        {"indicators": [{"targets": {"2019": "1e5"}}]},
        {"indicators": [{"targets": {"later": "5"}}]},
        {"title": ""},
        {"format": "passport/2"},
    ],
)
def test_data_that_contradicts_the_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UnreadableFile, match="passport/1"):
        read(json.dumps({"format": "passport/1", **wrong}).encode())


def test_numbers_lose_their_padding_and_nothing_else() -> None:
    passport = Passport.model_validate({"indicators": [{"targets": {"2019": "5.00", "2020": "-0.10", "2021": "1000"}}]})
    assert json.loads(passport.model_dump_json())["indicators"][0]["targets"] == {
        "2019": "5",
        "2020": "-0.1",
        "2021": "1000",
    }


def test_the_kernel_needs_no_django() -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from projects.passport import Finding, Passport, UnreadableFile, check, read\n"
        "print(len(check(Passport())))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0
