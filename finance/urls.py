"""Addresses of the money of projects."""

from django.urls import path

from finance.views import entering, page, thresholds, workbook

app_name = "finance"

_PROJECT = "projects/<int:pk>/finance/"
urlpatterns = [
    path("finance/thresholds/", thresholds.thresholds, name="thresholds"),
    path(_PROJECT, page.project_finance, name="project"),
    path(f"{_PROJECT}lines/<int:line_pk>/<int:year>/", page.line_history, name="line"),
    path(f"{_PROJECT}enter/", entering.enter, name="enter"),
    path(f"{_PROJECT}workbook/", workbook.workbook, name="workbook"),
    path(f"{_PROJECT}workbook/file/", workbook.workbook_file, name="workbook_file"),
    path(f"{_PROJECT}loads/<int:load_pk>/", workbook.load, name="load"),
    path(f"{_PROJECT}loads/<int:load_pk>/confirm/", workbook.load_confirm, name="load_confirm"),
    path(f"{_PROJECT}loads/<int:load_pk>/drop/", workbook.load_drop, name="load_drop"),
]
