"""The web server's entry. In production it refuses to start on an unsafe setting."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.db import connections  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from .checks import refuse_unsafe_production  # noqa: E402

refuse_unsafe_production()
get_resolver().url_patterns  # noqa: B018  all views are loaded before the first request, and before a fork
connections.close_all()  # none may be carried through a fork
