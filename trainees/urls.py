"""Addresses of this room."""

from django.urls import path

from trainees.views import begin, lists

app_name = "trainees"
urlpatterns = [
    path("placements/", lists.Placements.as_view(), name="placements"),
    path("placements/new/", begin.plan, name="plan"),
    path("students/", lists.Students.as_view(), name="students"),
    path("students/new/", begin.student_new, name="student_new"),
]
