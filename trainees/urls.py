"""Addresses of this room."""

from django.urls import path

from trainees.views import begin, lists, reports

app_name = "trainees"
urlpatterns = [
    path("placements/", lists.Placements.as_view(), name="placements"),
    path("placements/new/", begin.plan, name="plan"),
    path("placements/reports/", reports.reports, name="reports"),
    path("r/<str:token>/", reports.report_link, name="report_link"),
    path("students/", lists.Students.as_view(), name="students"),
    path("students/new/", begin.student_new, name="student_new"),
]
