from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bases import queries
        from evaluations import duekinds, facts, moves, pages, papers, permissions, routes, stepkinds, tasks, timeline  # noqa: F401
        from evaluations.models import Evaluation
        from evaluations.queries import lists
        from evaluations.rectification import ready  # noqa: F401
        from regulations import facts as catalogue

        catalogue.lend("recognition", Evaluation.case_kind, "recognition")
        permissions.declare()
        queries.beside("grade", lists.last_grade)
