"""The sides of a case, and that one person never acts on two of them.

Whoever acted on a case for one party does not act on it for another, through whatever membership: a secretary who
also became the partner's contact does not confirm her own draft. Persons are compared, not memberships; who acted by a link
has no account and is compared by the address and telephone number that the link went to. What one side keeps apart
within itself is the route's business (`other_than`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.findings import Finding
from core.models import TransitionLog
from tenants import roles
from tenants.models import ActionLink, Organisation, User
from tenants.models.scoped import ScopedCase
from tenants.persons import same_person

LINK = "link"  # the role in the log of who acted by a link; the act's facts name it under this word too


def other_side(case: ScopedCase, actor) -> Finding | None:
    """What stands against the actor's acting on the case: an act of the same person, in whatever account or by a link, for
    another side, or None. Two queries, one more where the person acted on the case through another membership, one
    where somebody acted by a link.
    """
    acts = TransitionLog.about(case).exclude(version=None).filter(Q(user_id__isnull=False) | Q(role=LINK))
    if actor.membership_id is not None:
        acts = acts.filter(Q(membership_id=None) | ~Q(membership_id=actor.membership_id))
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
    """The lines that the person wrote, in this account, in another of theirs (`tenants.persons`), or by a link."""
    others = User.objects.filter(pk__in={line.user_id for line in lines} - {user.pk, None})
    own = {other.pk for other in others if same_person(user, other)} | ({user.pk} - {None})
    by_link = _by_link(user, [line.pk for line in lines if line.role == LINK])
    return [line for line in lines if line.user_id in own or line.pk in by_link]


def _by_link(user: User, lines: list[int]) -> set[int]:
    """Those of these lines that the person wrote by a link."""
    if not lines:
        return set()
    facts = dict(TransitionLog.objects.filter(pk__in=lines).values_list("pk", "facts"))
    numbers = {pk: (kept.get(LINK) or {}).get("id") for pk, kept in facts.items()}
    links = ActionLink.objects.filter(pk__in=set(numbers.values()) - {None}, contact__isnull=False)
    own = {link.pk for link in links.select_related("contact") if same_person(user, link.contact.as_user())}
    return {pk for pk, number in numbers.items() if number in own}


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
