"""A region for the bench of the roll-up: every rule of both axes, two projects with different rosters, two kinds of
organisation that are asked different things, two periods.

Made with bulk SQL where there are many rows, through the services where a rule decides (opening a period).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from indicators.models import BaseIndicator, Indicator, ReportingPeriod
from indicators.services import base_indicator_save, formula_save, period_open
from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project

MOSCOW = dt.timezone(dt.timedelta(hours=3))
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


def build(*, organisations: int, municipalities: int = 20, periods: int = 2) -> list[ReportingPeriod]:
    """Make the region in the connected database and return its periods, all accepted but for a few in a hundred."""
    root = organisation_create(kind="region", name="Область")
    office = user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, root),))
    _tree(root, organisations, municipalities)
    _catalogue(office)
    projects = [_project(title, root, office) for title in (FIRST, SECOND)]
    _name_every_second(projects[1])
    made = [
        period_open(
            kind="month",
            year=2026,
            number=number,
            deadline=dt.datetime(2026, 12, 31, tzinfo=MOSCOW),
            projects=projects,
            actor=office,
        )
        for number in range(1, periods + 1)
    ]
    _accept(made, office)
    return made


def _tree(root: Organisation, organisations: int, municipalities: int) -> None:
    """Schools spread evenly over the municipalities of one region, every ninth of them a college."""
    towns = [organisation_create(kind="municipality", name=f"Район {n}", parent=root) for n in range(municipalities)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO organisations_organisation
                (id, parent_id, path, depth, kind, name, short_name, sort_key, oktmo, created_at)
            SELECT school.id, town.id, town.path || school.id || '.', town.depth + 1,
                CASE WHEN n %% 9 = 0 THEN 'college' ELSE 'school' END,
                'Организация ' || n, 'Организация ' || n, 'организация ' || n, '', now()
            FROM (
                SELECT n, nextval(pg_get_serial_sequence('organisations_organisation', 'id')) AS id
                FROM generate_series(1, %s) AS n
            ) AS school
            JOIN unnest(%s::bigint[]) WITH ORDINALITY AS chosen (town_id, place) ON chosen.place = 1 + n %% %s
            JOIN organisations_organisation AS town ON town.id = chosen.town_id
            """,
            [organisations, [town.pk for town in towns], len(towns)],
        )


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


def _name_every_second(project: Project) -> None:
    """Every second organisation stands in the breakdown of the project: its roster differs from the other one's."""
    indicator = Indicator.objects.filter(project=project).order_by("position")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_target (indicator_id, organisation_id, year, value)
            SELECT %s, id, 2026, 50 FROM organisations_organisation WHERE kind IN ('school', 'college') AND id %% 2 = 0
            """,
            [indicator.pk],
        )


def _accept(periods: Sequence[ReportingPeriod], office: User) -> None:
    """Of a hundred forms two are drafts, three wait for review, the rest are accepted with mixed figures."""
    reporter = user_create(login="reporter", full_name="Орлова Нина")
    with connection.cursor() as cursor:
        for period in periods:
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
                {"reporter": reporter.pk, "office": office.pk, "period": period.pk},
            )
            cursor.execute(
                """
                INSERT INTO indicators_fact (period_id, organisation_id, base_indicator_id, submission_id, value)
                SELECT form.period_id, form.organisation_id, question.base_indicator_id, form.id,
                    CASE WHEN question.kind = 'boolean' THEN figure %% 2 ELSE figure END
                FROM indicators_submission AS form
                JOIN indicators_periodorganisation AS place
                    ON place.period_id = form.period_id AND place.organisation_id = form.organisation_id
                JOIN indicators_question AS question ON question.period_id = form.period_id
                CROSS JOIN LATERAL (
                    SELECT (form.organisation_id * 7919 + question.position * 104729 + form.period_id) %% 997 AS figure
                ) AS seen
                WHERE form.period_id = %(period)s AND form.state = 'accepted'
                    AND (question.kinds = '{}' OR place.kind = ANY (question.kinds))
                    AND EXISTS (
                        SELECT FROM indicators_rostergroup_projects AS link
                        JOIN indicators_periodproject_questions AS asked USING (periodproject_id)
                        WHERE link.rostergroup_id = place.roster_group_id AND asked.question_id = question.id
                    )
                """,
                {"period": period.pk},
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def totals_of(rows: Sequence[Sequence[object]]) -> dict[tuple[int, int], tuple[Decimal | None, int, int, int]]:
    """Rows of a roll-up by indicator and node, so that two can be compared."""
    found = {}
    for indicator, node, value, expected, submitted, accepted in rows:
        assert isinstance(indicator, int)
        assert isinstance(node, int)
        number = None if value is None else Decimal(str(value))
        found[indicator, node] = (number, int(str(expected)), int(str(submitted)), int(str(accepted)))
    return found
