"""A text dump with one cell a line: empty cells kept as blank lines or left out, lines close together or apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from projects.passport import check, read
from projects.passport.readers.stacked import unstack
from tests.projects.passport import northern
from tests.projects.passport.word import Block, Span, text_dump

MADE = [northern.regional, northern.municipal]


def stacked(blocks: list[Block], *, empty: bool, spread: bool) -> str:
    """Every cell on its own line; ``empty`` keeps empty ones, ``spread`` those covered by a wide cell too."""
    return "\n".join(line for block in blocks for line in _lines(block, empty=empty, spread=spread))


def _lines(block: Block, *, empty: bool, spread: bool) -> Iterator[str]:
    if isinstance(block, str):
        yield from [*block.split("\n"), ""]
        return
    for row in block:
        for cell in row:
            span = cell if isinstance(cell, Span) else Span(cell)
            if span.text or empty:
                yield span.text.replace("\n", " ")
            yield from [""] * (span.across - 1 if spread else 0)
    yield ""


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("spread", [False, True])
@pytest.mark.parametrize("made", MADE)
def test_cells_below_one_another_read_as_rows(made: Callable[[], list[Block]], spread: bool, apart: bool) -> None:
    dump = stacked(made(), empty=True, spread=spread)
    passport = read((dump.replace("\n", "\n\n") if apart and not spread else dump).encode())
    expected = read(text_dump(made()).encode())
    assert passport.model_copy(update={"methodology": ()}) == expected.model_copy(update={"methodology": ()})
    assert [row.formula for row in passport.methodology] == [row.formula for row in expected.methodology]
    assert check(passport) == []


@pytest.mark.parametrize("made", MADE)
def test_rows_are_found_where_empty_cells_are_left_out(made: Callable[[], list[Block]]) -> None:
    passport = read(stacked(made(), empty=False, spread=False).encode())
    assert check(passport) == []
    expected = read(text_dump(made()).encode())
    for section in ("indicators", "results", "finance", "participants", "plan", "breakdown"):
        assert getattr(passport, section) == getattr(expected, section)


def test_a_text_without_tables_stays_as_it_is() -> None:
    lines = ["№ 7", "Паспорт проекта", "", "Просто слова", "31.12.2020"]
    assert [line for line in unstack(lines) if line] == [line for line in lines if line]
