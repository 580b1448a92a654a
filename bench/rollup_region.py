"""A country for the bench of the roll-up: every rule of both axes, two projects with different rosters, two kinds of
organisation that are asked different things, twelve months.

Made by set where there are many rows, through the services where a rule decides (opening the first period; the later
ones are copies of what it froze).
"""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from indicators.models import BaseIndicator, Indicator, ReportingPeriod
from indicators.services import base_indicator_save, formula_save, period_open
from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project

MOSCOW = dt.timezone(dt.timedelta(hours=3))
MUNICIPALITIES_OF_A_REGION = 20
ORGANISATIONS_OF_A_MUNICIPALITY = 23
"""As in Russia: some 40,000 schools in some 1,700 districts of 87 regions."""
FIRST, SECOND = "Первый", "Второй"
FORMULAS = (
    (FIRST, "1", "100 * b01 / b02"),
    (FIRST, "2", "100 * b03 / b04"),
    (FIRST, "3", "b05"),
    (FIRST, "4", "100 * b13 / organisations"),
    (FIRST, "5", "b15"),
    (FIRST, "6", "b16"),
    (FIRST, "7", "b18 - b17"),
    (FIRST, "8", "b19 + 0 * b06"),
    (SECOND, "9", "100 * b07 / b08"),
    (SECOND, "10", "100 * b14 / expected"),
    (SECOND, "11", "b09 + b10 - b11"),
    (SECOND, "12", "round(b20 / b12; 2)"),
)
RULES = {
    "b13": ("boolean", "count_yes", "snapshot"),
    "b14": ("boolean", "count_yes", "cumulative"),
    "b15": ("decimal", "average", "snapshot"),
    "b16": ("decimal", "weighted_average", "cumulative"),
    "b17": ("integer", "minimum", "snapshot"),
    "b18": ("integer", "maximum", "snapshot"),
    "b19": ("integer", "sum", "flow"),
    "b20": ("decimal", "sum", "average"),
}
KINDS = {"b12": ["school"], "b13": ["school"], "b14": ["college"], "b19": ["school"], "b20": ["school"]}


def build(*, organisations: int, periods: int = 12) -> list[ReportingPeriod]:
    """Make the country in the connected database and return its periods, all accepted but for a few in a hundred."""
    root = organisation_create(kind="region", name="Страна")
    office = user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, root),))
    reporter = user_create(login="reporter", full_name="Орлова Нина")
    _tree(root, organisations)
    _catalogue(office)
    projects = [_project(title, root, office) for title in (FIRST, SECOND)]
    _name_most(projects[1])
    first = period_open(
        kind="month",
        year=2026,
        number=1,
        deadline=dt.datetime(2099, 12, 31, tzinfo=MOSCOW),
        projects=projects,
        actor=office,
    )
    with connection.cursor() as cursor:
        # Millions of rows that are right by their making: each foreign key would be looked up, row by row.
        cursor.execute("SET session_replication_role = replica")
        made = [first, *(_copy(cursor, first, number, office) for number in range(2, periods + 1))]
        for period in made:
            _accept(cursor, period, office, reporter)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return made


