"""Latin letters in Russian words: whoever typed them, the passport is read, and its words stay as they were typed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from projects.passport import check, read
from projects.passport.lookalikes import cyrillic, mended
from tests.projects.passport import northern
from tests.projects.passport.word import Block, text_dump

LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")


def typed(text: str, share: float) -> str:
    """A text some of whose letters were typed on a Latin keyboard."""
    chance = random.Random(7)
    return "".join(letter.translate(LATIN) if chance.random() < share else letter for letter in text)


def russian(value: Any) -> Any:
    """A document with every letter that can be Cyrillic made so."""
    if isinstance(value, dict):
        # Levels of control are keys; those of the form are looked at as Cyrillic on both sides.
        return {cyrillic(key): russian(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [russian(inner) for inner in value]
    return cyrillic(value) if isinstance(value, str) else value


@pytest.mark.parametrize("share", [0.1, 0.5, 1])
@pytest.mark.parametrize("made", [northern.regional, northern.municipal])
def test_a_passport_typed_with_latin_letters_reads_the_same(made: Callable[[], list[Block]], share: float) -> None:
    dump = text_dump(made())
    passport = read(typed(dump, share).encode())
    expected, got = (read(dump.encode()).model_dump(mode="json"), passport.model_dump(mode="json"))
    assert russian(got) == russian(expected)
    assert check(passport) == []


def test_words_stay_as_they_were_typed() -> None:
    dump = text_dump(northern.regional()).replace("Проведение торгов", "Пpоведение торгoв")
    assert "Пpоведение торгoв" in {row.name for row in read(dump.encode()).plan}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Cрок дoстижения", "Срок достижения"),
        ("c 1 июня", "с 1 июня"),
        ("IT-куб и COVID в КОГОАУ", "IT-куб и COVID в КОГОАУ"),
        ("THE END", "THE END"),
        ("XX", "XX"),
    ],
)
def test_only_russian_words_are_mended(text: str, plain: str) -> None:
    assert mended(text) == plain
