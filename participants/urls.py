"""Addresses of people: those of one project, and everybody over all projects."""

from django.urls import path

from participants.views import people, project, replacing

app_name = "participants"

urlpatterns = [
    path("projects/<int:pk>/participants/", project.project_participants, name="project"),
    path("participants/", people.person_list, name="people"),
    # A name is whatever a passport says, a slash included.
    path("participants/<path:name>/replace/", replacing.replace, name="replace"),
    path("participants/<path:name>/", people.person, name="person"),
]
