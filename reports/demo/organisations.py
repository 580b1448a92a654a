"""The 240 organisations of the region, made from its map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from organisations.models import OrganisationKind
from reports.demo.chance import between
from reports.demo.geography import KINDERGARTEN_NAMES, MUNICIPALITIES, Municipality

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


@dataclass(frozen=True)
class DemoOrganisation:
    """``size``: about how many learn there; ``rural``: outside the two towns."""

    municipality: str
    kind: str
    name: str
    short_name: str
    inn: str
    oktmo: str
    size: int
    rural: bool
    lag: float


@cache
def organisations() -> tuple[DemoOrganisation, ...]:
    """All of them, municipality by municipality: schools, kindergartens, colleges, centres."""
    return tuple(organisation for place in MUNICIPALITIES for organisation in _of(place))


def inn_of(nine: str) -> str:
    """The ИНН of a legal person whose first nine digits are these: the tenth is a check digit (Приказ ФНС, weights)."""
    control = sum(int(digit) * weight for digit, weight in zip(nine, _INN_WEIGHTS, strict=True)) % 11 % 10
    return f"{nine}{control}"


def _of(place: Municipality) -> Iterator[DemoOrganisation]:
    code = 9801 + MUNICIPALITIES.index(place)
    for number, (kind, name, short_name, low, high) in enumerate(_rows(place), start=1):
        yield DemoOrganisation(
            municipality=place.key,
            kind=kind,
            name=name,
            short_name=short_name,
            inn=inn_of(f"{code}{(number * 137 + code * 11) % 100000:05d}"),
            oktmo=place.oktmo,
            size=round(between(low, high, "size", short_name)),
            rural=not place.is_town,
            lag=place.lag,
        )


_Row = tuple[str, str, str, int, int]


def _rows(place: Municipality) -> Iterator[_Row]:
    yield from _numbered_schools(place)
    yield from _village_schools(place)
    yield from _kindergartens(place)
    for name in place.colleges:
        title = f"Государственное профессиональное образовательное учреждение «{name}»"
        yield OrganisationKind.COLLEGE, title, name, 280, 940
    for name in place.centres:
        title = f"Муниципальное учреждение дополнительного образования «{name.replace('«', '„').replace('»', '“')}»"
        yield OrganisationKind.CENTRE, title, name, 320 if place.is_town else 90, 1900 if place.is_town else 420


def _numbered_schools(place: Municipality) -> Iterator[_Row]:
    """Schools of a town or of a district's centre; the large town has gymnasia and lycea, the smaller one of each."""
    special = {1: "Гимназия", 4: "Лицей", 12: "Гимназия", 17: "Лицей"} if place.numbered > 20 else {}
    special = special or ({1: "Гимназия", 6: "Лицей"} if place.is_town else {})
    where = place.genitive if place.is_town else place.centre
    near = place.short_name.replace("г. Усть-Северск", "г. Усть-Северска").replace("г. Камнегорск", "г. Камнегорска")
    for number in range(1, place.numbered + 1):
        kind = special.get(number, "Средняя общеобразовательная школа")
        alone = not place.is_town and place.numbered == 1
        numbered = "" if alone else f" № {number}"
        title = f"Муниципальное общеобразовательное учреждение «{kind}{numbered} {where}»"
        short_kind = special.get(number, "СОШ")
        short = f"{short_kind}{numbered} {near if place.is_town else place.centre}"
        yield OrganisationKind.SCHOOL, title, short, 480 if place.is_town else 260, 1240 if place.is_town else 610


def _village_schools(place: Municipality) -> Iterator[_Row]:
    full = len(place.villages) - place.basic
    for index, village in enumerate(place.villages):
        kind, short = ("Средняя", "СОШ") if index < full else ("Основная", "ООШ")
        title = f"Муниципальное общеобразовательное учреждение «{kind} общеобразовательная школа {village}»"
        low, high = (85, 240) if index < full else (24, 85)
        yield OrganisationKind.SCHOOL, title, f"{short} {village}", low, high


def _kindergartens(place: Municipality) -> Iterator[_Row]:
    shift = MUNICIPALITIES.index(place) * 3
    for number in range(1, place.kindergartens + 1):
        name = KINDERGARTEN_NAMES[(number - 1 + (0 if place.is_town else shift)) % len(KINDERGARTEN_NAMES)]
        where = place.genitive if place.is_town else place.centre
        near = where.replace("города ", "г. ")
        numbered = f" № {number}" if place.kindergartens > 1 else ""
        title = f"Муниципальное дошкольное образовательное учреждение «Детский сад{numbered} „{name}“ {where}»"
        low, high = (130, 310) if place.is_town else (35, 120)
        yield OrganisationKind.KINDERGARTEN, title, f"Детский сад{numbered} «{name}» {near}", low, high
