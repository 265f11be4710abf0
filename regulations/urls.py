from django.urls import path

from regulations import views

app_name = "regulations"
urlpatterns = [
    path("regulations/", views.index, name="index"),
    path("regulations/<str:code>/<str:number>/", views.version, name="version"),
    path("regulations/<str:code>/<str:number>/publish/", views.publish, name="publish"),
    path("regulations/<str:code>/<str:number>/settings/<str:key>/", views.setting, name="setting"),
]
