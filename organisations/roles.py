"""Who may do what: the roles of the field and the actions of the portal, in one table.

Source of the roles: the table of people in the domain notes (project office, head and administrator of a project,
curator and council, municipal coordinator, head of an organisation, auditor). A role is held at a node of the tree of
organisations and reaches everything below it.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    OFFICE = "office", "Проектный офис"
    HEAD = "head", "Руководитель проекта"
    ADMINISTRATOR = "administrator", "Администратор проекта"
    CURATOR = "curator", "Куратор"
    COUNCIL = "council", "Член совета"
    COORDINATOR = "coordinator", "Муниципальный координатор"
    REPORTER = "reporter", "Руководитель организации"
    AUDITOR = "auditor", "Аудитор"


class Action(StrEnum):
    """What a person can do beyond reading what lies in their part of the tree."""

    PROPOSE_PASSPORT = "propose_passport"
    APPROVE_PASSPORT = "approve_passport"
    EDIT_CATALOGUE = "edit_catalogue"
    MANAGE_PERIODS = "manage_periods"
    REVIEW_SUBMISSIONS = "review_submissions"
    WRITE_SUBMISSION = "write_submission"
    READ_SUBMISSIONS = "read_submissions"
    REQUEST_DOCUMENTS = "request_documents"
    READ_STYLEGUIDE = "read_styleguide"


_STAFF_READS = {Action.READ_SUBMISSIONS, Action.REQUEST_DOCUMENTS, Action.READ_STYLEGUIDE}
_KEEPS_PASSPORT = _STAFF_READS | {
    Action.PROPOSE_PASSPORT,
    Action.EDIT_CATALOGUE,
    Action.MANAGE_PERIODS,
    Action.REVIEW_SUBMISSIONS,
}

ACTIONS_OF_ROLE: dict[str, frozenset[Action]] = {
    # The project office records the council's decision, hence it may approve as well.
    Role.OFFICE: frozenset(_KEEPS_PASSPORT | {Action.APPROVE_PASSPORT}),
    Role.HEAD: frozenset(_KEEPS_PASSPORT),
    Role.ADMINISTRATOR: frozenset(_KEEPS_PASSPORT),
    Role.CURATOR: frozenset(_STAFF_READS | {Action.APPROVE_PASSPORT}),
    Role.COUNCIL: frozenset(_STAFF_READS | {Action.APPROVE_PASSPORT}),
    Role.COORDINATOR: frozenset({Action.READ_SUBMISSIONS, Action.REQUEST_DOCUMENTS}),
    Role.REPORTER: frozenset({Action.WRITE_SUBMISSION, Action.READ_SUBMISSIONS}),
    Role.AUDITOR: frozenset({Action.READ_SUBMISSIONS, Action.REQUEST_DOCUMENTS}),
}
