"""Addresses of the money of projects."""

from django.urls import path

from finance.views import entering, page, thresholds

app_name = "finance"

_PROJECT = "projects/<int:pk>/finance/"
urlpatterns = [
    path("finance/thresholds/", thresholds.thresholds, name="thresholds"),
    path(_PROJECT, page.project_finance, name="project"),
    path(f"{_PROJECT}lines/<int:line_pk>/<int:year>/", page.line_history, name="line"),
    path(f"{_PROJECT}enter/", entering.enter, name="enter"),
]
