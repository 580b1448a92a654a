"""Random trees, rules, rosters and events: what is folded bit by bit, what is computed at once and the plain model
agree to the last digit. ``make soak`` tells thousands of such stories.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

from indicators.models import BaseIndicator, ReportingPeriod
from organisations.models import User
from organisations.services import organisation_create
from tests.indicators.roll_up_stories import Story, first_story, office_of, stories, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> User:
    return office_of(organisation_create(kind="region", name="Область"))


# No shrinking: it would take minutes, and the soak prints the seed of a story that fails.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
def test_every_figure_of_every_node_is_that_of_the_plain_model(story: Story, office: User) -> None:
    with transaction.atomic():
        tell(story, office)
        transaction.set_rollback(True)


def test_the_statement_reads_facts_by_their_covering_index_alone(office: User) -> None:
    everybody = (1, "school", frozenset({0, 1}))
    tell(first_story([everybody, everybody], [("accepted", {"x": Decimal(1)})] * 2), office)
    with connection.cursor() as cursor:
        # On so few rows anything is as cheap; what is asked here is whether the index can do it alone.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT organisation_id, base_indicator_id, value FROM indicators_fact"
            " WHERE period_id = %s AND base_indicator_id = ANY (%s)",
            [ReportingPeriod.objects.get().pk, [made.pk for made in BaseIndicator.objects.all()]],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using fact_once" in plan
