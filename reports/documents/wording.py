"""The fixed words of the official form: levels in every case, kinds, sources, units."""

from __future__ import annotations

from dataclasses import dataclass

from projects.passport.schema import Level, ParentLevel, PlanKind, Source, Unit
from projects.passport.workbook_form import DIRECTIONS, INDICATOR_KINDS, LEVELS

__all__ = [
    "DIRECTIONS",
    "INDICATOR_KINDS",
    "LEVELS",
    "PLAN_KINDS",
    "SOURCES",
    "ProjectWord",
    "money_unit",
    "programmes_title",
    "project_word",
]


@dataclass(frozen=True, slots=True)
class ProjectWord:
    """«Региональный проект» in the cases that the form needs."""

    nominative: str
    genitive: str
    dative: str
    instrumental: str
    prepositional: str


def _cases(stem: str) -> ProjectWord:
    return ProjectWord(
        nominative=f"{stem}ый проект",
        genitive=f"{stem}ого проекта",
        dative=f"{stem}ому проекту",
        instrumental=f"{stem}ым проектом",
        prepositional=f"{stem}ом проекте",
    )


_PLAIN = ProjectWord("проект", "проекта", "проекту", "проектом", "проекте")
_PROJECTS: dict[Level | ParentLevel, ProjectWord] = {
    "federal": _cases("федеральн"),
    "regional": _cases("региональн"),
    "municipal": _cases("муниципальн"),
    "national": _cases("национальн"),
}

PLAN_KINDS: dict[PlanKind, str] = {
    "result": "результат",
    "activity": "мероприятие",
    "control_point": "контрольная точка",
}
SOURCES: dict[Source, str] = {
    "federal": "федеральный бюджет",
    "state_funds": "бюджеты государственных внебюджетных фондов",
    "regional": "бюджет субъекта Российской Федерации",
    "municipal": "местные бюджеты",
    "extrabudgetary": "внебюджетные источники",
    "transfers": "межбюджетные трансферты",
}


def project_word(level: Level | ParentLevel | None) -> ProjectWord:
    """The words for a project of that level; plain «проект» where the level is not known."""
    return _PROJECTS[level] if level else _PLAIN


def programmes_title(level: Level | None) -> str:
    """The title of the row of section 1 that links the project to state or municipal programmes."""
    if level == "municipal":
        return "Связь с муниципальными программами"
    if level == "federal":
        return "Связь с государственными программами Российской Федерации"
    return "Связь с государственными программами субъекта Российской Федерации"


def money_unit(unit: Unit, *, abbreviation_point: bool) -> str:
    """«млн. рублей» or «млн рублей»: the form of 2018 writes the point, the rules of spelling do not."""
    word = "млн" if unit == "million" else "тыс"
    # «тыс.» always ends with its point; only «млн» is written both ways.
    return f"{word}{'.' if abbreviation_point or unit == 'thousand' else ''}\u00a0рублей"
