"""Passports made by hypothesis: valid ones over the whole of ``passport/1``, for every reader and renderer.

:func:`passports` makes two kinds. As a reader would have made them (the default): words in one line, every row of a
table with the same years, money where there is money, groups and indicators that stay together, ``unread`` only
where a value is missing. ``free=True``: whatever the schema allows: words that begin like a formula, of several lines,
with characters that no page can hold, years that one row has and another has not, unread cells of any section.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from projects.passport.rules import finance_source, plan_kind
from projects.passport.schema import SOURCES, Passport, Source, decimal_text

_WORDS = (
    *("школа", "здание", "ремонт", "дорога", "обучение", "учителя", "мост", "библиотека", "сельский", "новый"),
    *("тёплый", "безопасный", "оснащение", "проект-пилот", "информационно-аналитический", "«Маяк»", "(тип Б)", "№ 7"),
    *("Ё", "и", "в", "для", "7 %", "2,5 км", "ГОСТ Р 7.0", "IT-класс", "до 15:00", "т. е.", "СССР/РФ", "100 × а / б"),
)
_FIRST = ("Построена", "Открыто", "Обеспечено", "Внедрение", "Закуплены", "Доля", "Подготовка", "Утверждён")
_SURNAMES = ("Озёрная", "Полевой", "Лесников", "Снегова", "Инеев", "Ветрова-Громова")
SOURCE_NAMES: dict[Source, str] = {
    "federal": "федеральный бюджет (в том числе межбюджетные трансферты бюджету Северской области)",
    "state_funds": "бюджеты государственных внебюджетных фондов Российской Федерации",
    "regional": "бюджет Северской области",
    "municipal": "консолидированные бюджеты муниципальных образований",
    "extrabudgetary": "внебюджетные источники",
    "transfers": "из них межбюджетные трансферты бюджетам муниципальных образований",
}
_RAW_NUMBERS = ("XX", "-", "–", "нет данных", "уточняется")
_RAW_DATES = ("31.11.2020", "-", "XX", "по плану", "II квартал")

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
# A day that a spreadsheet keeps as a number, and those before its calendar begins.
ANY_DAYS = st.one_of(DAYS, st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31)))
MONEY = st.decimals(0, 2_000_000, places=2).map(lambda value: Decimal(decimal_text(value)))
ANY_DECIMALS = st.one_of(
    MONEY,
    st.decimals(-1000, 1000, places=4),
    st.builds(
        lambda whole, tail: Decimal(f"{whole}.{tail:012}"),
        st.integers(-(10**24) + 1, 10**24 - 1),
        st.integers(0, 10**12 - 1),
    ),
)


@st.composite
def _sentence(draw: st.DrawFn, most: int = 7) -> str:
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=most))
    return " ".join([draw(st.sampled_from(_FIRST)), *words])


SENTENCES = _sentence()
FREE_TEXTS = st.one_of(
    SENTENCES,
    st.text(min_size=1, max_size=40),
    st.builds("{}{}".format, st.sampled_from(("=", "+", "-", "@", "\t=", "\n", " ", "'", "#", "_x0041_")), SENTENCES),
    st.sampled_from(("=1+1", "-", "–", "х", "1.10", "12,5", "TRUE", "#N/A", "не указано", "нет", "passport/1", "да")),
    st.lists(SENTENCES, min_size=2, max_size=4).map("\n".join),
    st.integers(31_990, 40_000).map(lambda size: ("Слово 😀 " * 6_000)[:size]),
)
PEOPLE = st.builds("{} {}.{}.".format, st.sampled_from(_SURNAMES), st.sampled_from("АБВИМ"), st.sampled_from("ИЛПЮ"))


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy, strategy, strategy)


class _Maker:
    """Draws the parts of one passport and remembers what they leave unread."""

    def __init__(self, draw: st.DrawFn, *, free: bool) -> None:
        self.draw, self.free = draw, free
        self.unread: list[dict[str, Any]] = []
        first = draw(st.integers(2018, 2026))
        self.years = [str(year) for year in range(first, first + draw(st.integers(1, 7)))]
        self.texts = FREE_TEXTS if free else SENTENCES
        self.decimals = ANY_DECIMALS if free else MONEY
        self.days = ANY_DAYS if free else DAYS

    def text(self) -> str:
        return str(self.draw(self.texts))

    def words(self) -> str | None:
        return None if self.chance() else self.text()

    def chance(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def id(self) -> str | None:
        return str(self.draw(st.uuids())) if self.free and not self.chance() else None

    def number(self, usual: str) -> str | None:
        return self.words() if self.free and self.chance() else usual

    def missing(self, section: str, row: int | None, field: str, raws: Sequence[str]) -> None:
        if self.draw(st.booleans()):
            raw = self.text() if self.free and self.chance() else self.draw(st.sampled_from(raws))
            self.unread.append({"section": section, "row": row, "field": field, "raw": raw})

    def decimal(self, section: str, row: int, field: str) -> str | None:
        if self.chance():
            self.missing(section, row, field, _RAW_NUMBERS)
            return None
        return decimal_text(self.draw(self.decimals))

    def day(self, section: str, row: int | None, field: str) -> str | None:
        if self.chance():
            self.missing(section, row, field, _RAW_DATES)
            return None
        return str(self.draw(self.days).isoformat())

    def base(self, section: str, row: int) -> dict[str, Any]:
        return {"value": self.decimal(section, row, "base.value"), "date": self.day(section, row, "base.date")}

    def targets(self, section: str, row: int) -> dict[str, str | None]:
        years = self.years
        if self.free:
            years = sorted(self.draw(st.sets(st.sampled_from(self.years))))
        return {year: self.decimal(section, row, f"targets.{year}") for year in years}

    def many(self, most: int = 3) -> range:
        return range(self.draw(st.integers(0 if self.free else 1, most)))

    def indicators(self) -> list[dict[str, Any]]:
        return [
            {
                "id": self.id(),
                "number": self.number(str(index + 1)),
                "name": self.words() if self.free else f"{self.text()}, процент",
                "unit": self.words() if self.free else "процент",
                "kind": self.draw(_maybe(st.sampled_from(("main", "additional")))),
                "federal_name": self.words(),
                "direction": self.draw(_maybe(st.sampled_from(("increasing", "decreasing")))),
                "base": self.base("indicators", index),
                "targets": self.targets("indicators", index),
            }
            for index in self.many()
        ]

    def tasks(self) -> list[dict[str, Any]]:
        return [
            {"id": self.id(), "number": self.number(str(index + 1)), "name": self.words() if self.free else self.text()}
            for index in self.many(2)
        ]

    def results(self, tasks: int) -> list[dict[str, Any]]:
        at = [self.draw(st.integers(0, tasks - 1)) for _ in self.many()] if tasks else []
        rows: list[dict[str, Any]] = []
        for index, task in enumerate(at if self.free else sorted(at)):
            rows.append(
                {
                    "id": self.id(),
                    "number": self.number(f"{task + 1}.{index + 1}"),
                    "name": self.words() if self.free else self.text(),
                    "task": None if self.free and self.chance() else task,
                    "due": self.day("results", index, "due"),
                    "characteristic": self.words(),
                    "federal_result": self.words(),
                    "targets": self.targets("results", index) if self.free else {},
                }
            )
        return rows

    def finance(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for index in self.many(4):
            name = self.draw(st.one_of(self.texts, st.sampled_from([SOURCE_NAMES[source] for source in SOURCES])))
            rows.append(
                {
                    "id": self.id(),
                    "number": self.number(f"1.{index + 1}"),
                    "name": name,
                    "source": finance_source(name),
                    "code": self.draw(_maybe(st.text("0123456789", min_size=20, max_size=20))),
                    **self._money(index),
                }
            )
        return rows

    def _money(self, index: int) -> dict[str, Any]:
        """Amounts and their total, or a note instead of both, as the form has it."""
        if not self.free and self.chance():
            return {"amounts": None, "total": None, "note": self.text()}
        found = {year: self.decimal("finance", index, f"amounts.{year}") for year in self.years}
        amounts = {year: value for year, value in found.items() if value is not None} or None
        total = self.decimal("finance", index, "total") if amounts or self.free else None
        return {"amounts": amounts, "total": total, "note": self.words() if self.free else None}

    def participants(self) -> list[dict[str, Any]]:
        groups: list[str | None] = [None, *(self.text() for _ in self.many(2))]
        if self.free:
            groups = [self.draw(st.sampled_from(groups)) for _ in self.many(4)]
        return [
            {
                "id": self.id(),
                "number": self.number(str(index + 1)),
                "role": self.words() if self.free else self.text(),
                "name": self.draw(_maybe(PEOPLE)),
                "position": self.words(),
                "supervisor": self.draw(_maybe(PEOPLE)) if self.free else self.draw(PEOPLE),
                "employment": self.decimal("participants", index, "employment"),
                "group": group,
            }
            for index, group in enumerate(groups)
        ]

    def plan(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for index, usual in enumerate(self.draw(st.sampled_from([(), ("1", "1.1.1", "1.1", "2", "2.1.1", "2.1")]))):
            number = self.number(usual)
            point = usual.count(".") == 1
            start = None if point and not self.free else self.day("plan", index, "start")
            day = dt.date.fromisoformat(start) if start else None
            rows.append(
                {
                    "id": self.id(),
                    "number": number,
                    "name": self.words() if self.free else self.text(),
                    "kind": plan_kind(number, day),
                    "start": start,
                    "end": self.day("plan", index, "end"),
                    "responsible": self.draw(_maybe(PEOPLE)),
                    "document": self.words(),
                    "control_level": self.draw(_maybe(st.sampled_from(("К", "РП", "ВДЛ")))),
                }
            )
        return rows

    def breakdown(self, indicators: int) -> list[dict[str, Any]]:
        numbers = [str(index + 1) for index in range(indicators) for _ in self.many(2)]
        return [
            {
                "id": self.id(),
                "indicator": self.number(number),
                "territory": self.words() if self.free else f"Школа № {index + 1}, {self.text()}",
                "base": self.base("breakdown", index),
                "targets": self.targets("breakdown", index),
            }
            for index, number in enumerate(numbers)
        ]

    def methodology(self, indicators: int) -> list[dict[str, Any]]:
        fields = ("base_indicators", "source", "collector", "aggregation", "schedule", "note")
        return [
            {"id": self.id(), "indicator": self.number(str(index + 1)), "formula": self.text()}
            | {field: self.words() for field in fields}
            for index in range(indicators)
        ]

    def front(self) -> dict[str, Any]:
        level = self.draw(st.sampled_from(("regional", "municipal", "federal", None) if self.free else ("regional",)))
        title = self.text()
        return {
            "level": level,
            "title": title,
            "short_title": self.text(),
            "parent_title": self.text(),
            "parent_level": self.draw(_maybe(st.sampled_from(("federal", "national")))) if self.free else "federal",
            "territory": self.words() if self.free else "Северская область",
            "start": self.draw(self.days).isoformat(),
            "end": self.day("end", None, "end") if self.free else self.draw(self.days).isoformat(),
            "approval": {
                "body": self.words() if self.free else "Советом при Губернаторе Северской области",
                "approver": self.words() if self.free else None,
                "protocol_number": str(self.draw(st.integers(1, 99))),
                "protocol_date": self.draw(self.days).isoformat(),
                "amendments": [
                    {"protocol_number": str(index + 1), "protocol_date": self.draw(self.days).isoformat()}
                    for index in range(self.draw(st.integers(0, 2)))
                ],
            },
            **{
                section: {"name": self.draw(PEOPLE), "position": self.words() if self.free else "начальник отдела"}
                for section in ("curator", "head", "administrator")
            },
            "programmes": [
                self.text() if self.free else f"Государственная программа «{self.text()}»" for _ in self.many(2)
            ],
            "goal": self.words() if self.free else self.text(),
            "finance_unit": self.draw(st.sampled_from(("million", "thousand"))),
        }

    def passport(self) -> Passport:
        form = self.front()
        form["indicators"] = self.indicators()
        form["tasks"] = self.tasks()
        form["results"] = self.results(len(form["tasks"]))
        form["finance"] = self.finance()
        form["participants"] = self.participants()
        form["plan"] = self.plan()
        form["control_levels"] = self._control_levels()
        form["breakdown"] = self.breakdown(len(form["indicators"]))
        form["methodology"] = self.methodology(len(form["indicators"]))
        form["additional"] = self.words()
        if self.free:
            form["footnotes"] = [self.text() for _ in self.many(2)]
            places = st.sampled_from(("indicators", "plan", "additional", "curator", "нет такого", "start"))
            fields = st.sampled_from(("name", "targets.2020", "start", "additional", "Срок", "поле «а»", "note"))
            self.unread += [
                {"section": self.draw(places), "row": self.draw(_maybe(st.integers(0, 5))), "field": self.draw(fields)}
                | {"raw": self.text()}
                for _ in self.many(2)
            ]
        return Passport.model_validate(form | {"unread": self.unread})

    def _control_levels(self) -> dict[str, str]:
        if self.free:
            return self.draw(st.dictionaries(self.texts, self.texts, max_size=3))
        return {"К": "куратор", "РП": "руководитель проекта", "ВДЛ": "высшее должностное лицо"}


@st.composite
def passports(draw: st.DrawFn, *, free: bool = False) -> Passport:
    """A valid passport: as a reader would have made it, or, ``free``, anything that the schema accepts."""
    return _Maker(draw, free=free).passport()
