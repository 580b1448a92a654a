"""What stands in the head of every page: the region's name and the ways that this person may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from organisations.access import Access, access_of
from organisations.models import Notification, Organisation
from organisations.prepared import Prepared
from organisations.roles import Action, Role


@dataclass(frozen=True)
class Way:
    """One entry of the main navigation."""

    title: str
    url: str
    current: bool = False
    count: int | None = None


# By the missing parent, which has an index: to look for depth 0 reads the register of a whole country, on every page.
_REGION_NAME = Prepared(
    lambda: Organisation.objects.filter(parent=None).order_by("pk").values_list("short_name", flat=True)[:1]
)
_UNREAD = Prepared(
    lambda user: (
        Notification.objects.filter(recipient=user, in_portal=True)
        .unread()
        .order_by()
        .values_list("recipient")
        .annotate(unread=Count("pk"))
        .values_list("unread", flat=True)
    )
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation``, ``region_name`` and ``unread_notifications`` for the base template."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"region_name": ""}
    return {
        "navigation": _ways(request.path, access_of(user)),
        "region_name": _REGION_NAME.first() or "",
        "unread_notifications": _UNREAD.first(user.pk) or 0,
    }


def _ways(path: str, access: Access) -> list[Way]:
    names = [("Главная", "reports:home")]
    if access.holds(Role.REPORTER):
        names.append(("Мои формы", "indicators:my_submissions"))
    names.append(("Проекты", "projects:list"))
    if access.allows(Action.REQUEST_DOCUMENTS):
        names.append(("Эта неделя", "milestones:week"))
    if access.allows(Action.READ_DEVIATIONS):
        names.append(("Портфель", "reports:portfolio"))
        names.append(("Отклонения", "reports:deviations"))
    if access.allows(Action.READ_SUBMISSIONS) and not access.holds(Role.REPORTER):
        names.append(("Периоды", "indicators:periods"))
        names.append(("Проверка форм", "indicators:review"))
    if access.allows(Action.READ_REGISTER):
        names.append(("Организации", "organisations:register"))
    if access.allows(Action.EDIT_CATALOGUE):
        names.append(("Что считают школы", "indicators:base_indicators"))
    if access.allows(Action.PROPOSE_PASSPORT) or access.allows(Action.APPROVE_PASSPORT):
        names.append(("Изменения", "projects:change_requests"))
    if access.allows(Action.INVITE_HEADS):
        names.append(("Люди", "organisations:people"))
    if access.allows(Action.REQUEST_DOCUMENTS):
        names.append(("Документы", "reports:all_documents"))
    ways = [(title, reverse(name)) for title, name in names]
    # The longest address that the page lies under is where the person is.
    here = max((url for _, url in ways if path.startswith(url) and (url != "/" or path == "/")), key=len, default="")
    return [Way(title, url, current=url == here) for title, url in ways]
