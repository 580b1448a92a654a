"""What the page of the table editor is told and what it sends: rows of words, findings by cell, who saved meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from organisations.access import access_of
from organisations.models import User
from organisations.roles import Action
from projects.document_tables import SEVERITIES, UNITS, section_of
from projects.models import ChangeRequest
from projects.passport.grid import SECTIONS, Column, Grid, GridRow, Refusal, TypedRow, grid_of
from projects.passport.grid.reading import fact_place
from projects.passport.schema import Finding, Passport, Year
from projects.passport.typography import plural
from projects.selectors import last_writer
from projects.services.editing import Edit, Examined, rows_gone

SECTION_TITLES = {
    "main": "Основное",
    "indicators": "Показатели",
    "results": "Задачи и результаты",
    "finance": "Финансы",
    "participants": "Участники",
    "plan": "План мероприятий",
    "control_levels": "Уровни контроля",
    "breakdown": "По территориям",
    "methodology": "Методика",
    "additional": "Дополнительно",
}
MOST_ROWS = 5_000
_GONE_SHOWN = 20
# Results seldom have values by years, and a table of forty columns helps nobody.
_SELDOM_YEARLY = {"results"}
_FIRST_YEAR, _LONGEST_TERM = 1900, 15


class BadTable(Exception):
    """What came is no table of this page: the page is out of date, or it was not the page that sent it."""


class _SentRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str | None = Field(default=None, max_length=300)
    kind: str = Field(default="", max_length=30)
    cells: dict[str, str] = Field(default={}, max_length=400)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: list[_SentRow] = Field(max_length=MOST_ROWS)
    years: list[Year] | None = Field(default=None, max_length=200)


def edit_sent(section: str, text: str) -> Edit:
    """The rows that a page sent as JSON. Raises :class:`BadTable`."""
    try:
        sent = _Sent.model_validate_json(text)
    except (ValidationError, UnicodeEncodeError) as problem:
        raise BadTable(
            "Таблица не дошла целиком: обновите страницу, набранное останется на этом устройстве."
        ) from problem
    rows = tuple(TypedRow(row.key, row.kind, row.cells) for row in sent.rows)
    return Edit(section, rows, tuple(sent.years) if sent.years is not None else None)


def editor_context(user: Any, draft: ChangeRequest, section: str) -> dict[str, Any]:
    """The page of one section, with all that the editor needs to begin."""
    grid = grid_of(draft.passport, section)
    address = reverse("projects:change_request_section", args=[draft.pk, section])
    title = SECTION_TITLES[section]
    return {
        "draft": draft,
        "title": title,
        "unit": UNITS[draft.passport.finance_unit] if section == "finance" else "",
        "section_tabs": section_tabs(draft, section),
        "breadcrumbs": [
            ("Запросы на изменение", reverse("projects:change_requests")),
            (str(draft), reverse("projects:change_request", args=[draft.pk])),
            (title, ""),
        ],
        "grid": grid_json(draft, grid)
        | {
            "kept": f"edit:{user.pk}:{draft.pk}:{section}",
            "save": address,
            "check": reverse("projects:change_request_section_check", args=[draft.pk, section]),
            "request": reverse("projects:change_request", args=[draft.pk]),
            "findings": _findings([f for f in draft.found if page_of(f) == section], _row_places(grid.rows)),
            "gone": _gone(draft, draft.passport, section),
            "elsewhere": _elsewhere(draft.found, section),
        },
        "grid_kinds": grid.kinds,
        "grid_years": bool(grid.section.yearly),
        "grid_levels": len({kind.level for kind in grid.kinds}) > 1,
        "upload_url": _upload_url(user, draft),
    }


def section_tabs(draft: ChangeRequest, current: str) -> list[dict[str, Any]]:
    """The sections of the draft, each with the number of its findings."""
    counts = Counter(page_of(finding) for finding in draft.found)
    return [
        {
            "title": title,
            "url": reverse("projects:change_request_section", args=[draft.pk, key]),
            "current": key == current,
            "count": counts[key] or None,
        }
        for key, title in SECTION_TITLES.items()
    ]


def page_of(finding: Finding) -> str:
    """The page of the editor on which the cell of a finding stands."""
    if finding.section in SECTION_TITLES:
        return finding.section
    table = section_of(finding)
    return {"tasks": "results", "footnotes": "additional"}.get(table, table)


def grid_json(draft: ChangeRequest, grid: Grid) -> dict[str, Any]:
    """The table itself, as the editor takes it at first and again when somebody else has saved."""
    term = (draft.passport.start, draft.passport.end)
    return {
        "version": draft.version,
        "columns": [_column(column) for column in grid.columns],
        "years": list(grid.years or _first_years(draft.passport, grid)),
        "years_at": grid.years_at,
        "yearly": grid.section.yearly,
        "numbered": grid.section.numbered,
        "term": [day.year if day else None for day in term],
        "kinds": [
            {"key": kind.key, "name": kind.name, "level": kind.level, "fills": dict(kind.fills or {})}
            for kind in grid.kinds
        ],
        "fixed": not grid.section.lists and grid.section.key != "control_levels",
        "rows": [_row(row) for row in grid.rows],
    }


def _first_years(passport: Passport, grid: Grid) -> list[str]:
    """The columns to begin with where no row has a year yet: those of the project's term."""
    if not grid.section.yearly or grid.section.key in _SELDOM_YEARLY or not passport.start or not passport.end:
        return []
    first, last = passport.start.year, passport.end.year
    is_term = first >= _FIRST_YEAR and last - first < _LONGEST_TERM
    return [str(year) for year in range(first, last + 1)] if is_term else []


