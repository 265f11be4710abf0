from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        from core import ledger
        from tenants import rights, tasks  # noqa: F401 - marks its functions for the outbox
        from tenants.models import Membership

        rights.declare()
        ledger.recipients = lambda organisation_id, role: (
            Membership.objects.acting_for(organisation_id, *([role] if role else [])) if organisation_id else ()
        )
