"""Looking at forms for what is odd. A form is judged when it is handed in; its peers are looked at from time to time.

Comparing with the organisations of its kind needs all their answers, 800,000 in a country. So their middle half is kept
(one statement, see ``peer_spread.sql``) and refreshed four times an hour, and one form is judged by what is kept.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from indicators.anomalies import Asked, Oddity, Rule, Spread, oddities
from indicators.models import (
    AnomalyRule,
    Answer,
    Fact,
    FormAnomalies,
    PeerSpread,
    PeriodOrganisation,
    ReportingPeriod,
    Submission,
)
from organisations.access import require
from organisations.models import User
from organisations.prepared import Prepared
from organisations.roles import Action
from projects.services.saving import row_save

PERIODS_BACK = 8
"""How many earlier periods an organisation is compared with: what it was two years ago says little."""
_BATCH = 1000


@transaction.atomic
def anomaly_rule_save(
    *, effective_from: dt.date, times: Decimal, fence: Decimal, peers: int, actor: User
) -> AnomalyRule:
    """Say from a day on what is odd. Raises ``ValidationFailed`` by field."""
    require(actor, Action.EDIT_CATALOGUE)
    row = AnomalyRule.objects.select_for_update().filter(effective_from=effective_from).first()
    row = row or AnomalyRule(effective_from=effective_from)
    row.times, row.fence, row.peers = times, fence, peers
    row_save(row)
    return row


_RULE = Prepared(lambda day: AnomalyRule.objects.filter(effective_from__lte=day)[:1])
_KINDS = Prepared(
    lambda period, organisations: PeriodOrganisation.objects.filter(
        period=period, organisation__in=organisations.each
    ).values_list("organisation_id", "kind")
)
_SPREADS = Prepared(lambda period: PeerSpread.objects.filter(question__period=period))
_EARLIER = Prepared(
    lambda kind, day: ReportingPeriod.objects.filter(kind=kind, end__lt=day).order_by("-end")[:PERIODS_BACK]
)
_ANSWERS = Prepared(lambda forms: Answer.objects.filter(submission__in=forms.each).select_related("question"))
_PAST = Prepared(
    lambda periods, organisations, asked: Fact.objects.filter(
        period__in=periods.each, organisation__in=organisations.each, base_indicator__in=asked.each
    ).values_list("period_id", "organisation_id", "base_indicator_id", "value")
)


def rule_today() -> Rule:
    row = _RULE.first(timezone.localdate())
    return Rule(row.times, row.fence, row.peers) if row else Rule()


def spreads_refresh(*, period: ReportingPeriod) -> int:
    """Look at all forms of a period anew, and then judge again those that wait; returns how many were judged."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement(), {"period": period.pk})
    waiting = Submission.objects.waiting().filter(period=period).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        judge(list(Submission.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("period")))
    return len(ids)


def judge(forms: Sequence[Submission]) -> None:
    """Find what is odd in forms of one period and keep it beside each. A constant number of queries."""
    if not forms:
        return
    rule, asked = rule_today(), _asked(forms)
    FormAnomalies.objects.bulk_create(
        [_kept(form, oddities(asked[form.pk], rule)) for form in forms],
        update_conflicts=True,
        unique_fields=["submission"],
        update_fields=["weight", "unexplained", "found", "looked_at"],
    )


def _kept(form: Submission, found: list[Oddity]) -> FormAnomalies:
    return FormAnomalies(
        submission=form,
        weight=sum(oddity.weight for oddity in found),
        unexplained=any(oddity.unexplained for oddity in found),
        found=[{"code": row.code, "name": row.name, "sentence": row.sentence, "weight": row.weight} for row in found],
        looked_at=Now(),
    )


def _asked(forms: Sequence[Submission]) -> dict[int, list[Asked]]:
    period = forms[0].period
    organisations = {form.pk: form.organisation_id for form in forms}
    kinds = dict(_KINDS.all(period.pk, list(organisations.values())))
    spreads = {
        (row.question_id, row.kind): Spread(row.count, row.lower, row.median, row.upper)
        for row in _SPREADS.all(period.pk)
    }
    earlier = _EARLIER.all(period.kind, period.start)[::-1]
    found: dict[int, list[Asked]] = {form.pk: [] for form in forms}
    answers = _ANSWERS.all(list(organisations))
    past = _past(earlier, list(organisations.values()), {answer.question.base_indicator_id for answer in answers})
    wholes = {answer.question.base_indicator_id: answer.question.code for answer in answers}
    for answer in answers:
        question, organisation = answer.question, organisations[answer.submission_id]
        found[answer.submission_id].append(
            Asked(
                code=question.code,
                name=question.name,
                kind=question.kind,
                over_time=question.over_time,
                value=answer.value,
                explanation=answer.explanation,
                past=tuple(past[organisation, question.base_indicator_id]),
                same_year=bool(earlier) and earlier[-1].year == period.year,
                spread=spreads.get((question.pk, kinds[organisation])),
                whole=wholes.get(question.not_above_id or 0, ""),
            )
        )
    return found


def _past(
    earlier: Sequence[ReportingPeriod], organisations: Sequence[int], asked: Collection[int]
) -> dict[tuple[int, int], list[Decimal]]:
    """Accepted figures by organisation and base indicator, the oldest first. The base indicators are named, or the
    index of facts would be read for whole periods.
    """
    order = {period.pk: place for place, period in enumerate(earlier)}
    rows = _PAST.all(list(order), list(organisations), list(asked)) if order and asked else []
    found: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for _, organisation, base, value in sorted(rows, key=lambda row: order[row[0]]):
        found[organisation, base].append(value)
    return found


@cache
def _statement() -> str:
    return (Path(__file__).parent.parent / "peer_spread.sql").read_text(encoding="utf-8")
