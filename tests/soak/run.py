"""Spoil files at random and read them, thousands of times: ``make soak`` (``python -m tests.soak --help``).

Every file is made of a seed and its index, so a failure can be made again; the files that failed are kept.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.measured import MEGABYTES, SECONDS, Outcome, outcomes
from tests.hostile.sentences import is_clear
from tests.soak.originals import Original
from tests.soak.spoiling import spoiled

_BATCH = 50
_OF_REAL_FILES = 0.25


@dataclass
class Tally:
    """What came of the files so far."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def summary(self) -> dict[str, Any]:
        return {
            "files": self.read.total() + self.refused.total() + len(self.failures),
            "read": dict(self.read),
            "refused": dict(self.refused),
            "findings": self.findings,
            "failures": self.failures[:20],
            "failed": len(self.failures),
            "median_s": round(statistics.median(self.seconds), 3) if self.seconds else None,
            "slowest_s": round(max(self.seconds), 2) if self.seconds else None,
            "most_mb": round(self.megabytes),
        }


def complaint(outcome: Outcome) -> str | None:
    """What is wrong with an outcome of a spoiled file, None where it is read or refused as it should be."""
    if outcome.broken:
        return outcome.broken
    if outcome.refused is not None and not is_clear(outcome.refused):
        return f"not a clear sentence: {outcome.refused}"
    if outcome.seconds > SECONDS or outcome.megabytes > MEGABYTES:
        return f"{outcome.seconds:.1f} s, {outcome.megabytes:.0f} MB"
    return f"left behind {outcome.left}" if outcome.left else None


def made(sources: Sequence[Original], seed: int, index: int) -> tuple[Original, bytes]:
    """The spoiled file of this index: from which original, and its bytes."""
    chance = random.Random(f"{seed}/{index}")
    real = [source for source in sources if source.real]
    small = [source for source in sources if not source.real]
    source = chance.choice(real if real and chance.random() < _OF_REAL_FILES else small)
    return source, spoiled(source.content, source.ending, chance)


def soak(
    sources: Sequence[Original],
    *,
    seed: int,
    count: int,
    folder: Path,
    kept: Path,
    say: Callable[[int, Tally], None] | None = None,
) -> Tally:
    """Read ``count`` spoiled files in batches below ``folder``; those that fail are copied to ``kept``."""
    tally = Tally()
    workplace = folder / "workplace"
    workplace.mkdir()
    for start in range(0, count, _BATCH):
        batch = [(index, *made(sources, seed, index)) for index in range(start, min(start + _BATCH, count))]
        paths = [folder / f"{index}.{source.ending}" for index, source, _ in batch]
        for path, (_, _, content) in zip(paths, batch, strict=True):
            path.write_bytes(content)
        for path, (_, source, _), outcome in zip(paths, batch, outcomes(paths, workplace, brief=True), strict=True):
            _count(tally, path, source, outcome, kept)
            path.unlink()
        tally.failures += [f"left behind {path.name}" for path in _emptied(workplace)]
        if say is not None:
            say(start + len(batch), tally)
    workplace.rmdir()
    return tally


def _count(tally: Tally, path: Path, source: Original, outcome: Outcome, kept: Path) -> None:
    wrong = complaint(outcome)
    tally.seconds.append(outcome.seconds)
    tally.megabytes = max(tally.megabytes, outcome.megabytes)
    tally.findings += outcome.findings
    if wrong:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / path.name).write_bytes(path.read_bytes())
        tally.failures.append(f"{path.name} ({source.name}): {wrong}")
    elif outcome.refused is not None:
        tally.refused[source.ending] += 1
    else:
        tally.read[source.ending] += 1


def _emptied(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        path.unlink()
