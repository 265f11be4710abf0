"""Who may do what to a rectification: the roles that its regulation names, each in its own organisation."""

from __future__ import annotations

from casework.permissions import ACTING
from evaluations.models import Problem
from tenants.permissions import grant


def case_of(subject):
    """The rectification itself, or that of a problem."""
    return subject.rectification if isinstance(subject, Problem) else subject


def _is(membership, case, actor) -> bool:
    unit = case.unit_of(actor)
    return (
        unit is not None
        and unit.pk == membership.organisation_id
        and membership.organisation.column == actor.unit
        and membership.acts_as({actor.role})
    )


def orders(membership, case) -> bool:
    return _is(membership, case, case.declaration)


def repairs(membership, subject) -> bool:
    case = case_of(subject)
    return any(_is(membership, case, actor) for actor in case.declaration.responsible)


def reports(membership, case) -> bool:
    return _is(membership, case, case.declaration.responsible[0])


def _offices(case, actors) -> list:
    return [(case.unit_of(actor), [actor.role]) for actor in actors if case.unit_of(actor) is not None]


def declare() -> None:
    """Enter the permissions; called when the app is ready."""
    grant(
        "evaluations.order_rectification",
        ACTING,
        scope=orders,
        who=lambda case: _offices(case, [case.declaration]),
    )
    grant(
        "evaluations.rectify",
        ACTING,
        scope=repairs,
        who=lambda subject: _offices(case_of(subject), case_of(subject).declaration.responsible),
    )
    grant(
        "evaluations.report_rectification",
        ACTING,
        scope=reports,
        who=lambda case: _offices(case, case.declaration.responsible[:1]),
    )
