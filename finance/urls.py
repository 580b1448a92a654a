"""Addresses of a project's money."""

from django.urls import path

from finance import views

app_name = "finance"

urlpatterns = [path("", views.project_finance, name="project")]
