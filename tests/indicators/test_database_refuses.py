"""What the database itself refuses, whichever way a row comes."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from indicators.models import BaseIndicator, Fact, ReportingPeriod, RolledUpValue, Submission
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, hand_in


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE indicators_reportingperiod SET number = 5", "period_number"),
        ("UPDATE indicators_reportingperiod SET kind = 'decade'", "period_kind"),
        ('UPDATE indicators_reportingperiod SET "end" = "start" - 1', "period_term"),
        ("UPDATE indicators_reportingperiod SET state = 'closed'", "period_closed"),
        (
            (
                'INSERT INTO indicators_reportingperiod (kind, year, number, "start", "end", deadline, state, version,'
                ' opened_by_id) SELECT kind, year, 2, "start" + 30, "end", deadline, state, version, opened_by_id'
                " FROM indicators_reportingperiod"
            ),
            "period_no_overlap",
        ),
        ("UPDATE indicators_submission SET state = 'approved'", "submission_(state|reviewed|checked)"),
        ("UPDATE indicators_submission SET submitted_at = NULL", "submission_submitted"),
        ("UPDATE indicators_submission SET reviewed_at = NULL", "submission_reviewed"),
        ("UPDATE indicators_submission SET reviewed_by_id = submitted_by_id", "submission_two_people"),
        ("UPDATE indicators_submission SET state = 'returned'", "submission_returned_with_comment"),
        (
            (
                "INSERT INTO indicators_submission (period_id, organisation_id, state, version, late, levels, comment)"
                " SELECT period_id, organisation_id, 'draft', 0, false, 1, '' FROM indicators_submission"
            ),
            "submission_once",
        ),
        ("UPDATE indicators_answer SET value = 'NaN'", "answer_bounds"),
        ("UPDATE indicators_answer SET value = 1e18", "answer_bounds"),
        ("UPDATE indicators_answer SET not_applicable = true", "answer_one_of_two"),
        (
            (
                "INSERT INTO indicators_answer (submission_id, question_id, value, not_applicable, explanation, remark)"
                " SELECT submission_id, question_id, 1, false, '', '' FROM indicators_answer"
            ),
            "answer_once",
        ),
        (
            (
                "INSERT INTO indicators_fact (period_id, organisation_id, base_indicator_id, submission_id, value)"
                " SELECT period_id, organisation_id, base_indicator_id, submission_id, 1 FROM indicators_fact"
            ),
            "fact_once",
        ),
        ("UPDATE indicators_baseindicator SET code = 'Доля'", "base_indicator_code"),
        ("UPDATE indicators_baseindicator SET code = 'min' WHERE code = 'safe'", "base_indicator_code"),
        ("UPDATE indicators_baseindicator SET minimum = 5, maximum = 4", "base_indicator_bounds_order"),
        ("UPDATE indicators_baseindicator SET over_organisations = 'weighted_average'", "base_indicator_weight"),
        ("UPDATE indicators_baseindicator SET kind = 'boolean'", "base_indicator_yes_is_counted"),
        ("UPDATE indicators_baseindicator SET not_above_id = id", "base_indicator_not_its_own_measure"),
        ("UPDATE indicators_baseindicator SET kinds = ARRAY['region']", "base_indicator_kinds"),
        ("UPDATE indicators_target SET year = 20", "target_year"),
        (
            (
                "INSERT INTO indicators_target (indicator_id, year, value) SELECT indicator_id, year, 1"
                " FROM indicators_target WHERE organisation_id IS NULL"
            ),
            "target_once",
        ),
        (
            "INSERT INTO indicators_threshold (effective_from, green, yellow) VALUES ('2026-01-01', 80, 90)",
            "threshold_order",
        ),
        (
            (
                "INSERT INTO indicators_rolledupvalue"
                " (indicator_id, period_id, organisation_id, operands, expected, submitted, accepted)"
                " SELECT indicator_id, period_id, 1, '{}', 1, 1, 2 FROM indicators_measurement"
            ),
            "rolled_up_value_coverage",
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused(
    statement: str, constraint: str, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    Submission.objects.filter(state="draft").delete()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_accepted_fact_never_changes(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Fact.objects.update(value=9)


def test_rows_are_named_in_words(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    form = accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)

    assert str(form) == "Школа № 1 города Ясногорска, I квартал 2026 г."
    assert {str(fact) for fact in Fact.objects.all()} == {"4", "1"}
    assert str(BaseIndicator.objects.get(code="safe")) == "Безопасные подъезды"
    assert str(RolledUpValue(value=None)) == "не определено"
