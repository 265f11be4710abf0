from django.apps import AppConfig


class TraineesConfig(AppConfig):
    name = "trainees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trainees import duekinds, facts, gates, moves, pages, papers, routes, timeline  # noqa: F401 - they register what it knows
        from trainees.access import declare
        from trainees.during import facts as _facts  # noqa: F401
        from trainees.during import letters as _letters  # noqa: F401
        from trainees.during import moves as _moves  # noqa: F401

        declare()
