"""A slip as the command line prints it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from organisations.services.invitations import Slip


def words_of(slip: Slip) -> str:
    address = f"{settings.PORTAL_ADDRESS}{reverse('organisations:first_sign_in')}"
    return f"Откройте {address}\nЛогин: {slip.user.login}\nКод:   {slip.code}"
