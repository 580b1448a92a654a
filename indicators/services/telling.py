"""Telling heads and coordinators what became of a form or a period. Call it last in the transaction of the write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.urls import reverse

from indicators.models import ReportingPeriod, Submission
from indicators.models.submissions import WRITABLE
from indicators.services.deadlines import database_now, moment_words
from organisations.models import Membership, NotificationKind, User
from organisations.roles import Role
from organisations.services.notifications import Notice, notify, notify_selected

NAMED = 10
"""How many of those who have not handed in a list names."""


def tell_returned(submission: Submission) -> int:
    """The head hears that the form came back, and what to correct."""
    return _tell_heads([submission], NotificationKind.RETURNED, f"форму вернули. {submission.comment}")


def tell_accepted(submissions: Sequence[Submission]) -> int:
    return _tell_heads(submissions, NotificationKind.ACCEPTED, "форма принята.")


def tell_reopened(submission: Submission, reason: str) -> int:
    """The head hears that an accepted form has to be corrected, and why."""
    return _tell_heads([submission], NotificationKind.REOPENED, f"принятую форму открыли для исправления. {reason}")


def tell_submitted(submission: Submission) -> int:
    """The coordinators hear of a form that came after its deadline, to stop chasing; of one in time nobody need."""
    if not submission.late:
        return 0
    above = Membership.objects.filter(
        role=Role.COORDINATOR, organisation__in=submission.organisation.ancestor_ids, user__is_active=True
    )
    people = above.values_list("user_id", flat=True)
    notices = [_notice(submission, person, "форма сдана с опозданием.") for person in people]
    return notify(kind=NotificationKind.SENT_LATE, notices=notices)


def tell_opened(period: ReportingPeriod) -> int:
    """Every head hears of the form that waits, each of their own; of a past that is brought over nobody need."""
    if period.deadline <= database_now():
        return 0
    sentence = f"открыт отчётный период «{period}». Сдать форму до {moment_words(period.deadline)}."
    return tell_heads_of(period, NotificationKind.PERIOD_OPENED, sentence)


def tell_prolonged(period: ReportingPeriod, reason: str) -> int:
    """Heads who have not handed in hear of the new deadline, and so do the coordinators above them."""
    sentence = f"срок за {period} продлён до {moment_words(period.deadline)}. Причина: {reason}"
    about = f":until:{period.deadline:%Y%m%d%H%M}"
    heads = tell_heads_of(period, NotificationKind.DEADLINE_MOVED, sentence, about=about)
    sentence = f"Срок за {period} продлён до {moment_words(period.deadline)}. Причина: {reason}"
    tell_overseers_of(period, NotificationKind.DEADLINE_MOVED, sentence, roles=[Role.COORDINATOR], about=about)
    return heads


def tell_filled_for(period: ReportingPeriod, forms: Collection[int], actor: User) -> int:
    """Heads hear that their municipality has filled in their drafts, once a day: handing in stays theirs."""
    sentence = f"форму за {period} заполнил муниципалитет ({actor.short_name}). Проверьте ответы и отправьте её."
    return tell_heads_of(period, NotificationKind.FILLED_FOR, sentence, about=":filled", forms=forms)


def tell_heads_of(
    period: ReportingPeriod,
    kind: NotificationKind,
    sentence: str,
    *,
    about: str = "",
    day: dt.date | None = None,
    forms: Collection[int] | None = None,
) -> int:
    """Tell the head of every organisation (or of these forms) whose form for the period is not handed in.

    One statement. ``about`` tells apart what is told of one form on one day, ``day`` is the day it belongs to.
    """
    before, after = _address_around("indicators:submission")
    select = """
        SELECT head.user_id, 'submission:' || form.id || %(about)s,
               organisation.short_name || ': ' || %(sentence)s, %(before)s || form.id || %(after)s
        FROM indicators_submission AS form
        JOIN organisations_organisation AS organisation ON organisation.id = form.organisation_id
        JOIN organisations_membership AS head ON head.organisation_id = form.organisation_id AND head.role = %(role)s
        WHERE form.period_id = %(period)s AND form.state = ANY(%(writable)s)
          AND (%(forms)s::bigint[] IS NULL OR form.id = ANY(%(forms)s))
    """
    params = {
        "sentence": sentence,
        "about": about,
        "before": before,
        "after": after,
        "role": Role.REPORTER,
        "period": period.pk,
        "writable": sorted(WRITABLE),
        "forms": None if forms is None else list(forms),
    }
    return notify_selected(kind=kind, select=select, params=params, day=day)


def tell_overseers_of(
    period: ReportingPeriod,
    kind: NotificationKind,
    sentence: str,
    *,
    roles: Collection[Role],
    by_place: bool = False,
    about: str = "",
    day: dt.date | None = None,
) -> int:
    """Give everybody who holds one of these roles one list of the organisations below that have not handed in.

    It names the first of them, or with ``by_place`` the municipalities that have most. Nobody is told of nothing. One
    statement: it counts before it looks who oversees what, and the ancestors of a node are the numbers in its path,
    which beats comparing prefixes.
    """
    before, after = _address_around("indicators:period_late")
    params = {
        "sentence": sentence,
        "about": about,
        "link": f"{before}{period.pk}{after}",
        "roles": list(roles),
        "period": period.pk,
        "writable": sorted(WRITABLE),
        "by_place": by_place,
        "named": NAMED,
    }
    return notify_selected(kind=kind, select=_OVERSEERS, params=params, day=day)


_OVERSEERS = """
    WITH unit AS (
        SELECT named.path, named.short_name AS name, named.sort_key,
               count(*) AS expected, count(*) FILTER (WHERE form.state = ANY(%(writable)s)) AS owed
        FROM indicators_submission AS form
        JOIN organisations_organisation AS organisation ON organisation.id = form.organisation_id
        JOIN organisations_organisation AS named
          ON named.id = CASE WHEN %(by_place)s THEN organisation.parent_id ELSE organisation.id END
        WHERE form.period_id = %(period)s
        GROUP BY named.id
    ), overseen AS (
        SELECT DISTINCT membership.user_id, unit.*
        FROM unit
        CROSS JOIN LATERAL unnest(string_to_array(rtrim(unit.path, '.'), '.')::bigint[]) AS above (id)
        JOIN organisations_membership AS membership
          ON membership.organisation_id = above.id AND membership.role = ANY(%(roles)s)
    ), listed AS (
        SELECT user_id, sum(expected) AS expected, sum(owed) AS owed, count(*) FILTER (WHERE owed > 0) AS names,
               (array_agg(CASE WHEN %(by_place)s THEN name || ' — ' || owed ELSE name END ORDER BY owed DESC, sort_key)
                   FILTER (WHERE owed > 0))[1:%(named)s] AS first
        FROM overseen GROUP BY user_id
    )
    SELECT user_id, 'period:' || %(period)s || %(about)s,
           %(sentence)s || ' Не сдали ' || owed || ' из ' || expected || ': ' || array_to_string(first, '; ')
               || CASE WHEN names > %(named)s THEN ' и другие, ещё ' || (names - %(named)s) || '.' ELSE '.' END,
           %(link)s
    FROM listed WHERE owed > 0
"""


def _address_around(name: str) -> tuple[str, str]:
    """What stands before and after the number in an address, for a statement that puts in numbers itself."""
    before, after = reverse(name, args=[0]).split("0")
    return before, after


def _tell_heads(submissions: Sequence[Submission], kind: NotificationKind, sentence: str) -> int:
    by_organisation = {submission.organisation_id: submission for submission in submissions}
    heads = Membership.objects.filter(role=Role.REPORTER, organisation__in=by_organisation)
    found = [(by_organisation[place], person) for place, person in heads.values_list("organisation_id", "user_id")]
    return notify(kind=kind, notices=[_notice(submission, person, sentence) for submission, person in found])


def _notice(submission: Submission, person: int, sentence: str) -> Notice:
    # A form can be returned twice in a day, and each time is news: its version tells them apart.
    subject = f"submission:{submission.pk}:{submission.version}"
    text = f"{submission.organisation}, {submission.period}: {sentence}"
    return Notice(person, subject, text, reverse("indicators:submission", args=[submission.pk]))
