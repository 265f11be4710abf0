"""Steps of a person: `person: <word>` of the profile gives a step to one membership instead of a role in a unit.

A room says with `register` which words its kinds of case know and whom they mean. Where a word finds nobody, the step is
its role's, as without the word: work never hangs. Persons are compared, not memberships: the same person in another
membership of the unit is the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.models import Assignment, Step
from casework.steps import links
from casework.steps.kind import kind_of
from core import clock
from core.findings import Finding
from core.language import listed
from core.ledger import people
from core.models import TransitionLog
from regulations import routekinds
from tenants.models import Membership, User
from tenants.persons import same_person

Resolver = Callable[[object], Membership | None]
_resolvers: dict[tuple[str, str], Resolver] = {}


def register(case_kind: str, word: str, title, resolve: Resolver) -> None:
    """Let steps of a kind of case name a person by a word; `case_kind` "" for every routed case."""
    _resolvers[case_kind, word] = resolve
    routekinds.PERSONS.setdefault(case_kind, {})[word] = title


def assignee(case, declared) -> Membership | None:
    """Whose a step is that opens now, or None where it is its role's."""
    if declared.person is None:
        return None
    member = meant(case, declared.person)
    return member if member is not None and member.usable() else None


def meant(case, word: str) -> Membership | None:
    """Whom a word means on a case, whether they are there today or not; None where it means nobody."""
    resolve = _resolvers.get((case.case_kind, word)) or _resolvers.get(("", word))
    return resolve(case) if resolve is not None else None


def belongs_to(membership: Membership, step: Step) -> bool:
    """Whether a step is the membership's as far as persons go: nobody's in particular, the person's own, lent to a
    substitute today, or left behind by somebody who is no longer there."""
    holder = step.assignee
    if holder is None or holder.user_id == membership.user_id or holder.pk in membership.acting_for:
        return True
    return not holder.usable()


def own(membership: Membership) -> Q:
    """The rows of steps for which `belongs_to` holds."""
    left = ~Q(assignee__state="active") | Q(assignee__until_on__lt=clock.today()) | Q(assignee__user__is_active=False)
    mine = Q(assignee__user_id=membership.user_id) | Q(assignee_id__in=membership.acting_for)
    return Q(assignee=None) | mine | left


def holders(step: Step) -> list[Membership]:
    """The people whose to-do a step is: its person and who stands in today, else its role in its unit; what belongs to
    a person who has left is its role's."""
    if step.assignee_id is None:
        return list(Membership.objects.of(step.unit_id, step.role))
    place = people.Place(step.unit_id, step.role, step.assignee_id)
    return people.directory.holders({place})[place]


def who_did(steps: Iterable[Step]) -> dict[int, set[str]]:
    """User id → titles of the finished steps among these that the person did, or reviewed as an expert."""
    done = [step for step in steps if step.state in ("done", "negative", "returned")]
    users = dict(Membership.objects.filter(pk__in={step.membership_id for step in done}).values_list("pk", "user_id"))
    titles: dict[int, set[str]] = {}
    for step in done:
        if step.membership_id in users:
            titles.setdefault(users[step.membership_id], set()).add(step.title)
    panels = {step.pk: step.title for step in done if kind_of(step).experts}
    reviews = Assignment.objects.filter(step_id__in=panels, state="submitted") if panels else ()
    for review in reviews:
        titles.setdefault(review.expert_id, set()).add(panels[review.step_id])
    return titles


def other_person(case, declared, actor, field: str = "") -> list[Finding]:
    """What the profile's `other_than` says against a person doing, or reviewing in, a step: they did one of the steps
    named, through whatever membership or by a link. `actor`: a membership, or whoever else acts, of whom `user` is asked.
    `field`: where on the form it is said."""
    if not declared.other_than or actor.user is None:
        return []
    titles = _titles(actor.user, list(case.steps().filter(key__in=declared.other_than)))
    if not titles:
        return []
    text = _("“%(a)s”与“%(b)s”应由不同人员办理。") % {"a": str(declared.title), "b": listed(sorted(titles))}
    fix = _("请由本单位其他有权限的人员办理。")
    return [Finding(declared.clause or "", "hard", text, {"other_than": sorted(titles)}, fix, field=field)]


def _titles(user: User, steps: list[Step]) -> set[str]:
    """Titles of those of these steps that the person did. Who acts by a link has no account: address and telephone number
    say who it is."""
    did = who_did(steps)
    by_address = user.pk is None
    accounts = User.objects.filter(pk__in=did) if by_address else [user]
    own = [account.pk for account in accounts if same_person(user, account)]
    return set().union(*(did.get(pk, ()) for pk in own), links.titles_of(user, steps))


def _first(case) -> Membership | None:
    """Who began the case, as the log has it."""
    line = TransitionLog.about(case).order_by("id").first()
    if line is None or line.membership_id is None:
        return None
    return Membership.objects.select_related("user", "organisation").filter(pk=line.membership_id).first()


def declare() -> None:
    """Enter the words that every routed case knows."""
    register("", "initiator", lazy("发起人"), _first)
