"""Who may do what to steps, lists, panels, exceptions."""

from __future__ import annotations

from casework.steps import persons
from core.door import get_case
from tenants import roles
from tenants.models import Membership
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
    if role not in roles.READING_ROLES | {"expert", "student", "admin", roles.PARTY_COMMITTEE}
}
# Who says by which courier the originals of a unit are on their way.
SENDERS = {
    ("college", "applicant"),
    ("college", "dean"),
    ("college", "secretary"),
    ("partner", "contact"),
    ("partner", "partner_leader"),
    ("university", "graduate_office"),
}


def case_of(step):
    """The case of a step: the one whose page holds it, else read anew."""
    return step.of_case or get_case(step.case_kind, step.case_id)


def stands_in(step) -> tuple | None:
    """Organisation and role that enter what a partner unit decides on paper, where the unit keeps to paper: the clerk
    of the college whose case it is, else of its university. None where the unit acts for itself."""
    if not step.offline or step.unit is None or not step.unit.paper_only:
        return None
    case = case_of(step)
    home = case.college or case.university
    return (home, CLERKS[home.kind]) if home is not None else None


def asked(step) -> list[Membership]:
    """Everybody whose to-do a step is: its person or its role in its unit, the clerk who may enter what was decided on
    paper, and who stands in for a partner unit that keeps to paper. Whom to tell of it."""
    if step.unit is None:
        return []
    members = {member.pk: member for member in persons.holders(step)}
    if step.offline:
        members |= {member.pk: member for member in Membership.objects.of(step.unit, CLERKS[step.unit.kind])}
    if (other := stands_in(step)) is not None:
        members |= {member.pk: member for member in Membership.objects.of(*other)}
    return list(members.values())


def acts_on_step(membership, step) -> bool:
    """The step's role in the step's unit, of a step of a person only this person or who stands in for them; or the unit's
    clerk where the profile lets a paper opinion be entered; for a partner unit that keeps to paper also whoever stands in for it."""
    if step.state != "open":
        return False
    if step.unit_id != membership.organisation_id:
        other = stands_in(step) if membership.kind in ("college", "university") else None
        return other is not None and other[0].pk == membership.organisation_id and membership.acts_as({other[1]})
    if step.offline and membership.acts_as({CLERKS[membership.organisation.kind]}):
        return True
    if step.role == "student" and step.assignee_id is None:  # a student does what is theirs, never what is a student's
        return False
    return membership.acts_as({step.role}) and persons.belongs_to(membership, step)


def sends_link(membership, step) -> bool:
    """The clerk of the college or of the university whose case it is: never somebody of the unit that is asked."""
    case = case_of(step)
    own = membership.kind in ("college", "university") and membership.organisation_id in (
        case.college_id,
        case.university_id,
    )
    return own and membership.acts_as({CLERKS[membership.kind]})


def hands_over(membership, step) -> bool:
    """Whose step it is, and the clerk of the unit."""
    if step.state != "open" or step.assignee_id is None or step.unit_id != membership.organisation_id:
        return False
    clerk = CLERKS[membership.organisation.kind]
    return persons.belongs_to(membership, step) or membership.acts_as({clerk})


def runs_panel(membership, step) -> bool:
    return step.unit_id == membership.organisation_id and membership.acts_as({step.role})


def reviews(membership, assignment) -> bool:
    """The membership that was assigned, not the person: who is an expert here and an officer there reviews as expert
    of the organisation whose pool they were taken from."""
    return assignment.membership_id == membership.pk and membership.role == "expert" and assignment.is_open()


def matches_scan(membership, step) -> bool:
    """The office that takes the paper in: the graduate office of the case's university, the authority's officer."""
    case = case_of(step)
    if membership.organisation.kind == "university":
        return case.university_id == membership.organisation_id
    return case.authority_id == membership.organisation_id


def manages_list(membership, case) -> bool:
    """The unit and role that the profile names for this kind of list."""
    case_list = getattr(case, "case_list", case)
    declared = case_list.declaration
    return (
        getattr(case_list, f"{declared.unit}_id") == membership.organisation_id
        and roles.COLUMNS[membership.organisation.kind] == declared.unit
        and membership.acts_as({declared.role})
    )


