"""Addresses of whatever reads across the sections."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from reports import appearance, styleguide
from reports.views import (
    checking,
    comparisons,
    completeness,
    deviations,
    documents,
    exports,
    figure_history,
    home,
    late_export,
    lists,
    money_export,
    monitoring,
    overview,
    people_export,
    plan_export,
    plan_fact,
    portfolio,
    progress,
    ranking,
    review_export,
    state_rules,
)


class Ending(StringConverter):
    """Of the files that a list is sent as."""

    regex = "xlsx|csv"


register_converter(Ending, "ending")

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("appearance/", appearance.choose, name="appearance"),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("projects/<int:pk>/", overview.overview, name="overview"),
    path("projects/<int:pk>/history/<slug:kind>/<uuid:row_id>/", figure_history.figure_history, name="figure_history"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/export.<ending:ending>", portfolio.portfolio_export, name="portfolio_export"),
    path("portfolio/compare/", portfolio.comparison, name="comparison"),
    path("portfolio/ranking/", ranking.ranking, name="ranking"),
    path("portfolio/ranking/export.<ending:ending>", ranking.ranking_export, name="ranking_export"),
    path("state/rules/", state_rules.state_rules, name="state_rules"),
    path("deviations/", deviations.deviations, name="deviations"),
    path("deviations/export.<ending:ending>", deviations.deviations_export, name="deviations_export"),
    path("deviations/<int:pk>/", deviations.deviation, name="deviation"),
    path("deviations/<int:pk>/explain/", deviations.explain, name="deviation_explain"),
    path("deviations/<int:pk>/report/", deviations.report, name="deviation_report"),
    path("deviations/<int:pk>/close/", deviations.close, name="deviation_close"),
    path("projects/<int:pk>/documents/", documents.documents, name="documents"),
    path("projects/<int:pk>/documents/passport/", documents.request_passport, name="request_passport"),
    path("projects/<int:pk>/documents/comparison/", comparisons.of_redactions, name="redaction_comparison_print"),
    path("change-requests/<int:pk>/comparison/", comparisons.of_request, name="request_comparison_print"),
    path("projects/<int:pk>/plan-fact/", plan_fact.table, name="plan_fact"),
    path("projects/<int:pk>/plan-fact/print/", plan_fact.print_table, name="plan_fact_print"),
    path("projects/<int:pk>/plan-fact/<int:indicator_pk>/", plan_fact.indicator, name="plan_fact_indicator"),
    path(
        "projects/<int:pk>/plan-fact/<int:indicator_pk>/<int:period_pk>/<int:node_pk>/",
        plan_fact.figure,
        name="plan_fact_figure",
    ),
    path("projects/<int:pk>/finance/execution.<ending:ending>", money_export.money_export, name="money_export"),
    path("projects/<int:pk>/monitoring/", monitoring.reports, name="monitoring"),
    path("monitoring/<int:pk>/", monitoring.report, name="monitoring_report"),
    path("monitoring/<int:pk>/autosave/", monitoring.autosave, name="monitoring_autosave"),
    path("monitoring/<int:pk>/fix/", monitoring.fix, name="monitoring_fix"),
    path("monitoring/<int:pk>/print/", monitoring.print_report, name="monitoring_print"),
    path("projects/<int:pk>/progress/", progress.report, name="progress"),
    path("projects/<int:pk>/progress/print/", progress.print_report, name="progress_print"),
    path("periods/<int:pk>/organisations.<ending:ending>", exports.period_export, name="period_export"),
    path("periods/<int:pk>/late.<ending:ending>", late_export.late_export, name="late_export"),
    path("organisations/export.<ending:ending>", exports.register_export, name="register_export"),
    path("review/queue.<ending:ending>", review_export.review_export, name="review_export"),
    path("participants/export.<ending:ending>", people_export.people_export, name="people_export"),
    path("projects/<int:pk>/plan/export.<ending:ending>", plan_export.plan_export, name="plan_export"),
    path("plan/week/export.<ending:ending>", plan_export.week_export, name="week_export"),
    path("lists/<slug:name>.<ending:ending>", lists.list_export, name="list_export"),
    path("projects/<int:pk>/lists/<slug:name>.<ending:ending>", lists.project_list_export, name="project_list_export"),
    path("completeness/", completeness.completeness, name="completeness"),
    path("completeness/export.<ending:ending>", completeness.completeness_export, name="completeness_export"),
    path("documents/", documents.all_documents, name="all_documents"),
    # Short, for it stands on paper as a square code.
    path("d/<slug:public_id>/", checking.check, name="check"),
    path("documents/<slug:public_id>/", documents.document, name="document"),
    path("documents/<slug:public_id>/file/", documents.download, name="download"),
]
