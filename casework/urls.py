"""Addresses of cases: one set for every kind."""

from django.urls import include, path

from casework.views import cases, forms, links, papers, parcels, partner

urlpatterns = [
    path("", include("casework.listurls")),
    path("cases/<slug:kind>/<int:pk>/", cases.case_page, name="case"),
    path("cases/<slug:kind>/<int:pk>/do/<slug:code>/", cases.do, name="case_do"),
    path("cases/<slug:kind>/<int:pk>/do/<slug:code>/draft/", cases.draft, name="case_draft_input"),
    path("cases/<slug:kind>/<int:pk>/forms/<slug:form>/", forms.case_form, name="case_form"),
    path("cases/<slug:kind>/<int:pk>/forms/<slug:form>/autosave/", forms.autosave, name="case_autosave"),
    path("cases/<slug:kind>/<int:pk>/forms/<slug:form>/upload/", forms.upload, name="case_upload"),
    path("cases/<slug:kind>/<int:pk>/papers/<int:paper>/", papers.paper_page, name="case_paper"),
    path("cases/<slug:kind>/<int:pk>/papers/<int:paper>/pdf/", papers.paper_pdf, name="case_paper_pdf"),
    path("cases/<slug:kind>/<int:pk>/parcel/", parcels.parcel, name="case_parcel"),
    path("p/<slug:kind>/<int:pk>/", partner.three_steps, name="three_steps"),
    path("cases/<slug:kind>/<int:pk>/draft.pdf", papers.case_draft, name="case_draft"),
    path("cases/<slug:kind>/<int:pk>/prints/<slug:key>.<slug:ext>", papers.case_print, name="case_print"),
    path("q/<str:token>/", links.link_page, name="step_link"),
    path("q/<str:token>/text.pdf", links.link_pdf, name="step_link_pdf"),
    path("q/<str:token>/files/<uuid:uid>/", links.link_file, name="step_link_file"),
    path("documents/<uuid:uid>/", forms.document, name="document"),
]
