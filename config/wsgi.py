"""The web server's entry. In production it refuses to start on an unsafe setting."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from .checks import refuse_unsafe_production  # noqa: E402

refuse_unsafe_production()
