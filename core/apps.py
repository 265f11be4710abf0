from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import ledger
        from core.door import passage  # the registry of cases is there only once the models are

        passage.before_passage = ledger.before_passage
