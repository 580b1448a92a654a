"""The command reads, checks and prints a passport without a database, and says in one sentence what it cannot do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.passport import read
from tests.projects.passport import northern
from tests.projects.passport.word import word_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "паспорт.docx"
    file.write_bytes(word_file(northern.regional()))
    return file


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a person starts it, with an address of a database at which nobody answers."""
    return subprocess.run(
        [sys.executable, "manage.py", "passport", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        encoding="utf-8",
        check=False,
    )


def test_reading_prints_the_form_and_nothing_else(paper: Path) -> None:
    done = run("read", str(paper))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == read(paper).model_dump(mode="json")


def test_checking_prints_a_list(paper: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    call_command("passport", "check", str(paper))
    assert json.loads(capsysbinary.readouterr().out) == []


def test_what_cannot_be_read_is_one_sentence_and_code_2(tmp_path: Path) -> None:
    wrong = tmp_path / "письмо.docx"
    wrong.write_bytes(b"%PDF-1.7 ")
    done = run("read", str(wrong))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Файл PDF")
    assert done.stderr.count("\n") == 1


def test_printing_follows_the_ending(paper: Path, tmp_path: Path) -> None:
    data = tmp_path / "паспорт.json"
    call_command("passport", "render", str(paper), "--output", str(data))
    assert read(data) == read(paper)
    for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")):
        printed = tmp_path / f"паспорт.{ending}"
        call_command("passport", "render", str(paper), "--output", str(printed))
        assert printed.read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["паспорт.odt", "паспорт", "нет/такой/папки.json"])
def test_an_ending_or_a_folder_that_cannot_be(
    paper: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("passport", "render", str(paper), "--output", str(tmp_path / "новая" / name))
    assert stopped.value.code == 2
    assert capsys.readouterr().err.strip().endswith(".")
