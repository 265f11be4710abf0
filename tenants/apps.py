from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        from core import calendar, subjects
        from core.door import ask_of_persons, name_offices
        from core.ledger import people
        from tenants import offices, rights, robots, sides, tasks  # noqa: F401 - marks its functions for the outbox
        from tenants.directory import Directory, above
        from tenants.models import Organisation
        from tenants.services import handover

        subjects.register("organisation", Organisation)
        rights.declare()
        handover.declare()
        name_offices(offices.who_may)
        ask_of_persons(sides.other_side)
        people.directory = Directory()
        calendar.answer_above(above)
