from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        super().import_models()
        from core import door  # noqa: F401 - it has to hear of every kind of case that the rooms above declare

    def ready(self) -> None:
        from core import bounds, channels, checks, ledger  # noqa: F401 - the models are there only now; the checks register themselves
        from core.door import passage  # the registry of cases is there only once the models are

        passage.before_passage = ledger.before_passage
        bounds.declare()
        channels.ready()
        pre_migrate.connect(_lift_guards, sender=self)
        post_migrate.connect(_put_guards_on, sender=self)


def _lift_guards(using: str, plan: list, **kwargs) -> None:
    """Before tables change: SQLite makes a table anew to alter it, and trips over triggers that name it."""
    from core import triggers  # needs the models

    if plan:
        triggers.remove(connections[using])


def _put_guards_on(using: str, **kwargs) -> None:
    from core import portalrole, triggers  # need the models

    if "plan" not in kwargs:  # a flush says that it migrated too, and changes no table
        return
    triggers.install(connections[using])
    if settings.PORTAL_DATABASE_ROLE and connections[using].vendor == "postgresql":
        portalrole.grant(connections[using], settings.PORTAL_DATABASE_ROLE)
