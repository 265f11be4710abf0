from django.http import HttpResponse
from django.urls import path


def bare(request):
    return HttpResponse(request.user.name)


urlpatterns = [path("", bare)]
