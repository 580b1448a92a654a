"""The way of a change request: sent along the route of its project, decided step by step, by different people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.utils import InternalError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from organisations.models import Notification, User
from projects.models import ChangeRequest, Project, RequestEntry
from projects.passport.schema import Passport
from projects.services.approval import change_request_approve, change_request_reject
from projects.services.errors import ProtocolInDoubt, RouteRefused, StaleBase, StaleVersion, StateConflict
from projects.services.proposals import change_request_confirm, change_request_open
from projects.services.route import (
    approval_route_save,
    change_request_agree,
    change_request_return,
    change_request_send,
    change_request_withdraw,
)
from tests.conftest import Cast, Region, approve

THREE = ["head", "curator", "council"]
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def request_of(project: Project, passport: Passport, region: Region, cast: Cast) -> Callable[..., ChangeRequest]:
    """A draft that changes the goal of the project, proposed by its administrator."""

    def make(goal: str = "Дорога ещё безопаснее", author: User | None = None) -> ChangeRequest:
        return change_request_open(
            passport=project.redactions.latest("number").passport.model_copy(update={"goal": goal}),
            territory=region.root,
            project=project,
            source_file=None,
            actor=author or cast.administrator,
        )

    return make


@pytest.fixture
def sent(request_of: Callable[..., ChangeRequest], project: Project, cast: Cast) -> ChangeRequest:
    """On its way: head → curator → council."""
    approval_route_save(project=project, steps=THREE, seen="")
    return change_request_send(change_request=request_of(), version=1, actor=cast.administrator)


def finish(request: ChangeRequest, actor: User, number: str = "9", day: dt.date = DAY) -> None:
    change_request_approve(
        change_request=request,
        version=request.version,
        actor=actor,
        protocol_number=number,
        protocol_date=day,
        waivers={},
    )


def agree(request: ChangeRequest, actor: User) -> ChangeRequest:
    return change_request_agree(change_request=request, version=request.version, actor=actor)


def told(user: User, kind: str) -> list[str]:
    return list(Notification.objects.filter(recipient=user, kind=kind).values_list("text", flat=True))


def test_three_people_agree_in_turn_and_the_last_one_puts_it_in_force(
    sent: ChangeRequest, project: Project, cast: Cast
) -> None:
    for out_of_turn in (cast.curator, cast.council):
        with pytest.raises(StateConflict, match="Руководитель проекта"):
            agree(sent, out_of_turn)
    second = agree(sent, cast.head)
    with pytest.raises(StateConflict, match="на последнем шаге"):
        finish(second, cast.curator)
    third = agree(second, cast.curator)
    with pytest.raises(StateConflict, match="последний шаг"):
        agree(third, cast.council)
    finish(third, cast.council)
    assert project.redactions.latest("number").passport.goal == "Дорога ещё безопаснее"
    entries = RequestEntry.objects.filter(change_request=sent)
    assert [(row.act, row.step_title, row.actor) for row in entries] == [
        ("sent", "", cast.administrator),
        ("agreed", "Руководитель проекта", cast.head),
        ("agreed", "Куратор", cast.curator),
        ("approved", "Член совета", cast.council),
    ]
    assert len(told(cast.head, "approval_asked")) == len(told(cast.curator, "approval_asked")) == 1
    assert "шаг 3 из 3" in told(cast.council, "approval_asked")[0]
    assert "действует Редакция № 2" in told(cast.administrator, "request_decided")[0]
    assert not told(cast.auditor, "approval_asked")


def test_what_was_written_down_stays(sent: ChangeRequest) -> None:
    for write in (
        lambda: RequestEntry.objects.update(comment="иначе"),
        lambda: RequestEntry.objects.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            write()


def test_a_request_on_approval_is_not_edited(sent: ChangeRequest) -> None:
    with pytest.raises(StateConflict, match="отозвать"):
        change_request_confirm(change_request=sent, links={}, version=sent.version)


def test_what_was_returned_is_mended_and_begins_anew(sent: ChangeRequest, cast: Cast) -> None:
    second = agree(sent, cast.head)
    back = change_request_return(
        change_request=second, version=second.version, actor=cast.curator, comment="Уточните цель."
    )
    assert (back.state, back.step) == ("draft", None)
    assert "Уточните цель." in told(cast.administrator, "request_decided")[0]
    again = change_request_send(change_request=back, version=back.version, actor=cast.administrator)
    assert again.step == 1
    assert len(told(cast.head, "approval_asked")) == 2, "the head is asked once more, the same day"
    assert agree(again, cast.head).step == 2


def test_only_the_author_withdraws(sent: ChangeRequest, cast: Cast) -> None:
    with pytest.raises(StateConflict, match="тот, кто его предложил"):
        change_request_withdraw(change_request=sent, version=sent.version, actor=cast.office)
    draft = change_request_withdraw(change_request=sent, version=sent.version, actor=cast.administrator)
    assert draft.state == "draft"
    with pytest.raises(StateConflict, match="ещё черновик"):
        change_request_withdraw(change_request=draft, version=draft.version, actor=cast.administrator)


def test_a_rejection_at_any_step_is_final(sent: ChangeRequest, cast: Cast) -> None:
    second = agree(sent, cast.head)
    change_request_reject(change_request=second, version=second.version, actor=cast.curator, reason="Нет денег")
    with pytest.raises(StateConflict, match="уже закрыт"):
        agree(ChangeRequest.objects.get(pk=sent.pk), cast.council)
    assert "Нет денег" in told(cast.administrator, "request_decided")[0]


def test_who_proposed_or_wrote_does_not_decide(
    request_of: Callable[..., ChangeRequest], project: Project, cast: Cast
) -> None:
    approval_route_save(project=project, steps=["head", "any"], seen="")
    own = request_of(author=cast.head)
    sent = change_request_send(change_request=own, version=1, actor=cast.head)
    with pytest.raises(StateConflict, match="другой человек"):
        agree(sent, cast.head)
    other = request_of(author=cast.administrator)
    other.writers.add(cast.head)
    sent = change_request_send(change_request=other, version=1, actor=cast.administrator)
    with pytest.raises(StateConflict, match="правили"):
        agree(sent, cast.head)


def test_nobody_decides_two_steps(request_of: Callable[..., ChangeRequest], project: Project, cast: Cast) -> None:
    approval_route_save(project=project, steps=[f"person:{cast.curator.pk}", "any"], seen="")
    sent = change_request_send(change_request=request_of(), version=1, actor=cast.administrator)
    second = agree(sent, cast.curator)
    with pytest.raises(StateConflict, match="уже согласовали"):
        finish(second, cast.curator)
    finish(second, cast.council)


def test_the_office_records_what_the_council_decided(sent: ChangeRequest, cast: Cast) -> None:
    finish(agree(agree(sent, cast.head), cast.curator), cast.office)
    assert ChangeRequest.objects.get(pk=sent.pk).decided_by == cast.office


def test_a_draft_of_a_longer_route_must_be_sent_first(
    request_of: Callable[..., ChangeRequest], project: Project, cast: Cast
) -> None:
    approval_route_save(project=project, steps=THREE, seen="")
    with pytest.raises(StateConflict, match="ещё не отправлен"):
        finish(request_of(), cast.curator)


def test_a_route_that_is_changed_later_changes_nothing_for_what_is_on_its_way(
    sent: ChangeRequest, project: Project, cast: Cast
) -> None:
    approval_route_save(project=project, steps=["council"], seen=" ".join(THREE))
    assert agree(sent, cast.head).step == 2


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (["curator", "head"], "Последний шаг"),
        (["curator", "curator"], "дважды"),
        (["auditor"], "нет"),
        (["person:0"], "выберите другого"),
        (["office", "administrator", "head", "any", "curator", "council", "any"], "не больше 6"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused(project: Project, steps: list[str], why: str) -> None:
    with pytest.raises(RouteRefused, match=why):
        approval_route_save(project=project, steps=steps, seen="")


def test_two_people_do_not_overwrite_a_route(project: Project) -> None:
    approval_route_save(project=project, steps=["curator"], seen="")
    with pytest.raises(StaleVersion):
        approval_route_save(project=project, steps=["council"], seen="")


def test_after_another_request_the_second_is_outdated(
    request_of: Callable[..., ChangeRequest], project: Project, cast: Cast
) -> None:
    first, second = request_of("Первая цель"), request_of("Вторая цель")
    waiting = change_request_send(change_request=second, version=1, actor=cast.administrator)
    approve(first, cast.curator)
    with pytest.raises(StaleBase, match="Редакция № 2"):
        finish(waiting, cast.curator)
    assert "устарел" in told(cast.administrator, "request_decided")[-1] or any(
        "устарел" in text for text in told(cast.administrator, "request_decided")
    )
    third = request_of("Третья цель")
    third.base = project.redactions.get(number=1)
    third.save()
    with pytest.raises(StaleBase):
        change_request_send(change_request=third, version=1, actor=cast.administrator)


@pytest.mark.parametrize(
    ("number", "day", "doubt"),
    [
        ("7", dt.date(2025, 1, 20), "уже стоит у редакции № 1"),
        (" 7 ", dt.date(2025, 6, 1), "такой номер уже был"),
        ("8", dt.date(2024, 12, 1), "раньше, чем у действующей"),
        ("7", dt.date(2026, 1, 20), ""),
        ("8", dt.date(2025, 1, 20), ""),
    ],
)
def test_a_protocol_used_before_is_confirmed(
    request_of: Callable[..., ChangeRequest], cast: Cast, number: str, day: dt.date, doubt: str
) -> None:
    request = request_of()
    if doubt:
        with pytest.raises(ProtocolInDoubt, match=doubt):
            finish(request, cast.curator, number, day)
        change_request_approve(
            change_request=request,
            version=1,
            actor=cast.curator,
            protocol_number=number,
            protocol_date=day,
            waivers={},
            protocol_confirmed=True,
        )
    else:
        finish(request, cast.curator, number, day)


def test_one_council_approves_many_projects_under_one_protocol(
    project: Project, passport: Passport, region: Region, cast: Cast
) -> None:
    other = change_request_open(
        passport=passport, territory=region.root, project=None, source_file=None, actor=cast.office
    )
    finish(other, cast.council, "7", dt.date(2025, 1, 20))
    assert Project.objects.count() == 2


class _Way(RuleBasedStateMachine):
    """Whatever is asked of a request in whatever order, it goes only where its states allow."""

    cast: Cast
    request: ChangeRequest

    people = st.sampled_from(("administrator", "head", "curator", "council", "office", "auditor"))

    def _try(self, write: Callable[[ChangeRequest], object]) -> bool:
        now = ChangeRequest.objects.get(pk=self.request.pk)
        try:
            with transaction.atomic():
                write(now)
        except StateConflict:
            return False
        return True

    @rule()
    def send(self) -> None:
        author = self.cast.administrator
        done = self._try(lambda now: change_request_send(change_request=now, version=now.version, actor=author))
        assert done == (self.before == ("draft", None))

    @rule(person=people)
    def withdraw(self, person: str) -> None:
        actor = getattr(self.cast, person)
        done = self._try(lambda now: change_request_withdraw(change_request=now, version=now.version, actor=actor))
        assert done == (self.before[0] == "on_approval" and person == "administrator")

    @rule(person=people)
    def agree(self, person: str) -> None:
        done = self._try(lambda now: agree(now, getattr(self.cast, person)))
        assert done == ((*self.before, person) in {("on_approval", 1, "head"), ("on_approval", 2, "curator")})

    @rule(person=people)
    def give_back(self, person: str) -> None:
        actor = getattr(self.cast, person)
        done = self._try(
            lambda now: change_request_return(change_request=now, version=now.version, actor=actor, comment="нет")
        )
        assert done == (self.before[0] == "on_approval" and person in self._deciding())

    @rule(person=people)
    def approve(self, person: str) -> None:
        done = self._try(lambda now: finish(now, getattr(self.cast, person)))
        assert done == (self.before == ("on_approval", 3) and person in self._deciding())

    def _deciding(self) -> set[str]:
        return {1: {"head"}, 2: {"curator"}, 3: {"council", "office"}}.get(self.before[1] or 0, set())

    @invariant()
    def remember(self) -> None:
        now = ChangeRequest.objects.get(pk=self.request.pk)
        self.before = (now.state, now.step)


def test_no_order_of_deeds_leads_past_the_route(
    request_of: Callable[..., ChangeRequest], project: Project, cast: Cast
) -> None:
    approval_route_save(project=project, steps=THREE, seen="")

    class Way(_Way):
        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.savepoint()
            self.cast = cast
            self.request = request_of()
            self.before = ("draft", None)

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        Way,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
