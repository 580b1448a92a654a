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
    SET_APPROVAL_ROUTE = "set_approval_route"
    """Say who agrees to a change of a passport before it is approved."""
    EDIT_CATALOGUE = "edit_catalogue"
    MANAGE_PERIODS = "manage_periods"
    REVIEW_SUBMISSIONS = "review_submissions"
    CHECK_SUBMISSIONS = "check_submissions"
    """Be the first of two to review a form, for the municipality."""
    WRITE_SUBMISSION = "write_submission"
    FILL_FOR_SCHOOLS = "fill_for_schools"
    """Fill in drafts for organisations that report; handing them in stays with their heads."""
    READ_SUBMISSIONS = "read_submissions"
    REQUEST_DOCUMENTS = "request_documents"
    READ_STYLEGUIDE = "read_styleguide"
    READ_REGISTER = "read_register"
    MANAGE_ORGANISATIONS = "manage_organisations"
    INVITE_HEADS = "invite_heads"
    """Give access to heads of organisations, and take it away."""
    MANAGE_PEOPLE = "manage_people"
    """The same for everybody, whatever their role."""
    ENTER_EXECUTION = "enter_execution"
    """Say what was contracted and executed of the money of a project."""
    EDIT_CALENDAR = "edit_calendar"
    REMIND = "remind"
    """Hurry those who have not handed in."""
    WRITE_PROGRESS = "write_progress"
    """Say what became of the event plan, of any row; who is responsible for a row may do so without it."""
    READ_DEVIATIONS = "read_deviations"
    EXPLAIN_DEVIATIONS = "explain_deviations"
    """Say why a part of a project deviates, give a measure to somebody, and close what is settled."""


_OVERSEES = {Action.READ_SUBMISSIONS, Action.REQUEST_DOCUMENTS, Action.READ_REGISTER, Action.READ_DEVIATIONS}
_STAFF_READS = _OVERSEES | {Action.READ_STYLEGUIDE}
_KEEPS_PASSPORT = _STAFF_READS | {
    Action.PROPOSE_PASSPORT,
    Action.EDIT_CATALOGUE,
    Action.MANAGE_PERIODS,
    Action.REVIEW_SUBMISSIONS,
    Action.REMIND,
    Action.ENTER_EXECUTION,
    Action.WRITE_PROGRESS,
    Action.EXPLAIN_DEVIATIONS,
}

ACTIONS_OF_ROLE: dict[str, frozenset[Action]] = {
    # The project office records the council's decision, hence it may approve as well.
    Role.OFFICE: frozenset(
        _KEEPS_PASSPORT
        | {Action.APPROVE_PASSPORT, Action.SET_APPROVAL_ROUTE, Action.EDIT_CALENDAR}
        | {Action.MANAGE_ORGANISATIONS, Action.INVITE_HEADS, Action.MANAGE_PEOPLE}
    ),
    Role.HEAD: frozenset(_KEEPS_PASSPORT),
    Role.ADMINISTRATOR: frozenset(_KEEPS_PASSPORT),
    Role.CURATOR: frozenset(_STAFF_READS | {Action.APPROVE_PASSPORT}),
    Role.COUNCIL: frozenset(_STAFF_READS | {Action.APPROVE_PASSPORT}),
    Role.COORDINATOR: frozenset(
        _OVERSEES | {Action.CHECK_SUBMISSIONS, Action.INVITE_HEADS, Action.REMIND, Action.FILL_FOR_SCHOOLS}
    ),
    Role.REPORTER: frozenset({Action.WRITE_SUBMISSION, Action.READ_SUBMISSIONS}),
    Role.AUDITOR: frozenset(_OVERSEES),
}
