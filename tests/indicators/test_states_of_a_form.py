"""Whatever people try in whatever order, a form goes only the ways that its states allow, and the database agrees.

The model below knows who may do what from where, told anew and without a look at the gate. Every step tries one write
by one person; what the portal lets through must be what the model expects, and nothing else may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from indicators.models import Acceptance, Answer, Fact, Indicator, Reopening, Submission
from indicators.services import (
    StateConflict,
    submission_accept,
    submission_check,
    submission_reopen,
    submission_return,
    submission_save_draft,
    submission_submit,
)
from indicators.services.review_settings import review_route_save
from organisations.models import User
from organisations.roles import Role
from organisations.services import user_create
from tests.conftest import Cast, Region
from tests.indicators.steps import form_at, open_period

WRITABLE = {"draft", "returned", "reopened"}
PEOPLE = ("reporter", "office", "head", "both", "coordinator", "auditor", "stranger")


class TrialOver(Exception):
    """Ends a run, with all that it wrote."""


def machine(forms: dict[int, Submission], people: dict[str, User]) -> type[RuleBasedStateMachine]:
    class Review(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._all = transaction.atomic()
            self._all.__enter__()
            self.state = dict.fromkeys(forms, "draft")
            self.author: dict[int, str] = {}
            self.filler: dict[int, str] = {}
            self.checker: dict[int, str] = {}
            self.acceptances = dict.fromkeys(forms, 0)
            self.reopenings = dict.fromkeys(forms, 0)

        def teardown(self) -> None:
            self._all.__exit__(TrialOver, TrialOver(), None)

        @contextmanager
        def tried(self, allowed: bool) -> Iterator[None]:
            """A write that the model expects to pass, or to be refused without a trace."""
            try:
                with transaction.atomic():
                    yield
            except (PermissionDenied, StateConflict):
                assert not allowed
            else:
                assert allowed

        def form(self, levels: int) -> Submission:
            found: Submission = Submission.objects.select_related("period").get(pk=forms[levels].pk)
            return found

        def _reviews(self, levels: int, who: str) -> bool:
            """Whether this person may decide now: the rules of the domain notes, §4, in plain words."""
            if who in {self.author.get(levels), self.filler.get(levels)} or who == self.checker.get(levels):
                return False
            if self.state[levels] == "submitted" and levels == 2:
                return who == "coordinator"
            return self.state[levels] in {"submitted", "checked"} and who in {"office", "head", "both"}

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE), roads=st.integers(2, 9))
        def save(self, levels: int, who: str, roads: int) -> None:
            form = self.form(levels)
            allowed = self.state[levels] in WRITABLE and who in {"reporter", "both"}
            before = {answer.question.code: answer.value for answer in form.answers.select_related("question")}
            values = {"roads": str(roads), "safe": "1"}
            with self.tried(allowed):
                submission_save_draft(submission=form, values=values, version=form.version, actor=people[who])
            if allowed and before != {"roads": roads, "safe": 1}:
                self.filler[levels] = who

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE))
        def submit(self, levels: int, who: str) -> None:
            form = self.form(levels)
            if form.answers.count() < 2:
                return
            allowed = self.state[levels] in WRITABLE and who in {"reporter", "both"}
            with self.tried(allowed):
                submission_submit(submission=form, version=form.version, actor=people[who])
            if allowed:
                self.state[levels], self.author[levels] = "submitted", who

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE))
        def check(self, levels: int, who: str) -> None:
            form = self.form(levels)
            allowed = levels == 2 and self.state[levels] == "submitted" and self._reviews(levels, who)
            with self.tried(allowed):
                submission_check(submission=form, version=form.version, actor=people[who])
            if allowed:
                self.state[levels], self.checker[levels] = "checked", who

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE))
        def accept(self, levels: int, who: str) -> None:
            form = self.form(levels)
            allowed = self._reviews(levels, who) and (levels == 1 or self.state[levels] == "checked")
            with self.tried(allowed):
                submission_accept(submission=form, version=form.version, actor=people[who])
            if allowed:
                self.state[levels] = "accepted"
                self.acceptances[levels] += 1

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE))
        def send_back(self, levels: int, who: str) -> None:
            form = self.form(levels)
            allowed = self._reviews(levels, who)
            with self.tried(allowed):
                submission_return(submission=form, version=form.version, comment="Проверьте.", actor=people[who])
            if allowed:
                self.state[levels] = "returned"
                self.checker.pop(levels, None)

        @rule(levels=st.sampled_from((1, 2)), who=st.sampled_from(PEOPLE))
        def reopen(self, levels: int, who: str) -> None:
            form = self.form(levels)
            authors = {self.author.get(levels), self.filler.get(levels)}
            allowed = self.state[levels] == "accepted" and who in {"office", "head", "both"} - authors
            with self.tried(allowed):
                submission_reopen(submission=form, version=form.version, reason="Ошибка.", actor=people[who])
            if allowed:
                self.state[levels] = "reopened"
                self.checker.pop(levels, None)
                self.reopenings[levels] += 1

        @invariant()
        def the_database_agrees(self) -> None:
            for levels in forms:
                form = self.form(levels)
                assert form.state == self.state[levels]
                accepted = form.state == "accepted"
                answers = set(Answer.objects.filter(submission=form).values_list("question__base_indicator", "value"))
                facts = set(Fact.objects.filter(submission=form).values_list("base_indicator", "value"))
                assert facts == (answers if accepted else set())
                assert Acceptance.objects.filter(submission=form).count() == self.acceptances[levels]
                assert Reopening.objects.filter(acceptance__submission=form).count() == self.reopenings[levels]
                assert self.acceptances[levels] - self.reopenings[levels] == int(accepted)

    return Review


@pytest.mark.django_db
def test_no_order_of_actions_leads_where_it_must_not(indicator: Indicator, region: Region, cast: Cast) -> None:
    once = open_period(cast.office, indicator.project)
    review_route_save(project=indicator.project, municipality_first=True, actor=cast.office)
    twice = open_period(cast.office, indicator.project, number=2)
    roles = ((Role.OFFICE, region.root), (Role.REPORTER, region.root))
    people = {
        "reporter": cast.reporters[0],
        "office": cast.office,
        "head": cast.head,
        "both": user_create(login="both", full_name="Обоев Иван Иванович", roles=roles),
        "coordinator": cast.coordinator,
        "auditor": cast.auditor,
        "stranger": cast.stranger,
    }
    forms = {1: form_at(once, region.schools[0]), 2: form_at(twice, region.schools[0])}

    run_state_machine_as_test(
        machine(forms, people),
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
