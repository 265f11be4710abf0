"""Addresses of this room's lists. They have a name space of their own; cases have none."""

from django.urls import path

from casework.views import assigning, lists, scanqueue

app_name = "casework"
urlpatterns = [
    path("notices/", lists.Notices.as_view(), name="notices"),
    path("overrides/", lists.Overrides.as_view(), name="overrides"),
    path("panels/", lists.Panels.as_view(), name="panels"),
    path("panels/assign/", assigning.grid, name="assign"),
    path("panels/progress/", lists.Assignments.as_view(), name="panel_progress"),
    path("panels/recusals/", lists.Recusals.as_view(), name="recusals"),
    path("panels/experts/", lists.Experts.as_view(), name="experts"),
    path("reviews/", lists.Reviews.as_view(), name="reviews"),
    path("scans/", lists.Scans.as_view(), name="scans"),
    path("scans/compare/", scanqueue.compare, name="scans_compare"),
    path("decisions/", lists.Decisions.as_view(), name="decisions"),
]
