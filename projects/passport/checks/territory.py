"""Names of other regions and towns, left in from somebody else's passport that served as a template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from projects.passport.checks.words import finding_of
from projects.passport.intermediate import squash
from projects.passport.regions import belongs, regions_in
from projects.passport.schema import Finding, Passport

_TEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("indicators", ("name",)),
    ("tasks", ("name",)),
    ("results", ("name", "characteristic")),
    ("finance", ("name",)),
    ("participants", ("position", "supervisor", "group")),
    ("plan", ("name", "responsible", "document")),
    ("breakdown", ("indicator",)),
    ("methodology", ("indicator", "collector", "source", "base_indicators")),
)
_TOWN = re.compile(r"\b(?:город(?:а|е|у|ом)?|г\.) ?(?P<name>[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё][а-яё]*)*)")


@dataclass(frozen=True, slots=True)
class _Place:
    section: str
    row: int | None
    field: str
    text: str
    # What a template leaves behind stands in rows; who approved and who heads the project is known for sure.
    official: bool = False


def foreign(passport: Passport) -> Iterator[Finding]:
    """``territory.foreign``: a region that is neither the territory nor what it lies in.

    What a region lies in is the country; what a municipality lies in is the region that its officials and budgets
    name, or that its passport names most. Where only one region is named it is taken for that one: no list of all
    municipalities is asked. Free text and federal wordings quoted for reference may name any region.
    """
    home = _home(passport)
    if home is not None:
        for place in _places(passport):
            seen: set[str] = set()
            for mention in regions_in(place.text):
                if mention.name in seen or belongs(mention.name, home):
                    continue
                seen.add(mention.name)
                owner = passport.territory or home
                yield _finding(passport, place, mention.raw, f"паспорт составлен на «{owner}»")
    yield from _foreign_towns(passport)


def _finding(passport: Passport, place: _Place, raw: str, why: str) -> Finding:
    words = f"названо «{raw}», а {why}: проверьте, не осталось ли это от чужого паспорта."
    return finding_of(passport, "territory.foreign", "warning", place.section, place.row, place.field, words, raw)


def _home(passport: Passport) -> str | None:
    """The region of a passport; None where it cannot be known, and then nothing is foreign."""
    territory = squash(passport.territory or "")
    named = next(iter(regions_in(territory)), None)
    if named is not None:
        return named.name
    if not territory or passport.level == "federal":
        return None
    if passport.level == "regional":
        return territory
    places = list(_places(passport))
    for group in ([place for place in places if place.official], places):
        counts = Counter(mention.name for place in group for mention in regions_in(place.text)).most_common(2)
        if counts and (len(counts) == 1 or counts[0][1] > counts[1][1]):
            return counts[0][0]
    return None


def _places(passport: Passport) -> Iterator[_Place]:
    """Every text in which a region means the owner of the project."""
    for field in ("title", "short_title", "goal"):
        yield _Place(field, None, field, getattr(passport, field) or "")
    for text in (passport.approval.body, passport.approval.approver):
        yield _Place("approval", None, "body", text or "", official=True)
    for field in ("curator", "head", "administrator"):
        yield _Place(field, None, "position", getattr(passport, field).position or "", official=True)
    for text in passport.programmes:
        yield _Place("programmes", None, "programmes", text, official=True)
    for section, fields in _TEXTS:
        for index, row in enumerate(getattr(passport, section)):
            for field in fields:
                text = getattr(row, field)
                if text:
                    yield _Place(section, index, field, text, official=section == "finance")
    for text in passport.control_levels.values():
        yield _Place("control_levels", None, "control_levels", text)


def _foreign_towns(passport: Passport) -> Iterator[Finding]:
    """In the passport of a town, another town in the name of an indicator or a result."""
    own = _TOWN.search(f"{passport.territory or ''} ")
    if passport.level != "municipal" or own is None:
        return
    for place in _places(passport):
        if place.section not in {"title", "goal", "indicators", "results", "tasks"} or place.field == "characteristic":
            continue
        for found in _TOWN.finditer(squash(place.text)):
            if not _is_same_town(found["name"], own["name"]):
                yield _finding(passport, place, found[0], f"паспорт составлен на «{passport.territory}»")
                break


def _is_same_town(first: str, second: str) -> bool:
    """Whether two words are one name in different cases: the same but for an ending of up to three letters."""
    first, second = first.casefold().replace("ё", "е"), second.casefold().replace("ё", "е")
    common = 0
    while common < min(len(first), len(second)) and first[common] == second[common]:
        common += 1
    return common >= 2 and max(len(first), len(second)) - common <= 3
