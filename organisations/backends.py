"""Who a session or a password belongs to."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend

from organisations.models import User
from organisations.prepared import Prepared


@cache
def _by_id() -> Prepared[User]:
    return Prepared(lambda pk: User.objects.filter(pk=pk))


class Accounts(ModelBackend):
    """Passwords as Django checks them. The person of a session, whom every page asks for, by a kept statement."""

    def get_user(self, user_id: Any) -> User | None:
        found = _by_id().first(user_id)
        return found if found and self.user_can_authenticate(found) else None
