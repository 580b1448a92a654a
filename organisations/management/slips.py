"""A slip as the command line prints it."""

from __future__ import annotations

from organisations.mail import portal_link
from organisations.services.invitations import Slip


def words_of(slip: Slip) -> str:
    return f"Откройте {portal_link('organisations:first_sign_in')}\nЛогин: {slip.user.login}\nКод:   {slip.code}"
