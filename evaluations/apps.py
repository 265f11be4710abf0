from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from evaluations import moves, routes, stepkinds  # noqa: F401 - they register what they know
        from evaluations.rectification import ready  # noqa: F401
        from tenants.permissions import grant

        grant("evaluations.run_round", {("department", "officer"), ("university", "graduate_office")})
