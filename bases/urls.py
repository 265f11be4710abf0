"""Addresses of this room."""

from django.urls import path

from bases.events import views as events
from bases.views import coverage, existing, lists, office, partner, start

app_name = "bases"
urlpatterns = [
    path("bases/", lists.Recognitions.as_view(), name="list"),
    path("bases/candidates/", lists.Candidates.as_view(), name="candidates"),
    path("bases/existing/", existing.Backfills.as_view(), name="backfills"),
    path("bases/existing/new/", existing.backfill_new, name="backfill_new"),
    path("bases/layout/", office.layout, name="layout"),
    path("bases/movements/", office.Movements.as_view(), name="movements"),
    path("offices/open/", office.office_open, name="office_open"),
    path("offices/<int:pk>/log/", office.office_log, name="office_log"),
    path("bases/<int:pk>/agreement/", start.agreement_follow, name="agreement_follow"),
    path("bases/<int:pk>/incident/", events.begin, {"code": "enter_incident"}, name="incident_new"),
    path("bases/<int:pk>/withdrawal/", events.begin, {"code": "request_withdrawal"}, name="withdrawal_new"),
    path("incidents/", events.Incidents.as_view(), name="incidents"),
    path("withdrawals/", events.Withdrawals.as_view(), name="withdrawals"),
    path("agreements/", lists.Agreements.as_view(), name="agreements"),
    path("agreements/new/", start.agreement_new, name="agreement_new"),
    path("p/agreement/<int:pk>/", partner.partner_page, name="partner_page"),
    path("p/agreement/<int:pk>/qr.svg", partner.partner_qr, name="partner_qr"),
    path("reports/coverage/", coverage.coverage, name="coverage"),
]
