"""``python -m tests.hostile``: the corpus as a table in Markdown, with what came of every file and what it cost."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.corpus import GROUPS, write
from tests.hostile.measured import Outcome, outcomes

_NOBODY = 9


def _said(outcome: Outcome) -> str:
    return outcome.broken or outcome.refused or "read"


def main() -> None:
    for group, cases in GROUPS.items():
        sys.stdout.write(f"\n### {group}\n\n| file | what came of it | MB | s |\n|---|---|---:|---:|\n")
        with tempfile.TemporaryDirectory(prefix="vekha-hostile-") as name:
            folder = Path(name)
            (folder / "workplace").mkdir()
            found = list(cases(_NOBODY))
            paths = [folder / f"{index}.{case.ending}" for index, case in enumerate(found)]
            for case, path in zip(found, paths, strict=True):
                write(case, path)
            for case, outcome in zip(found, outcomes(paths, folder / "workplace", brief=True), strict=True):
                cost = f"{outcome.megabytes:.0f} | {outcome.seconds:.2f}"
                sys.stdout.write(f"| {case.name} | {_said(outcome)} | {cost} |\n")


if __name__ == "__main__":
    main()
