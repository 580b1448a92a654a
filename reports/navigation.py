"""What stands in the head of every page: the region's name and the ways that this person may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from organisations.access import Access, access_of
from organisations.models import Notification, Organisation
from organisations.prepared import Given, Prepared
from organisations.roles import Action, Role


@dataclass(frozen=True)
class Way:
    """One entry of the main navigation."""

    title: str
    url: str
    current: bool


def _of_the_head(user: Given) -> QuerySet[Organisation, tuple[str, int | None]]:
    """The name of the region and how much this person has not read."""
    unread = Notification.objects.filter(recipient=user, in_portal=True).unread().order_by().values("recipient")
    # By the missing parent, which has an index: to look for depth 0 reads the register of a country, on every page.
    region = Organisation.objects.filter(parent=None).order_by("pk")
    return region.values_list("short_name", Subquery(unread.values(count=Count("pk"))))[:1]


_HEAD = Prepared(_of_the_head)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation``, ``region_name`` and ``unread_notifications`` for the base template."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"region_name": ""}
    region, unread = _HEAD.first(user.pk) or ("", None)
    return {
        "navigation": _ways(request.path, access_of(user)),
        "region_name": region,
        "unread_notifications": unread or 0,
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
    ways = [(title, _address(name)) for title, name in names]
    # The longest address that the page lies under is where the person is.
    here = max((url for _, url in ways if path.startswith(url) and (url != "/" or path == "/")), key=len, default="")
    return [Way(title, url, current=url == here) for title, url in ways]


@cache
def _address(name: str) -> str:
    return reverse(name)
