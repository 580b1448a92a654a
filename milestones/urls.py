"""Addresses of event plans."""

from django.urls import path

from milestones.views import gantt, plan, row, rules, week

app_name = "milestones"

_ROW = "projects/<int:pk>/plan/<int:row_pk>/"
urlpatterns = [
    path("projects/<int:pk>/plan/", plan.project_plan, name="project"),
    path("projects/<int:pk>/plan/gantt/", gantt.project_gantt, name="gantt"),
    path(_ROW, row.plan_row, name="row"),
    path(f"{_ROW}undo/", row.plan_row_undo, name="row_undo"),
    path(f"{_ROW}assign/", row.plan_row_assign, name="row_assign"),
    path(f"{_ROW}evidence/", row.plan_evidence_add, name="evidence_add"),
    path(f"{_ROW}evidence/<int:evidence>/", row.plan_evidence_file, name="evidence_file"),
    path(f"{_ROW}evidence/<int:evidence>/remove/", row.plan_evidence_remove, name="evidence_remove"),
    path("plan/week/", week.week, name="week"),
    path("plan/rules/", rules.plan_rules, name="rules"),
]
