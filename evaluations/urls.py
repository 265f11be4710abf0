"""Addresses of this room."""

from django.urls import path

from evaluations.rectification import views as rectification

app_name = "evaluations"
urlpatterns = [
    path("rectifications/", rectification.Rectifications.as_view(), name="rectifications"),
]
