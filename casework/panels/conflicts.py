"""Who may not review what: the house's rule under every regulation (design, "Who sees what"), of many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from casework.models import Assignment
from tenants import roles, sides
from tenants.models import Membership, Party

Pair = tuple[str, int, int]


def pair(case: Any, membership: Membership) -> Pair:
    """The key of a case and an expert in what `conflicts_of` gives."""
    return case.case_kind, case.pk, membership.pk


def of_the_house(case: Any, step: Any) -> bool:
    """Whether a panel is made up of the university's own people, as its regulation wants it (`on_campus: required`)."""
    panel = case.step_declaration(step.key).panel
    return panel is not None and panel.on_campus == "required"


def conflicts_of(
    cases: Sequence[Any], memberships: Sequence[Membership], at_home: Collection[tuple[str, int]] = ()
) -> dict[Pair, list[str]]:
    """Why each of these experts may not review each of these cases: their own university, college or partner, what the
    same person did on the case for one of its sides, or what they declared themselves; empty where nothing is. Of cases
    `at_home`, by kind and pk, the university is no reason: its own people are what the panel wants. As many queries for
    thirty cases as for one."""
    homes = _homes(memberships)
    further = _partners(cases)
    recused = _recused(cases, memberships)
    acted = sides.acted_for(cases, [membership.user for membership in memberships])
    reasons: dict[Pair, list[str]] = {}
    for case in cases:
        own = None if (case.case_kind, case.pk) in at_home else case.university
        concerned = [
            (own, _("申报学校")),
            (case.college, _("申报学院")),
            (case.partner, _("合作单位")),
            *((organisation, _("合作单位")) for organisation in further.get((case.case_kind, case.pk), ())),
        ]
        for membership in memberships:
            person = membership.user
            said = [
                _("%(who)s在%(label)s%(org)s任职") % {"who": person.name, "label": label, "org": organisation.name}
                for organisation, label in concerned
                if organisation is not None and organisation.pk in homes[person.pk]
            ]
            if line := acted.get((case.case_kind, case.pk, person.pk)):
                words = {"who": person.name, "as": f"{line.organisation_name}·{roles.role_label(line.role)}"}
                said.append(_("%(who)s已以“%(as)s”的身份办理“%(what)s”") % {**words, "what": line.label})
            if why := recused.get((case.case_kind, case.pk, person.pk)):
                said.append(_("%(who)s已声明回避：%(why)s") % {"who": person.name, "why": why})
            reasons[pair(case, membership)] = said
    return reasons


def conflicts(case: Any, step: Any, membership: Membership) -> list[str]:
    """The same of one expert and one panel of a case."""
    return conflicts_at(case, step, [membership])[pair(case, membership)]


def conflicts_at(case: Any, step: Any, memberships: Sequence[Membership]) -> dict[Pair, list[str]]:
    """The same of several experts and one panel of a case."""
    at_home = [(case.case_kind, case.pk)] if of_the_house(case, step) else []
    return conflicts_of([case], memberships, at_home)


def _homes(memberships: Sequence[Membership]) -> dict[int, set[int]]:
    """By person the organisations that are theirs: where they have a post, the university of their college, their
    employer and what it belongs to."""
    persons = [membership.user for membership in memberships]
    prefetch_related_objects(persons, "employer")
    homes: dict[int, set[int]] = {person.pk: set() for person in persons}
    posts = Membership.objects.filter(user__in=persons, state="active").exclude(role="expert")
    for user, organisation, kind, parent in posts.values_list(
        "user_id", "organisation_id", "organisation__kind", "organisation__parent_id"
    ):
        homes[user] |= {organisation, parent} if kind == roles.COLLEGE else {organisation}
    for person in persons:
        if person.employer is not None:
            homes[person.pk] |= {person.employer.pk, person.employer.parent_id}
    return {pk: own - {None} for pk, own in homes.items()}


def _ids(cases: Sequence[Any]) -> dict[str, list[int]]:
    by_kind: dict[str, list[int]] = {}
    for case in cases:
        by_kind.setdefault(case.case_kind, []).append(case.pk)
    return by_kind


def _partners(cases: Sequence[Any]) -> dict[tuple[str, int], list[Any]]:
    partners: dict[tuple[str, int], list[Any]] = {}
    for kind, ids in _ids(cases).items():
        rows = Party.objects.filter(case_kind=kind, case_id__in=ids, role="partner", until_on=None)
        for row in rows.select_related("organisation"):
            partners.setdefault((kind, row.case_id), []).append(row.organisation)
    return partners


def _recused(cases: Sequence[Any], memberships: Sequence[Membership]) -> dict[tuple[str, int, int], str]:
    persons = {membership.user_id for membership in memberships}
    said: dict[tuple[str, int, int], str] = {}
    for kind, ids in _ids(cases).items():
        rows = Assignment.objects.filter(case_kind=kind, case_id__in=ids, expert_id__in=persons, state="recused")
        for pk, person, reason in rows.order_by("-pk").values_list("case_id", "expert_id", "reason"):
            said[kind, pk, person] = reason
    return said
