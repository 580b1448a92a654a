"""One organisation added by hand: a school that opened does not wait for the next workbook."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organisations.access import access_of, require
from organisations.forms.register import AddForm
from organisations.models import Organisation, OrganisationKind
from organisations.roles import Action
from organisations.services import organisation_add
from organisations.services.errors import StateConflict
from organisations.services.tree import REQUISITES
from organisations.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: SignedInRequest) -> HttpResponse:
    """Requisites, place in the tree and the document that it stands on."""
    require(request.user, Action.MANAGE_ORGANISATIONS)
    managed = Organisation.objects.filter(access_of(request.user).below("path", Action.MANAGE_ORGANISATIONS)).open()
    places = managed.filter(kind__in=[OrganisationKind.REGION, OrganisationKind.MUNICIPALITY])
    form = AddForm(
        request.POST or None, places=places.order_by("depth", "sort_key"), initial={"day": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            added = organisation_add(
                parent=said["parent"],
                requisites={field: said[field] for field in REQUISITES},
                day=said["day"],
                reason=said["reason"],
                actor=request.user,
            )
        except StateConflict as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Добавлено: {added.short_name}. Теперь назначьте руководителя.")
            return redirect("organisations:organisation", added.pk)
    context = {
        "title": "Новая организация",
        "breadcrumbs": [("Организации", reverse("organisations:register")), ("Новая организация", "")],
        "form": form,
    }
    return render(request, "organisations/organisation_new.html", context, status=422 if form.errors else 200)
