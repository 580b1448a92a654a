"""Addresses of the API."""

from django.urls import path

from indicators.api import views
from indicators.api.description import Description, guide

app_name = "api"

urlpatterns = [
    path("", guide, name="guide"),
    path("v1/schema/", Description.as_view(), name="schema"),
    path("v1/forms/", views.Forms.as_view(), name="forms"),
    path("v1/forms/<int:pk>/", views.Form.as_view(), name="form"),
    path("v1/forms/<int:pk>/draft/", views.Draft.as_view(), name="draft"),
    path("v1/forms/<int:pk>/evidence/", views.Proofs.as_view(), name="proofs"),
    path("v1/forms/<int:pk>/evidence/<int:proof>/", views.Proof.as_view(), name="proof"),
    path("v1/forms/<int:pk>/submit/", views.Submit.as_view(), name="submit"),
    path("<path:rest>", views.NotThere.as_view(), name="not_there"),
]
