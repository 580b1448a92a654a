"""Addresses of a project's people."""

from django.urls import path

from participants import views

app_name = "participants"

urlpatterns = [path("", views.project_participants, name="project")]
