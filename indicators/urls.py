"""Addresses of indicators: the project's section, the catalogue, periods, forms and their review."""

from django.urls import path

from indicators.views import catalogue, formulas, periods, project, review, submissions

app_name = "indicators"

urlpatterns = [
    path("projects/<int:pk>/indicators/", project.project_indicators, name="project_indicators"),
    path("projects/<int:pk>/indicators/breakdown/", project.project_breakdown, name="project_breakdown"),
    path("projects/<int:pk>/indicators/methodology/", project.project_methodology, name="project_methodology"),
    path("indicators/<int:pk>/formula/", formulas.formula, name="formula"),
    path("indicators/<int:pk>/formula/check/", formulas.formula_live_check, name="formula_check"),
    path("base-indicators/", catalogue.base_indicators, name="base_indicators"),
    path("base-indicators/new/", catalogue.base_indicator_create, name="base_indicator_create"),
    path("base-indicators/<int:pk>/", catalogue.base_indicator, name="base_indicator"),
    path("base-indicators/<int:pk>/archive/", catalogue.base_indicator_to_archive, name="base_indicator_archive"),
    path("periods/", periods.periods, name="periods"),
    path("periods/open/", periods.period_opening, name="period_open"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("periods/<int:pk>/close/", periods.period_closing, name="period_close"),
    path("forms/", submissions.my_forms, name="my_submissions"),
    path("forms/<int:pk>/", submissions.submission, name="submission"),
    path("forms/<int:pk>/autosave/", submissions.submission_autosave, name="submission_autosave"),
    path("forms/<int:pk>/check/", submissions.submission_check, name="submission_check"),
    path("review/", review.review, name="review"),
    path("review/accept/", review.review_accept_many, name="review_accept_many"),
    path("review/<int:pk>/", review.review_submission, name="review_submission"),
    path("review/<int:pk>/accept/", review.review_accept, name="review_accept"),
    path("review/<int:pk>/return/", review.review_return, name="review_return"),
]
