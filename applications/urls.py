"""Addresses of this room."""

from django.urls import path

from applications.views import conditions, decisions, lists, start

app_name = "applications"
urlpatterns = [
    path("applications/", lists.Applications.as_view(), name="list"),
    path("applications/start/", start.start, name="start"),
    path("applications/<int:pk>/agreement/", start.agreement, name="agreement"),
    path("applications/<int:pk>/conditions/", conditions.conditions, name="conditions"),
    path("calls/", lists.Calls.as_view(), name="calls"),
    path("calls/new/", start.call_new, name="call_new"),
    path("calls/quotas/", lists.Quotas.as_view(), name="quotas"),
    path("calls/progress/", lists.Progress.as_view(), name="progress"),
    path("lists/", start.CaseLists.as_view(), name="lists"),
    path("lists/new/", start.list_new, name="list_new"),
    path("agenda/", lists.Agenda.as_view(), name="agenda"),
    path("agenda/decide/", decisions.decide, name="decide"),
]
