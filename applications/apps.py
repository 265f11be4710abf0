from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import dossier, duekinds, facts, moves, pages, papers, queries, routes  # noqa: F401 - register facts, pages, papers, the route
        from applications.lists import CallLists
        from applications.models import Application
        from casework.lists import publicity
        from casework.steps import waiting
        from tenants.permissions import grant

        publicity.register("call", CallLists())
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
        grant("applications.start_itself", {("university", "graduate_office")}, scope=queries.applies_itself)
        office = {("university", "graduate_office")}
        grant("applications.fill_in", office, scope=dossier.applies_for_itself)
        grant("applications.submit", office, scope=dossier.applies_for_itself)
        grant("applications.run_call", {("department", "officer"), ("university", "graduate_office")})
        grant(
            "applications.set_school_deadline",
            {("university", "graduate_office")},
            scope=lambda m, call: call.authority_id is not None and call.authority_id == m.organisation.parent_id,
        )
        grant(
            "applications.fill_in",
            {
                ("college", "secretary"),
                ("college", "applicant"),
                ("partner", "contact"),
                ("partner", "partner_leader"),
            },
        )
        grant("applications.submit", {("college", "secretary")})
        grant("applications.not_recommend", {("university", "graduate_office")})
