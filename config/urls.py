"""Every address of the portal begins here."""

from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("jobs/", include("jobs.urls")),
    path("", include("organisations.urls")),
    path("api/", include("indicators.api.urls")),
    path("projects/", include("projects.urls")),
    path("", include("finance.urls")),
    path("", include("participants.urls")),
    path("", include("milestones.urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
]
