"""A person's own notifications: the list, reading, and which of them to get."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.access import visible_or_404
from organisations.forms.notifications import NotificationChoices
from organisations.models import Notification
from organisations.services.notifications import notification_mutes_save, notifications_read
from organisations.views.requests import SignedInRequest

PER_PAGE = 30


@require_safe
def notifications(request: SignedInRequest) -> HttpResponse:
    """What was told to this person, the latest first."""
    rows = Notification.objects.visible_to(request.user)
    only_new = request.GET.get("show") == "new"
    shown = rows.unread() if only_new else rows
    context = {
        "title": "Уведомления",
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "only_new": only_new,
    }
    return render(request, "organisations/notifications.html", context)


@require_POST
def notification_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go where the notification leads; it is read then."""
    row = visible_or_404(Notification.objects.all(), request.user, pk=pk)
    notifications_read(user=request.user, ids=[row.pk])
    return redirect(row.link)


@require_POST
def notifications_read_all(request: SignedInRequest) -> HttpResponse:
    notifications_read(user=request.user)
    return redirect("organisations:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: SignedInRequest) -> HttpResponse:
    """Which kinds come to this person, on the portal and in the letter of the day."""
    form = NotificationChoices(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        notification_mutes_save(user=request.user, muted=form.muted)
        messages.success(request, "Настройки уведомлений сохранены.")
        return redirect("organisations:notification_settings")
    context = {
        "title": "Какие уведомления получать",
        "breadcrumbs": [("Уведомления", reverse("organisations:notifications")), ("Настройки", "")],
        "form": form,
    }
    return render(request, "organisations/notification_settings.html", context)
