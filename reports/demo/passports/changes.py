"""How the passports changed after their first approval, and what is proposed now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from projects.passport.schema import Passport, decimal_text
from reports.demo.passports import digital

Edit = Callable[[dict[str, Any]], None]


def digital_amended(in_force: Passport) -> Passport:
    """Redaction 2 of «Цифровая школа»: higher speed from 2026 on, dearer maintenance, one more activity."""

    def edit(document: dict[str, Any]) -> None:
        _row(document, "indicators", "6")["targets"] |= {"2026": "110", "2027": "135", "2028": "160"}
        _row(document, "indicators", "7")["targets"] |= {"2026": "70", "2027": "25"}
        _add_money(document, ("2.2", "2.2.1"), {"2027": Decimal("0.9"), "2028": Decimal("0.9")})
        _row(document, "finance", "2.2")["note"] = None
        document["footnotes"] = document["footnotes"][1:]
        document["administrator"]["position"] = (
            "начальник управления цифрового развития министерства образования Северской области"
        )
        plan = document["plan"]
        index = next(i for i, row in enumerate(plan) if row["number"] == "1.3")
        plan.insert(
            index,
            {
                "number": "1.3.3",
                "name": "Выборочные замеры скорости с участием родителей",
                "kind": "activity",
                "start": "2026-04-06",
                "end": "2028-11-30",
                "responsible": "Кондратов Д. В.",
                "document": "Сводная таблица замеров",
                "control_level": "АП",
            },
        )

    return _changed(in_force, edit)


def digital_extended(in_force: Passport) -> Passport:
    """What is on its way to the council: another target, an activity that ends earlier, other words."""

    def edit(document: dict[str, Any]) -> None:
        _row(document, "indicators", "6")["targets"] |= {"2027": "140"}
        activity = _row(document, "plan", "1.3.3")
        activity["name"] = "Выборочные замеры скорости с участием родителей и учеников"
        activity["end"] = "2028-11-20"
        document["administrator"]["position"] = "начальник управления цифрового развития"

    return _changed(in_force, edit)


def town_postponed(in_force: Passport) -> Passport:
    """What the council of the town declined: the new building a year later."""

    def edit(document: dict[str, Any]) -> None:
        _row(document, "results", "1.2")["due"] = "2028-08-31"
        for row in document["plan"]:
            if row["end"] in {"2027-08-31", "2027-08-20", "2027-08-06"}:
                row["end"] = row["end"].replace("2027", "2028")

    return _changed(in_force, edit)


def warm_proposed(in_force: Passport) -> Passport:
    """A draft of «Тёплая школа» with slips of the hand, each of a kind that real passports have."""

    def edit(document: dict[str, Any]) -> None:
        heated = _row(document, "indicators", "2")
        heated["targets"]["2028"] = None
        index = document["indicators"].index(heated)
        document["unread"].append({"section": "indicators", "row": index, "field": "targets.2028", "raw": "XX"})
        # More money for repairs, but only the line of the source was changed.
        repairs = _row(document, "finance", "1.1.2")
        repairs["amounts"]["2027"] = decimal_text(Decimal(repairs["amounts"]["2027"]) + 10)
        # The second shift goes down faster than any municipality plans.
        _row(document, "indicators", "3")["targets"]["2027"] = "12.5"
        # An activity without a day that exists, and a number left out after a row was removed.
        activity = _row(document, "plan", "1.2.1")
        activity["end"] = None
        row = document["plan"].index(activity)
        document["unread"].append({"section": "plan", "row": row, "field": "end", "raw": "31.11.2025"})
        number = _row(document, "plan", "3.2.1")
        number["number"] = "3.2.2"

    return _changed(in_force, edit)


def _changed(in_force: Passport, edit: Edit) -> Passport:
    document = in_force.model_dump(mode="json")
    edit(document)
    return Passport.model_validate(document)


def _row(document: Mapping[str, Any], part: str, number: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document[part] if row["number"] == number)
    return found


def _add_money(document: Mapping[str, Any], numbers: tuple[str, ...], more: Mapping[str, Decimal]) -> None:
    """Add to the lines of the regional budget, and to both totals that they are a part of."""
    for row in document["finance"]:
        is_total = row["number"] is None and (row["name"].startswith("Всего") or row["name"] == digital.REGIONAL)
        if row["number"] in numbers or is_total:
            for year, amount in more.items():
                row["amounts"][year] = decimal_text(Decimal(row["amounts"][year]) + amount)
            row["total"] = decimal_text(Decimal(row["total"]) + sum(more.values()))
