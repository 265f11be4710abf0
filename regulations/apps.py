from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegulationsConfig(AppConfig):
    name = "regulations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("办法")

    def ready(self) -> None:
        from core import language
        from regulations import glossary, queries, rights, triggers  # noqa: F401 - declares the guards

        glossary.read_from(queries.contents)
        language.GLOSSARIES.append(glossary.look_up)
        rights.declare()
