"""Addresses of this room."""

from django.urls import path

from trainees.views import apply, begin, lists, reports, students

app_name = "trainees"
urlpatterns = [
    path("placements/", lists.Placements.as_view(), name="placements"),
    path("placements/apply/", apply.apply, name="apply"),
    path("placements/new/", begin.plan, name="plan"),
    path("placements/reports/", reports.reports, name="reports"),
    path("r/<str:token>/", reports.report_link, name="report_link"),
    path("students/", lists.Students.as_view(), name="students"),
    path("students/new/", students.student_new, name="student_new"),
    path("students/mine/", students.mine, name="mine"),
    path("students/party/", students.party, name="party"),
    path("students/import/", students.student_sheets, name="student_sheets"),
    path("students/import/template.xlsx", students.student_template, name="student_template"),
    path("students/import/<int:pk>/", students.student_sheet, name="student_sheet"),
    path("students/<int:pk>/", students.student, name="student"),
    path("students/<int:pk>/change/", students.student_change, name="student_change"),
    path("students/<int:pk>/leave/", students.student_leave, name="student_leave"),
    path("students/<int:pk>/family/", students.student_family, name="student_family"),
]
