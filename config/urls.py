"""Every address of the portal begins here."""

from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("jobs/", include("jobs.urls")),
    path("", include("organisations.urls")),
    path("", include("reports.urls")),
]
