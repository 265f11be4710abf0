from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from casework import duekinds, handover, moves, panels, permissions  # noqa: F401 - attaches the moves
        from casework.lists import moves as list_moves  # noqa: F401
        from casework.lists import papers  # noqa: F401 - registers the papers of lists
        from casework.pages import lists  # noqa: F401 - registers the pages of lists
        from casework.steps import kinds, persons, waiting
        from core import door
        from core.models import UNNAMED_ROLES
        from regulations import gates
        from tenants import grants

        gates.declare(gates.PANEL, _("指派专家时"))

        UNNAMED_ROLES["expert"] = _("评审专家")
        permissions.declare()
        kinds.load()
        waiting.declare()
        persons.declare()
        door.on_arrival(waiting.arrived)
        handover.declare()
        grants.register(panels.VIEW, panels.open_for, open_ids=panels.open_ids)
