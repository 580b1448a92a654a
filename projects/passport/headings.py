"""Headings of the official form, told by their words and not by their numbers or their places."""

from __future__ import annotations

import re

from projects.passport.intermediate import squash
from projects.passport.lookalikes import mended

_NUMBERING = re.compile(
    r"^(раздел\s+)?(?:[ivx]+|\d{1,2}(?:\.\d{1,2})?)\s?[.)]?\s+|^(раздел\s+[ivx\d]+\.?\s*)", re.IGNORECASE
)

_HEADINGS: tuple[tuple[str, str], ...] = (
    ("general", r"(основные|общие) положения"),
    (
        "breakdown",
        r"(целевые |значения |плановые )*показател\w* .*(в разрезе|по (муниципальным|организаци|территори|районам))",
    ),
    (
        "breakdown",
        r".*\bв разрезе (муниципальн|образовательн|общеобразовательн|организаци|учрежден|территори|район|школ|город)",
    ),
    ("methodology", r"методик[аи] (расч[её]та|определения|измерения)"),
    ("methodology", r"методик[аи]$"),
    (
        "indicators",
        r"(цел[ьи] и |целевые |перечень )?(целев\w+ )?показател[ьи]( и цел\w+)?( \w+){0,3}( проекта| программы)?$",
    ),
    ("indicators", r"цел[ьи](,| и) .{0,30}показател"),
    ("results", r"(задачи?,? (и|,) )?результаты?( \w+){0,3}( проекта| программы)?$"),
    ("results", r"задачи(,| и) .{0,30}результат"),
    ("finance", r"(план\w* )?(финансовое обеспечение|финансирование|бюджет проекта|объ[её]мы? финансов)"),
    ("participants", r"участники"),
    ("participants", r"состав (участников|команды)"),
    ("additional", r"дополнительн(ая|ые) (информация|сведения)"),
    ("plan", r"(план|перечень) (мероприятий|реализации)"),
    ("plan", r"мероприятия (по реализации|проекта)"),
    ("notes", r"примечани[ея]$"),
    ("other", r"дополнительные (и )?обосновывающие"),
    ("other", r"модель функционирования"),
    ("other", r"пояснительная записка"),
    ("other", r"реестр|риски|содержание"),
)
_COMPILED = tuple((section, re.compile(pattern, re.IGNORECASE)) for section, pattern in _HEADINGS)
_ANNEX = re.compile(r"^приложени[ея]\b.{0,12}$|^приложени[ея] (№ ?)?\d+\b", re.IGNORECASE)
_MAX_LENGTH = 220


def section_of(text: str) -> str | None:
    """The section that a heading opens: a key of the form, «general», «other» or «annex»; None for other words."""
    text = mended(squash(text)).strip('«»"* ')
    if not text or len(text) > _MAX_LENGTH:
        return None
    if _ANNEX.match(text):
        return "annex"
    words = _NUMBERING.sub("", text)
    numbered = words != text
    for section, pattern in _COMPILED:
        found = pattern.match(words)
        # A sentence that begins like a heading goes on; a heading stops, or says of which project it is.
        if found and (numbered or _reads_as_heading(words, found.end())):
            return section
    return None


def _reads_as_heading(words: str, end: int) -> bool:
    rest = words[end:]
    return len(words) < 160 and not re.search(r"[.;:]\s+\S|[;:]$", rest) and (words[:1].isupper() or words.isupper())