def answer_to(draft: ChangeRequest, edit: Edit, examined: Examined) -> dict[str, Any]:
    """What the checks say to an edit, by the places of its rows, and how each row would stand."""
    passport, places = examined.written.passport, examined.written.places
    grid = grid_of(passport, edit.section)
    made = {row.place: row for row in grid.rows}
    where = {place: at for at, place in enumerate(places) if place is not None}
    if not SECTIONS[edit.section].lists:
        # Single fields are found by their names, too: a finding says («curator», «name»).
        standing = [(at, made[place]) for at, place in enumerate(places) if place in made]
        named = _row_places([row for _, row in standing])
        where |= {place: standing[index][0] for place, index in named.items()}
    rows = [made.get(place) if place else None for place in places]
    return {
        "version": draft.version,
        "rows": [row and _row(row) for row in rows],
        "years": list(grid.years),
        "findings": _findings([finding for finding in examined.findings if page_of(finding) == edit.section], where),
        "refusals": refusals_json(examined.written.refusals),
        "gone": _gone(draft, passport, edit.section),
        "elsewhere": _elsewhere(examined.findings, edit.section),
    }


def refusals_json(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    return [{"row": r.row, "field": r.field, "severity": "refused", "message": r.message} for r in refusals]


def saved_meanwhile(draft: ChangeRequest) -> str:
    """Who saved last and when: «Волкова А.С., 12:40»."""
    writer, moment = last_writer(draft)
    who = writer.short_name if writer else "другой сотрудник"
    return f"{who}, {timezone.localtime(moment):%H:%M}" if moment else who


def _column(column: Column) -> dict[str, Any]:
    return {"field": column.field, "title": column.title, "kind": column.kind, "options": list(column.options)}


def _row(row: GridRow) -> dict[str, Any]:
    return {"key": row.key, "kind": row.kind, "level": row.level, "cells": row.cells} | (
        {"options": list(row.options)} if row.options else {}
    )


_Places = dict[Any, int]


def _row_places(rows: Iterable[GridRow]) -> _Places:
    """Where each row of the document stands in the table; a single field is found by its own name too."""
    found: _Places = {}
    for at, row in enumerate(rows):
        found[row.place] = at
        if "#" not in row.key and row.place[1] is None:
            section, _, name = fact_place(row.key)
            found[section, name] = at
            found.setdefault((section, None), at)
    return found


def _findings(findings: Iterable[Finding], places: _Places) -> list[dict[str, Any]]:
    """Findings of one page with the row that each stands at, the worst first; None for those of the whole section."""
    said = []
    for finding in sorted(findings, key=lambda f: SEVERITIES.index(f.severity)):
        at = places.get((finding.section, finding.row if finding.row is not None else finding.field))
        if at is None and finding.row is None:
            at = places.get((finding.section, None))
        single = finding.row is None and at is not None
        said.append(
            {
                "row": at,
                "field": "value" if single else finding.field or "",
                "severity": finding.severity,
                "message": finding.message,
            }
        )
    return said


def _elsewhere(findings: Iterable[Finding], section: str) -> list[str]:
    """How many findings the other sections have, for what is typed here may contradict them."""
    counts = Counter(page_of(finding) for finding in findings)
    return [
        f"{title} – {plural(counts[key], 'замечание', 'замечания', 'замечаний')}"
        for key, title in SECTION_TITLES.items()
        if key != section and counts[key]
    ]


def _gone(draft: ChangeRequest, passport: Passport, section: str) -> dict[str, Any]:
    rows = rows_gone(draft, passport, section)
    names = [_name(row) for row in rows[:_GONE_SHOWN]]
    return {"count": len(rows), "names": names}


def _name(row: Any) -> str:
    words = (getattr(row, field, None) for field in ("number", "name", "indicator", "territory"))
    return " ".join(part for part in words if part) or "строка без названия"


def _upload_url(user: User, draft: ChangeRequest) -> str:
    """Where a workbook of the same project is loaded, for those who cannot edit on the page."""
    if draft.project_id and draft.project and access_of(user).allows(Action.PROPOSE_PASSPORT, draft.territory):
        return reverse("projects:upload_next", args=[draft.project_id])
    return reverse("projects:upload")
