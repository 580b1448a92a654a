"""Who has access, the letters that did not reach them, and the workbooks that the register was loaded from."""

from __future__ import annotations

from django.utils import timezone

from organisations.access import require
from organisations.forms.people import PeopleFilters
from organisations.models import RegisterLoad
from organisations.roles import Action
from organisations.selectors.letters import undelivered
from organisations.selectors.people import AccountState, people_listed
from organisations.views.people import INVITED_WORDS
from organisations.views.requests import SignedInRequest
from reports.documents.dataset import Column, Dataset
from reports.moment import as_of_now


def people(request: SignedInRequest) -> Dataset:
    require(request.user, Action.INVITE_HEADS)
    rows = people_listed(request.user, **PeopleFilters(request.GET).chosen())
    return Dataset(
        title="Люди",
        lines=(as_of_now(),),
        columns=tuple(
            Column(title=title) for title in ("Кто", "Должность", "Логин", "Роли", "Учётная запись", "Приглашение")
        ),
        rows=tuple(
            (
                row.full_name,
                row.position or None,
                row.login,
                "; ".join(f"{role.get_role_display()}, {role.organisation.short_name}" for role in row.roles) or None,  # type: ignore[attr-defined]
                str(AccountState(row.state).label),  # type: ignore[attr-defined]
                ", ".join(INVITED_WORDS[one.kind] for one in row.open_invitations) or None,  # type: ignore[attr-defined]
            )
            for row in rows
        ),
    )


def register_loads(request: SignedInRequest) -> Dataset:
    require(request.user, Action.MANAGE_ORGANISATIONS)
    rows = RegisterLoad.objects.visible_to(request.user).select_related("file", "actor")
    return Dataset(
        title="Загрузки реестра организаций",
        lines=(as_of_now(),),
        columns=(
            Column(title="Файл"),
            Column(title="Когда", kind="date"),
            Column(title="Кто"),
            Column(title="Состояние"),
        ),
        rows=tuple(
            (row.file.name, timezone.localdate(row.created_at), row.actor.full_name, row.get_state_display())
            for row in rows
        ),
    )


def letters(request: SignedInRequest) -> Dataset:
    require(request.user, Action.INVITE_HEADS)
    return Dataset(
        title="Недоставленные письма",
        lines=(as_of_now(),),
        columns=(
            Column(title="Письмо"),
            Column(title="Кому"),
            Column(title="Адрес"),
            Column(title="Когда", kind="date"),
            Column(title="Почему не ушло"),
        ),
        rows=tuple(
            (
                str(letter.job),
                "; ".join(person.full_name for person in letter.people),
                letter.address or "не указан",
                timezone.localdate(letter.job.finished_at) if letter.job.finished_at else None,
                letter.job.detail or letter.job.error or None,
            )
            for letter in undelivered(request.user)
        ),
    )
