"""The portal's addresses and a list of lists, to look at a list in the browser."""

from __future__ import annotations

from django.urls import path

from config.urls import urlpatterns as of_the_house
from tests.ui.test_listing import Lists

urlpatterns = [path("test-lists/", Lists.as_view(), name="test_lists"), *of_the_house]
