"""The files that are spoiled: small ones of our own, and the real passports where they are beside the project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from projects.passport import read
from reports.documents.passport import render
from tests.hostile import pdfs, workbooks
from tests.projects.passport import northern
from tests.projects.passport.word import text_dump, word_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "passports"


@dataclass(frozen=True)
class Original:
    """``real`` files are larger and slower to read: they are drawn less often."""

    name: str
    ending: str
    content: bytes
    real: bool = False


def originals(*, pdf: bool = True) -> list[Original]:
    """Files of every format the portal reads; those of PDF take some seconds to print and may be left out."""
    found: list[Original] = []
    for name, blocks in (("municipal", northern.municipal()), ("regional", northern.regional())):
        word = word_file(blocks)
        passport = read(word)
        found += [
            Original(name, "docx", word),
            Original(name, "txt", text_dump(blocks).encode()),
            Original(name, "json", json.dumps(passport.model_dump(mode="json"), ensure_ascii=False).encode()),
            Original(f"{name}, our form", "docx", render(passport, "docx")),
            Original(f"{name}, our form", "xlsx", render(passport, "xlsx")),
        ]
        if pdf:
            found.append(Original(f"{name}, our form", "pdf", render(passport, "pdf")))
    found.append(Original("regional, another workbook", "xlsx", workbooks.package(workbooks.parts())))
    if pdf:
        found.append(Original("regional", "pdf", pdfs.printed()))
    return found + _real(pdf=pdf)


def _real(*, pdf: bool) -> list[Original]:
    if not SHARED.is_dir():
        return []
    found = [
        Original(path.stem, path.suffix[1:], path.read_bytes(), real=True)
        for path in sorted(SHARED.iterdir())
        if path.suffix in {".docx", ".txt"} or (path.suffix == ".pdf" and pdf)
    ]
    for original in [one for one in found if one.ending == "docx"]:
        passport = read(original.content)
        text = json.dumps(passport.model_dump(mode="json"), ensure_ascii=False)
        found.append(Original(original.name, "json", text.encode(), real=True))
        found.append(Original(original.name, "xlsx", render(passport, "xlsx"), real=True))
    return found
