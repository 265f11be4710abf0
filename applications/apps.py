from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import dossier, duekinds, facts, moves, offsite, pages, papers, queries, routes, training  # noqa: F401 - register facts, pages, papers, the route
        from applications.lists import CallLists
        from applications.models import Application
        from casework import records
        from casework.lists import publicity
        from casework.steps import waiting
        from tenants.permissions import grant

        publicity.register("call", CallLists())
        records.register("application", lambda case: case if isinstance(case, Application) else None)
        waiting.link(
            "agreement",
            waiter="application",
            of=lambda application: [application.agreement] if application.agreement_id else [],
            waiting=lambda agreement: [
                (Application.case_kind, pk)
                for pk in Application.objects.filter(agreement=agreement).values_list("pk", flat=True)
            ],
        )
        own = lambda membership, organisation: organisation.pk == membership.organisation_id  # noqa: E731
        grant(
            "applications.plan_call",
            {("department", "officer"), ("university", "graduate_office")},
            scope=own,
        )
        grant("applications.start", {("college", "secretary"), ("college", "applicant")}, scope=own)
        # A graduate office applies where the regulation names it for a way of applying, and then as a college does.
        # So does a unit from outside that volunteers.
        units = {("partner", "contact"), ("partner", "partner_leader")}
        office = {("university", "graduate_office")}
        grant("applications.start_itself", office | units, scope=queries.applies_itself)
        secretaries = {("college", "secretary")}
        own_draft = {"scope": dossier.files, "who": dossier.whose}
        grant("applications.fill_in", office | secretaries | {("college", "applicant")}, **own_draft)
        grant("applications.submit", office | secretaries | units, **own_draft)
        grant("applications.run_call", {("department", "officer"), ("university", "graduate_office")})
        grant(
            "applications.set_school_deadline",
            {("university", "graduate_office")},
            scope=lambda m, call: call.authority_id is not None and call.authority_id == m.organisation.parent_id,
        )
        grant(
            "applications.fill_in",
            units,
        )
        grant(
            "applications.record",
            {*secretaries, ("university", "graduate_office"), ("partner", "contact"), ("department", "officer")},
            parties={training.HOST},
        )
        grant("applications.not_recommend", {("university", "graduate_office")})
