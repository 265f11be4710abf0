from django.apps import AppConfig


class BasesConfig(AppConfig):
    name = "bases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bases import (  # noqa: F401 - they register what it knows
            agreementmoves,
            bars,
            decisions,
            duekinds,
            facts,
            grants,
            moves,
            pages,
            papers,
            routes,
            stepkinds,
        )
        from bases.events import moves as event_moves  # noqa: F401
        from bases.events import pages as event_pages  # noqa: F401
        from bases.events import papers as event_papers  # noqa: F401
        from bases.existing import moves as existing_moves  # noqa: F401
        from bases.existing import pages as existing_pages  # noqa: F401
        from bases.existing import tasks as existing_tasks  # noqa: F401
        from bases.models import Base, Recognition
        from bases.models.recognition import holder
        from bases.office import moves as office_moves  # noqa: F401
        from bases.office import pages as office_pages  # noqa: F401
        from bases.office import services as offices
        from casework import records
        from casework.records import confirming
        from core import subjects
        from regulations import rules
        from tenants.permissions import grant

        def recognition_of(case):  # a case of a room above that is about a base names its recognition
            return case if isinstance(case, Recognition) else getattr(case, "recognition", None)

        def base_of(case):
            recognition = recognition_of(case)
            return recognition.base if recognition is not None else None

        records.register("recognition", recognition_of)
        records.register("base", base_of)
        rules.FURTHER.append(records.missing)
        subjects.register("base", Base)
        clerks = {("university", "graduate_office"), ("college", "secretary")}
        grant("bases.draft_agreement", clerks)
        grant("bases.manage_agreement", {("university", "graduate_office")})
        grant("bases.manage", {("university", "graduate_office"), ("department", "officer")})
        grant(
            "bases.approve_again",
            {("university", "graduate_office"), ("department", "officer")},
            scope=lambda membership, case: holder(case).pk == membership.organisation_id,
            who=lambda case: [(holder(case), ["graduate_office", "officer"])],
        )
        grant(
            "bases.record_delivery",
            {("university", "graduate_office"), ("department", "officer")},
            scope=decisions.delivers,
            who=decisions.offices,
        )
        grant(
            "bases.give_grant",
            {("university", "graduate_office"), ("department", "officer")},
            scope=grants.gives,
            who=grants.offices,
        )
        grant("bases.enter_incident", clerks)
        grant("bases.report_incident", {("university", "graduate_office")})
        grant("bases.decide_incident", {("department", "officer")})
        grant("bases.withdraw", {("university", "graduate_office")})
        grant("bases.mark_candidate", {("department", "officer")})
        grant(
            "bases.record",
            {*clerks, ("partner", "contact"), ("department", "officer"), ("university", "supervisor")},
        )
        grant(
            "bases.confirm_record",
            {*clerks, ("partner", "contact"), ("department", "officer")},
            scope=confirming.may,
            who=confirming.who,
        )
        grant(
            "bases.settle_record",
            {*clerks, ("partner", "contact"), ("department", "officer")},
            scope=records.settles,
            who=records.settlers,
        )
        grant(
            "bases.open_office",
            {("university", "graduate_office"), ("department", "officer")},
            scope=lambda membership, organisation: organisation.pk == membership.organisation_id,
        )
        offices_of = {("university", "graduate_office"), ("department", "officer")}
        grant("bases.backfill", offices_of)
        grant(
            "bases.begin_backfill",
            offices_of,
            scope=lambda membership, organisation: organisation.pk == membership.organisation_id,
        )
        grant(
            "bases.run_office",
            {("university", "graduate_office"), ("department", "officer")},
            scope=offices.runs,
            who=offices.keepers,
        )
        grant(
            "bases.office_record",
            {
                ("university", "graduate_office"),
                ("university", "meeting_recorder"),
                ("university", "finance"),
                ("university", "supervisor"),
                ("department", "officer"),
            },
        )