def _tree(root: Organisation, organisations: int) -> None:
    """Regions, municipalities, and schools in them, every ninth of these a college."""
    municipalities = -(-organisations // ORGANISATIONS_OF_A_MUNICIPALITY)
    regions = -(-municipalities // MUNICIPALITIES_OF_A_REGION)
    levels = (
        (regions, "'region'", "region", "Область "),
        (municipalities, "'municipality'", "municipality", "Район "),
        (organisations, "CASE WHEN n % 9 = 0 THEN 'college' ELSE 'school' END", "", "Организация "),
    )
    above = [root.pk]
    with connection.cursor() as cursor:
        for number, kind, _, name in levels:
            cursor.execute(
                f"""
                INSERT INTO organisations_organisation
                    (id, parent_id, path, depth, kind, name, short_name, sort_key, oktmo, created_at)
                SELECT made.id, above.id, above.path || made.id || '.', above.depth + 1,
                    {kind}, '{name}' || n, '{name}' || n, lower('{name}') || n, '', now()
                FROM (
                    SELECT n, nextval(pg_get_serial_sequence('organisations_organisation', 'id')) AS id
                    FROM generate_series(1, {number}) AS n
                ) AS made
                JOIN unnest('{{{",".join(map(str, above))}}}'::bigint[]) WITH ORDINALITY AS chosen (above_id, place)
                    ON chosen.place = 1 + (n - 1) * {len(above)} / {number}
                JOIN organisations_organisation AS above ON above.id = chosen.above_id
                RETURNING id
                """
            )
            above = [row[0] for row in cursor.fetchall()]


def _catalogue(office: User) -> None:
    for number in range(1, 21):
        code = f"b{number:02}"
        kind, over_organisations, over_time = RULES.get(code, ("integer", "sum", "snapshot"))
        base_indicator_save(
            code=code,
            name=f"Показатель {number}",
            kind=kind,
            over_organisations=over_organisations,
            over_time=over_time,
            weight=BaseIndicator.objects.get(code="b01") if over_organisations == "weighted_average" else None,
            kinds=KINDS.get(code, ()),
            actor=office,
        )


def _project(title: str, territory: Organisation, office: User) -> Project:
    project = Project.objects.create(territory=territory, level="regional", title=title, short_title=title)
    for position, (owner, number, text) in enumerate(FORMULAS):
        if owner == title:
            indicator = Indicator.objects.create(
                project=project, row_id=uuid.uuid4(), position=position, number=number, name=f"Показатель {number}"
            )
            formula_save(indicator=indicator, text=text, actor=office)
    return project


def _name_most(project: Project) -> None:
    """Nine of ten organisations stand in the breakdown of the project: its roster differs from the other one's."""
    indicator = Indicator.objects.filter(project=project).order_by("position")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_target (indicator_id, organisation_id, year, value)
            SELECT %s, id, 2026, 50 FROM organisations_organisation
            WHERE kind IN ('school', 'college') AND id %% 10 <> 0
            """,
            [indicator.pk],
        )


# Table, and the columns that point at rows of the period which are copied too: these follow by a shift of their ids.
FROZEN = (
    ("indicators_rostergroup", ()),
    ("indicators_periodproject", ()),
    ("indicators_question", ()),
    ("indicators_measurement", ("project_id",)),
    ("indicators_periodorganisation", ("roster_group_id",)),
    ("indicators_submission", ()),
)
LINKED = (
    ("indicators_periodproject_questions", "periodproject_id", "question_id"),
    ("indicators_rostergroup_projects", "rostergroup_id", "periodproject_id"),
    ("indicators_measurement_operands", "measurement_id", "question_id"),
)
POINTS_AT = {
    "project_id": "indicators_periodproject",
    "periodproject_id": "indicators_periodproject",
    "roster_group_id": "indicators_rostergroup",
    "rostergroup_id": "indicators_rostergroup",
    "question_id": "indicators_question",
    "measurement_id": "indicators_measurement",
}


def _copy(cursor: Any, first: ReportingPeriod, number: int, office: User) -> ReportingPeriod:
    """Another month with the same tree, questions, formulas and rosters."""
    period = ReportingPeriod.objects.create(
        kind="month",
        year=2026,
        number=number,
        start=dt.date(2026, number, 1),
        end=dt.date(2026, number, calendar.monthrange(2026, number)[1]),
        deadline=first.deadline,
        opened_by=office,
    )
    shift: dict[str, int] = {}
    for table, pointers in FROZEN:
        cursor.execute(f"SELECT min(id), max(id) FROM {table} WHERE period_id = %s", [first.pk])
        least, greatest = cursor.fetchone()
        cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        shift[table] = cursor.fetchone()[0] - least
        cursor.execute(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
        given = {"id": f"id + {shift[table]}", "period_id": str(period.pk)} | {
            pointer: f"{pointer} + {shift[POINTS_AT[pointer]]}" for pointer in pointers
        }
        columns = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" SELECT {', '.join(given.get(name, name) for name in columns)} FROM {table} WHERE period_id = %s",
            [first.pk],
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {greatest + shift[table]})")
    for table, left, right in LINKED:
        cursor.execute(
            f"""
            INSERT INTO {table} ({left}, {right})
            SELECT {left} + {shift[POINTS_AT[left]]}, {right} + {shift[POINTS_AT[right]]}
            FROM {table}
            WHERE {left} IN (SELECT id FROM {POINTS_AT[left]} WHERE period_id = %s)
            """,
            [first.pk],
        )
    return period


def _accept(cursor: Any, period: ReportingPeriod, office: User, reporter: User) -> None:
    """Of a hundred forms two are drafts, three wait for review, the rest are accepted with mixed figures."""
    given = {"period": period.pk, "office": office.pk, "reporter": reporter.pk}
    cursor.execute(
        """
        UPDATE indicators_submission SET
            state = CASE WHEN organisation_id %% 100 < 5 THEN 'submitted' ELSE 'accepted' END,
            submitted_at = now(), submitted_by_id = %(reporter)s,
            reviewed_at = CASE WHEN organisation_id %% 100 < 5 THEN NULL ELSE now() END,
            reviewed_by_id = CASE WHEN organisation_id %% 100 < 5 THEN NULL ELSE %(office)s END,
            version = 2
        WHERE period_id = %(period)s AND organisation_id %% 100 >= 2
        """,
        given,
    )
    cursor.execute(
        """
        WITH asked AS MATERIALIZED (
            SELECT DISTINCT link.rostergroup_id, question.id, question.base_indicator_id, question.kinds,
                question.kind, question.position
            FROM indicators_question AS question
            JOIN indicators_periodproject_questions AS chosen ON chosen.question_id = question.id
            JOIN indicators_rostergroup_projects AS link USING (periodproject_id)
            WHERE question.period_id = %(period)s
        )
        INSERT INTO indicators_fact (period_id, organisation_id, base_indicator_id, submission_id, value)
        SELECT form.period_id, form.organisation_id, asked.base_indicator_id, form.id,
            CASE WHEN asked.kind = 'boolean' THEN figure %% 2 ELSE figure END
        FROM indicators_submission AS form
        JOIN indicators_periodorganisation AS place
            ON place.period_id = form.period_id AND place.organisation_id = form.organisation_id
        JOIN asked ON asked.rostergroup_id = place.roster_group_id
        CROSS JOIN LATERAL (
            SELECT (form.organisation_id * 7919 + asked.position * 104729 + form.period_id) %% 997 AS figure
        ) AS seen
        WHERE form.period_id = %(period)s AND form.state = 'accepted'
            AND (asked.kinds = '{}' OR place.kind = ANY (asked.kinds))
        ORDER BY asked.base_indicator_id, form.organisation_id
        """,
        given,
    )


def totals_of(rows: Sequence[Sequence[object]]) -> dict[tuple[int, int], tuple[Decimal | None, int, int, int]]:
    """Rows of a roll-up by indicator and node, so that two can be compared."""
    found = {}
    for indicator, node, value, expected, submitted, accepted in rows:
        assert isinstance(indicator, int)
        assert isinstance(node, int)
        number = None if value is None else Decimal(str(value))
        found[indicator, node] = (number, int(str(expected)), int(str(submitted)), int(str(accepted)))
    return found