def decides_override(membership, override) -> bool:
    return override.unit_id == membership.organisation_id and membership.acts_as({override.role})


def confirms_effect(membership, effect) -> bool:
    """The role that the regulation names for it, in its unit."""
    return (
        effect.state == "proposed"
        and effect.unit_id == membership.organisation_id
        and membership.acts_as({effect.role})
    )


def lifts_effect(membership, effect) -> bool:
    """Whoever confirmed it by their role."""
    return (
        effect.state == "standing"
        and effect.unit_id is not None
        and effect.unit_id == membership.organisation_id
        and membership.acts_as({effect.role})
    )


def _effect_office(effect) -> list:
    return [(effect.unit, [effect.role])] if effect.unit_id else []


def _step_office(step) -> list:
    """The step's role in its unit, and the clerk who may enter what was decided there on paper."""
    if step.unit is None:
        return []
    clerk = CLERKS[step.unit.kind]
    own = (step.unit, [step.role, clerk] if step.offline and clerk != step.role else [step.role])
    other = stands_in(step)
    return [own, (other[0], [other[1]])] if other is not None else [own]


def _link_offices(step) -> list:
    case = case_of(step)
    return [(unit, [CLERKS[unit.kind]]) for unit in (case.college, case.university) if unit is not None]


def _scan_offices(step) -> list:
    case = case_of(step)
    return [(case.university, ["graduate_office"]), (case.authority, ["officer"])]


def _list_office(case) -> list:
    case_list = getattr(case, "case_list", case)
    declared = case_list.declaration
    own = getattr(case_list, f"{declared.unit}_id") == getattr(case, f"{declared.unit}_id")
    return [(getattr(case if own else case_list, declared.unit), [declared.role])]


def supplies(membership, override) -> bool:
    """The clerk of the unit whose paper was let wait."""
    return (
        override.requester_id == membership.organisation_id
        and CLERKS[membership.organisation.kind] in membership.acting_roles
    )


def declare() -> None:
    """Enter the room's permissions; called when the app is ready."""
    students = {("university", "student"), ("college", "student")}
    grant("casework.act_on_step", ACTING | students, scope=acts_on_step, who=_step_office)
    grant(
        "casework.hand_over_step",
        ACTING,
        scope=hands_over,
        who=lambda step: [(step.unit, [step.role, CLERKS[step.unit.kind]])] if step.unit else [],
    )
    grant(
        "casework.send_link",
        {("university", "graduate_office"), ("college", "secretary")},
        scope=sends_link,
        who=_link_offices,
    )
    grant(
        "casework.run_panel",
        {("department", "officer"), ("university", "graduate_office")},
        scope=runs_panel,
        who=lambda step: [(step.unit, [step.role])],
    )
    grant(
        "casework.replace_expert",
        {("department", "officer"), ("university", "graduate_office")},
        scope=lambda membership, assignment: runs_panel(membership, assignment.step),
        who=lambda assignment: [(assignment.step.unit, [assignment.step.role])],
    )
    grant("casework.review", {(kind, "expert") for kind in roles.ROLES}, scope=reviews)
    grant(
        "casework.match_scan",
        {("department", "officer"), ("university", "graduate_office")},
        scope=matches_scan,
        who=_scan_offices,
    )
    grant("casework.send_parcel", SENDERS, scope=lambda membership, case: True, who=lambda case: [])
    grant(
        "casework.manage_list",
        {("department", "officer"), ("university", "graduate_office")},
        scope=manages_list,
        who=_list_office,
    )
    grant(
        "casework.decide_override",
        ACTING,
        scope=decides_override,
        who=lambda override: [(override.unit, [override.role])],
    )
    grant("casework.confirm_effect", ACTING, scope=confirms_effect, who=_effect_office)
    grant("casework.lift_effect", ACTING, scope=lifts_effect, who=_effect_office)
    grant(
        "casework.supply_paper",
        set(CLERKS.items()),
        scope=supplies,
        who=lambda override: [(override.requester, [CLERKS[override.requester.kind]])],
    )
