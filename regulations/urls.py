from django.urls import path

from regulations import adopting, views, wordingpages

app_name = "regulations"
urlpatterns = [
    path("regulations/", views.index, name="index"),
    path("regulations/adoptions/", adopting.adoptions_page, name="adoptions"),
    path("regulations/adoptions/new/", adopting.adopt, name="adopt"),
    path("regulations/<str:code>/<str:number>/", views.version_page, name="version"),
    path("regulations/<str:code>/<str:number>/publish/", views.publish, name="publish"),
    path("regulations/<str:code>/<str:number>/settings/<str:key>/", views.setting, name="setting"),
    path("regulations/<str:code>/<str:number>/papers/<str:key>/", wordingpages.wording, name="wording"),
]
