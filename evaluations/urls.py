"""Addresses of this room."""

from django.urls import path

from evaluations.rectification import views as rectification
from evaluations.views import lists, rounds

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", lists.Evaluations.as_view(), name="list"),
    path("evaluations/rounds/", lists.Rounds.as_view(), name="rounds"),
    path("evaluations/rounds/new/", rounds.round_new, name="round_new"),
    path("evaluations/rounds/<int:pk>/urge/", rounds.urge, name="urge"),
    path("rectifications/", rectification.Rectifications.as_view(), name="rectifications"),
]
