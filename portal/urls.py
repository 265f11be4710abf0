"""Addresses of this room: the home page and what is common to all rooms."""

from django.urls import path

from portal import copies, joining, lists, previews, public, remind, statistics, views
from portal.due import clocks, feed, month, register, wishes, workdays

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/", views.read_message, name="inbox_read"),
    path("todos/", lists.Todos.as_view(), name="todos"),
    path("done/", lists.Done.as_view(), name="done"),
    path("started/", lists.Started.as_view(), name="started"),
    path("copied/", lists.Copied.as_view(), name="copied"),
    path("cases/<slug:kind>/<int:pk>/copy/", copies.copy, name="copy"),
    path("cases/<slug:kind>/<int:pk>/remind/", remind.remind, name="remind"),
    path("due/", register.Due.as_view(), name="due"),
    path("due/calendar/", month.month, name="due_month"),
    path("due/settings/", wishes.settings_page, name="due_settings"),
    path("due/workdays/", workdays.workdays_page, name="workdays"),
    path("calendar/<str:token>.ics", feed.feed, name="due_feed"),
    path("cases/<slug:kind>/<int:pk>/clock/", clocks.clock_page, name="clock"),
    path("search/", views.search, name="search"),
    path("statistics/", statistics.index, name="statistics"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:name>/", views.help_page, name="guide"),
    path("gallery/", views.gallery, name="gallery"),
    path("lists/<int:pk>/preview/", previews.notice_preview, name="notice_preview"),
    path("public/", public.index, name="public"),
    path("public/notices/<slug:slug>/", public.notice, name="public_notice"),
    path("public/objections/<str:token>/", public.objection, name="public_objection"),
    path("public/bases/", public.bases, name="public_bases"),
    path("public/join/", joining.index, name="public_join"),
    path("public/join/<int:pk>/", joining.register, name="public_join_form"),
    path("public/join/confirm/<str:token>/", joining.confirm, name="public_join_confirm"),
    path("verify/", public.verify, name="verify"),
    path("verify/<str:code>/", public.verify, name="verify_code"),
]
