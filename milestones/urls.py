"""Addresses of a project's event plan."""

from django.urls import path

from milestones import views

app_name = "milestones"

urlpatterns = [path("", views.project_plan, name="project")]
