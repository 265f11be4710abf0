"""The ground as a Django app: it carries commands, checks and signals, no models."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "config"
    label = "ground"
    verbose_name = "基础设施"

    def ready(self) -> None:
        from django.conf import settings

        from . import checks  # noqa: F401  registers the checks
        from .tooling import catalogue

        if not settings.PRODUCTION:  # the image carries its own; here a changed .po shows at the next start
            catalogue.compile_all()
