"""Addresses of whatever reads across the sections."""

from django.urls import path

from reports import appearance, styleguide

app_name = "reports"

urlpatterns = [
    path("appearance/", appearance.choose, name="appearance"),
    path("styleguide/", styleguide.show, name="styleguide"),
]
