"""Who may do what to rounds and evaluations."""

from __future__ import annotations

from tenants.permissions import grant

ORGANISERS = {("department", "officer"), ("university", "graduate_office")}
UNITS = {
    ("university", "graduate_office"),
    ("college", "secretary"),
    ("college", "dean"),
    ("partner", "contact"),
    ("partner", "partner_leader"),
}


def organises(membership, in_round) -> bool:
    """The unit and role that the profile names as organiser of the round's kind."""
    return in_round.organiser_id == membership.organisation_id and membership.acts_as({in_round.declaration.role})


def runs(membership, evaluation) -> bool:
    return organises(membership, evaluation.in_round)


def reports(membership, evaluation) -> bool:
    """Whoever hands the self-report in."""
    unit, role = evaluation.reporter
    return unit == membership.organisation_id and membership.acts_as({role})


def declare() -> None:
    """Enter the room's permissions; called when the app is ready."""
    own = lambda membership, organisation: organisation.pk == membership.organisation_id  # noqa: E731
    grant("evaluations.plan_round", ORGANISERS, scope=own)
    grant(
        "evaluations.run_round",
        ORGANISERS,
        scope=organises,
        who=lambda in_round: [(in_round.organiser, [in_round.declaration.role])],
    )
    grant(
        "evaluations.run",
        ORGANISERS,
        scope=runs,
        who=lambda evaluation: [(evaluation.in_round.organiser, [evaluation.declaration.role])],
    )
    grant("evaluations.report", UNITS, scope=reports, who=_reporters)
    grant("evaluations.fill_in", UNITS)
    grant("evaluations.state_case", UNITS)


def _reporters(evaluation) -> list:
    unit, role = evaluation.reporter
    units = (evaluation.authority, evaluation.university, evaluation.college, evaluation.partner)
    return [(organisation, [role]) for organisation in units if organisation is not None and organisation.pk == unit]
