"""The tree of organisations, the people of the portal and the roles that they hold."""

from organisations.models.accounts import Invitation, InvitationKind, RecoveryCode, SecondFactor, Session
from organisations.models.attempts import AttemptKind, Attempts, FailedFrom
from organisations.models.calendar import ExceptionalDay
from organisations.models.notifications import Notification, NotificationKind, NotificationMute
from organisations.models.people import Membership, User, UserManager
from organisations.models.register import ChangeKind, OrganisationChange, RegisterLoad, RegisterRow
from organisations.models.tokens import ApiToken, Scope
from organisations.models.tree import REPORTING_KINDS, Organisation, OrganisationKind, sort_key_of

__all__ = [
    "REPORTING_KINDS",
    "ApiToken",
    "AttemptKind",
    "Attempts",
    "ChangeKind",
    "ExceptionalDay",
    "FailedFrom",
    "Invitation",
    "InvitationKind",
    "Membership",
    "Notification",
    "NotificationKind",
    "NotificationMute",
    "Organisation",
    "OrganisationChange",
    "OrganisationKind",
    "RecoveryCode",
    "RegisterLoad",
    "RegisterRow",
    "Scope",
    "SecondFactor",
    "Session",
    "User",
    "UserManager",
    "sort_key_of",
]
