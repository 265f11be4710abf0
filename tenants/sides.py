"""The sides of a case, and that one person never acts on two of them.

Whoever acted on a case for one party does not act on it for another, through whatever membership: a secretary who
also became the partner's contact does not confirm her own draft. Persons are compared, not memberships. What one side
keeps apart within itself is the route's business (`other_than`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import clock
from core.findings import Finding
from core.models import TransitionLog
from tenants import roles
from tenants.models import Organisation, User
from tenants.models.scoped import ScopedCase
from tenants.persons import same_person


def other_side(case: ScopedCase, actor) -> Finding | None:
    """What stands against the actor's acting on the case: an act of the same person, in whatever account, for another
    side, or None. Two queries, one more where the person acted on the case through another membership.
    """
    acts = (
        TransitionLog.about(case).exclude(version=None).exclude(user_id=None).exclude(membership_id=actor.membership_id)
    )
    rows = acts.order_by("-position").only("at", "label", "user_id", "organisation_id", "organisation_name", "role")
    lines = _of_person(actor.user, list(rows))
    if not lines:
        return None
    kinds = dict(Organisation.objects.filter(pk__in={line.organisation_id for line in lines}).values_list("pk", "kind"))
    mine = _side(case, actor.organisation.kind, actor.role)
    for line in lines:
        if line.organisation_id in kinds and _side(case, kinds[line.organisation_id], line.role) != mine:
            return _finding(case, actor, line)
    return None


def acted_for(cases: Sequence[ScopedCase], persons: Sequence[User]) -> dict[tuple[str, int, int], TransitionLog]:
    """By kind and number of a case and person: a line of what the person did on it for one of its sides, no expert's.
    What they do on it as an expert, the door refuses. One query for each kind of case, one for the accounts."""
    lines: list[TransitionLog] = []
    kinds: dict[str, list[int]] = {}
    for case in cases:
        kinds.setdefault(case.case_kind, []).append(case.pk)
    for kind, ids in kinds.items():
        rows = TransitionLog.objects.filter(case_kind=kind, case_id__in=ids).exclude(version=None).exclude(user_id=None)
        lines += rows.exclude(role="expert").only(
            "case_kind", "case_id", "label", "user_id", "organisation_name", "role"
        )
    accounts = list(User.objects.filter(pk__in={line.user_id for line in lines}))
    behind = {account.pk: [person.pk for person in persons if same_person(person, account)] for account in accounts}
    return {(line.case_kind, line.case_id, person): line for line in lines for person in behind.get(line.user_id, ())}


def _of_person(user: User, lines: list[TransitionLog]) -> list[TransitionLog]:
    """The lines that the person wrote, in this account or in another of theirs (`tenants.persons`)."""
    others = User.objects.filter(pk__in={line.user_id for line in lines} - {user.pk})
    own = {user.pk} | {other.pk for other in others if same_person(user, other)}
    return [line for line in lines if line.user_id in own]


def _side(case: ScopedCase, kind: str, role: str) -> str:
    """An expert is on none of the parties' sides, wherever they belong."""
    return "expert" if role == "expert" else case.SIDES[kind]


def _finding(case: ScopedCase, actor, line: TransitionLog) -> Finding:
    facts = {
        "at": clock.local(line.at).strftime("%Y-%m-%d %H:%M"),
        "label": line.label,
        "as": f"{line.organisation_name}·{roles.role_label(line.role)}",
    }
    message = _(
        "您已于%(at)s以“%(as)s”的身份对本事项办理“%(label)s”，同一人不能代表两方办理同一事项。"
        "请由%(unit)s的其他人员办理。"
    ) % {**facts, "unit": actor.organisation_name}
    return Finding("", "hard", message, {**facts, "case": case.number})
