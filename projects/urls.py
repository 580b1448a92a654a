"""Addresses of projects, their passports and change requests."""

from django.urls import path

from projects.views import change_requests, comparing, deciding, editing, projects, redactions, uploads

app_name = "projects"

urlpatterns = [
    path("", projects.project_list, name="list"),
    path("upload/", uploads.upload, name="upload"),
    path("change-requests/", change_requests.change_request_list, name="change_requests"),
    path("change-requests/new/", editing.change_request_new, name="change_request_new"),
    path("change-requests/<int:pk>/", change_requests.change_request, name="change_request"),
    path("change-requests/<int:pk>/file/", change_requests.change_request_file, name="change_request_file"),
    path("change-requests/<int:pk>/links/", change_requests.change_request_links, name="change_request_links"),
    path(
        "change-requests/<int:pk>/edit/<slug:section>/", editing.change_request_section, name="change_request_section"
    ),
    path(
        "change-requests/<int:pk>/edit/<slug:section>/check/",
        editing.change_request_section_check,
        name="change_request_section_check",
    ),
    path("change-requests/<int:pk>/compare/", comparing.request_comparison, name="change_request_compare"),
    path("change-requests/<int:pk>/rebase/", comparing.rebase, name="change_request_rebase"),
    path("change-requests/<int:pk>/send/", deciding.change_request_sending, name="change_request_send"),
    path("change-requests/<int:pk>/withdraw/", deciding.change_request_withdrawal, name="change_request_withdraw"),
    path("change-requests/<int:pk>/agree/", deciding.change_request_agreement, name="change_request_agree"),
    path("change-requests/<int:pk>/return/", deciding.change_request_giving_back, name="change_request_return"),
    path("change-requests/<int:pk>/approve/", deciding.change_request_approval, name="change_request_approve"),
    path("change-requests/<int:pk>/reject/", deciding.change_request_rejection, name="change_request_reject"),
    path("<int:pk>/passport/", projects.project_detail, name="detail"),
    path("<int:pk>/results/", projects.project_results, name="results"),
    path("<int:pk>/additional/", projects.project_additional, name="additional"),
    path("<int:pk>/route/", deciding.route, name="route"),
    path("<int:pk>/compare/", comparing.redaction_comparison, name="compare"),
    path("<int:pk>/redactions/", redactions.redaction_list, name="redactions"),
    path("<int:pk>/redactions/<int:number>/", redactions.redaction_detail, name="redaction"),
    path("<int:pk>/change/", editing.project_change, name="change"),
    path("<int:pk>/upload/", uploads.upload_next, name="upload_next"),
]
