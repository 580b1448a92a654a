"""What is said of a row of the plan, by whom, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from milestones.models import PlanProgress, PlanRow
from milestones.responsible import accounts_of, candidates
from milestones.services import assignee_set, completion_undo
from organisations.roles import Role
from organisations.services import user_create
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.errors import StaleVersion, StateConflict, ValidationFailed
from tests.conftest import Cast, Region
from tests.milestones.conftest import PLAN, Saved, day, redacted

RowOf = Callable[[str], PlanRow]


def test_a_row_is_done_and_its_forecast_is_gone(row: RowOf, save: Saved) -> None:
    save(row("1.1"), forecast=day(9), forecast_reason="Дожди")
    done = save(row("1.1"), completed_on=day(0), forecast=day(9), comment=" Акт подписан ")

    assert (done.completed_on, done.forecast, done.forecast_reason) == (day(0), None, "")
    assert (done.comment, done.version) == ("Акт подписан", 2)


def test_nothing_new_writes_nothing(row: RowOf, save: Saved) -> None:
    save(row("1.1"), comment="Идёт")
    assert save(row("1.1"), comment="Идёт").version == 1


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"completed_on": day(1)}, "completed_on", "ещё не наступил"),
        ({"completed_on": day(-400)}, "completed_on", "проверьте год"),
        ({"forecast": day(-1), "forecast_reason": "Так"}, "forecast", "уже прошёл"),
        ({"forecast": day(9)}, "forecast_reason", "почему"),
        ({"forecast": day(9), "forecast_reason": "  "}, "forecast_reason", "почему"),
    ],
)
def test_dates_that_cannot_be_are_refused(
    row: RowOf, save: Saved, said: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        save(row("1.1"), **said)
    assert words in refused.value.errors[field]
    assert not PlanProgress.objects.exists()


def test_a_forecast_that_moves_asks_for_its_reason_again(row: RowOf, save: Saved) -> None:
    save(row("1.1"), forecast=day(9), forecast_reason="Дожди")
    with pytest.raises(ValidationFailed):
        save(row("1.1"), forecast=day(20))
    kept = save(row("1.1"), forecast=day(9), comment="Сухо")
    assert (kept.forecast_reason, kept.comment) == ("Дожди", "Сухо")


def test_a_forecast_that_has_passed_meanwhile_does_not_stand_in_the_way(row: RowOf, save: Saved) -> None:
    PlanProgress.objects.create(row=row("1.1"), forecast=day(-3), forecast_reason="Дожди", version=1)
    assert save(row("1.1"), forecast=day(-3), comment="Опять дожди").comment == "Опять дожди"


def test_a_completion_is_undone_with_a_reason_and_no_other_way(row: RowOf, save: Saved, cast: Cast) -> None:
    done = save(row("1.1"), completed_on=day(0))
    with pytest.raises(ValidationFailed, match="Отменить выполнение"):
        save(row("1.1"), comment="Нет")
    with pytest.raises(ValidationFailed, match="почему"):
        completion_undo(row=row("1.1"), version=done.version, reason=" ", actor=cast.office)
    undone = completion_undo(row=row("1.1"), version=done.version, reason="Акт отозван", actor=cast.office)
    assert (undone.completed_on, undone.undone_reason) == (None, "Акт отозван")
    with pytest.raises(StateConflict):
        completion_undo(row=row("1.1"), version=undone.version, reason="Ещё раз", actor=cast.office)


def test_two_people_cannot_overwrite_one_another(row: RowOf, save: Saved) -> None:
    save(row("1.1"), comment="Первый")
    with pytest.raises(StaleVersion):
        save(row("1.1"), comment="Второй", version=0)


def test_a_row_that_was_dropped_takes_no_more(
    plan: Project, passport: Passport, row: RowOf, save: Saved, cast: Cast
) -> None:
    gone = row("1.2.1")
    redacted(passport, [PLAN[0], *PLAN[1:4], PLAN[5]], plan, cast)
    with pytest.raises(StateConflict, match="исключила"):
        save(gone, comment="Поздно")


def test_who_may_write_of_a_row(row: RowOf, save: Saved, cast: Cast) -> None:
    for person in (cast.office, cast.head, cast.administrator):
        save(row("1.1"), actor=person, comment=person.login)
    # The plan names the curator in 1.1.2 and nowhere else.
    save(row("1.1.2"), actor=cast.curator, comment="Видел сам")
    for person in (cast.curator, cast.council, cast.coordinator, cast.auditor, cast.reporters[0], cast.stranger):
        with pytest.raises(PermissionDenied):
            save(row("1.1"), actor=person, comment="Нельзя")


def test_names_of_the_plan_are_matched_to_the_only_account_of_that_name(row: RowOf, cast: Cast, region: Region) -> None:
    def logins(number: str) -> list[str]:
        found = row(number)
        return [user.login for user in accounts_of([found])[found.pk]]

    assert logins("1.1") == ["head"]
    assert logins("1.1.2") == ["administrator", "curator"]
    assert logins("1.2.1") == []
    twin = user_create(login="twin", full_name="Громов Богдан Игоревич", roles=((Role.CURATOR, region.root),))
    assert logins("1.1") == [], "two people of one surname and initials"
    twin.memberships.all().delete()
    user_create(login="pupil", full_name="Громов Борис Ильич", roles=((Role.REPORTER, region.schools[0]),))
    assert logins("1.1") == ["head"], "heads of schools are set by hand"


def test_staff_make_an_account_responsible_by_hand(row: RowOf, save: Saved, cast: Cast, region: Region) -> None:
    people = candidates(region.root)
    assert cast.coordinator in people
    assert not {cast.auditor, cast.reporters[0], cast.stranger} & set(people)
    assignee_set(row=row("1.1"), version=0, assignee=cast.coordinator, actor=cast.office)
    save(row("1.1"), actor=cast.coordinator, comment="Принято")
    with pytest.raises(PermissionDenied):
        assignee_set(row=row("1.1"), version=2, assignee=cast.curator, actor=cast.coordinator)
    assignee_set(row=row("1.1"), version=2, assignee=None, actor=cast.office)
    with pytest.raises(PermissionDenied):
        save(row("1.1"), actor=cast.coordinator, comment="Больше нельзя")
