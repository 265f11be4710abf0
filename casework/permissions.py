"""Who may do what to steps, lists, panels, exceptions."""

from __future__ import annotations

from tenants import roles
from tenants.permissions import grant

# Who enters what somebody decided on paper, by kind of organisation.
CLERKS = {
    "department": "officer",
    "university": "graduate_office",
    "college": "secretary",
    "partner": "contact",
}
ACTING = {
    (kind, role)
    for kind, known in roles.ROLES.items()
    for role in known
    if role not in roles.READING_ROLES | {"expert", "student", "admin"}
}


def acts_on_step(membership, step) -> bool:
    """The step's role in the step's unit, or the unit's clerk where the profile lets a paper opinion be entered."""
    if step.unit_id != membership.organisation_id or step.state != "open":
        return False
    return step.role in membership.acting_roles or (
        step.offline and CLERKS[membership.organisation.kind] in membership.acting_roles
    )


def runs_panel(membership, step) -> bool:
    return step.unit_id == membership.organisation_id and step.role in membership.acting_roles


def reviews(membership, assignment) -> bool:
    return assignment.expert_id == membership.user_id and membership.role == "expert" and assignment.is_open()


def matches_scan(membership, step) -> bool:
    """The office that takes the paper in: the graduate office of the case's university, the authority's officer."""
    from core.door import get_case

    case = get_case(step.case_kind, step.case_id)
    if membership.organisation.kind == "university":
        return case.university_id == membership.organisation_id
    return case.authority_id == membership.organisation_id


def manages_list(membership, case) -> bool:
    """The unit and role that the profile names for this kind of list."""
    case_list = getattr(case, "case_list", case)
    declared = case_list.declaration
    return declared.role in membership.acting_roles and (
        getattr(case_list, f"{declared.unit}_id") == membership.organisation_id
        and roles.COLUMNS[membership.organisation.kind] == declared.unit
    )


def decides_override(membership, override) -> bool:
    return override.unit_id == membership.organisation_id and override.role in membership.acting_roles


def declare() -> None:
    """Enter the room's permissions; called when the app is ready."""
    grant("casework.act_on_step", ACTING, scope=acts_on_step)
    grant(
        "casework.run_panel", {("department", "officer"), ("university", "graduate_office")}, scope=runs_panel
    )
    grant(
        "casework.replace_expert",
        {("department", "officer"), ("university", "graduate_office")},
        scope=lambda membership, assignment: runs_panel(membership, assignment.step),
    )
    grant("casework.review", {(kind, "expert") for kind in roles.ROLES}, scope=reviews)
    grant(
        "casework.match_scan",
        {("department", "officer"), ("university", "graduate_office")},
        scope=matches_scan,
    )
    grant(
        "casework.manage_list",
        {("department", "officer"), ("university", "graduate_office")},
        scope=manages_list,
    )
    grant("casework.decide_override", ACTING, scope=decides_override)
