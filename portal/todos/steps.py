"""Open steps, and the stamped papers that came back with them and wait to be compared."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import BooleanField, Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from bases.models import Agreement
from casework import queries
from casework.models import Notice, Step
from casework.models.effects import SCAN_RULE
from casework.permissions import CLERKS
from casework.steps import persons
from core import clock
from core.language import shown
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import Source, register


def open_steps(membership) -> QuerySet[Step]:
    """The steps that the membership may act on now: its role's in its unit, and those its clerk enters.

    Annotated with `due`: the day by which to act, or the last day of the notice that a step waits for while it runs; and
    with `guessed`: whether that day is estimated.
    """
    roles = membership.acting_roles
    own = Q(role__in=roles) & persons.own(membership)
    if CLERKS.get(membership.organisation.kind) in roles:
        own |= Q(offline=True)
    where = Q(own, unit_id=membership.organisation_id) | _on_paper(membership)
    running = Notice.objects.filter(
        state="publicised",
        closes_on__gte=clock.today(),
        case_list__entries__removed_at=None,
        case_list__entries__case_kind=OuterRef("case_kind"),
        case_list__entries__case_id=OuterRef("case_id"),
    )
    notice = running.order_by("-closes_on")
    closes = Case(When(kind="notice", then=Subquery(notice.values("closes_on")[:1])))
    waits = Q(kind="notice", due_on=None)
    guessed = Case(When(waits, then=Subquery(notice.values("estimated")[:1])), default=F("due_estimated"))
    return Step.objects.filter(where, state="open").annotate(
        due=Coalesce("due_on", closes, output_field=DateField()),
        guessed=Coalesce(guessed, Value(False), output_field=BooleanField()),
    )


def _on_paper(membership) -> Q:
    """Steps of partner units that keep to paper, for the clerk who enters what they decide."""
    kind = membership.kind
    if kind not in ("college", "university") or CLERKS[kind] not in membership.acting_roles:
        return Q(pk__in=[])
    where = Q(pk__in=[])
    for model in (Application, Agreement):
        ours = model.objects.filter(**{f"{kind}_id": membership.organisation_id})
        if kind == "university":
            ours = ours.filter(college=None)
        where |= Q(case_kind=model.case_kind, case_id__in=ours.values("pk"))
    return where & Q(offline=True, unit__kind="partner", unit__paper_only=True)


def of_step(rows: QuerySet[Step], source: str, **more) -> QuerySet:
    """Rows of steps as lines of to-dos."""
    return lines(rows, source, **{"number": "case_number", "step": "title", "step_key": "key", **more})


@register
class Steps(Source):
    """A step of a route that is open."""

    code = "step"
    acts = frozenset({"act_on_step", "ask_waiver", "hand_over_step"})
    alike = ("case_kind", "step_key")

    def lines(self, membership):
        own = Case(When(role__in=membership.acting_roles, then=Value(True)), default=Value(False))
        given = {"since": "opened_at", "due": "due", "estimated": "guessed", "mine": own}
        return [of_step(open_steps(membership), self.code, **given)]

    def todo(self, line: Line) -> Todo:
        return line.todo(shown(line.step), _("去办理") if line.mine else _("登记"), step_key=line.step_key)


@register
class Scans(Source):
    """A stamped paper that came back with a step of the present round, while its case is under way."""

    code = "scan"
    acts = frozenset({"match_scan", "match_supplied"})
    alike = ()

    def lines(self, membership):
        rows = queries.steps_to_compare(membership)
        return [] if rows.query.is_empty() else [of_step(rows, self.code, since="closed_at")]

    def todo(self, line: Line) -> Todo:
        return _comparison(line)


@register
class SuppliedPapers(Source):
    """A stamped paper that was let wait, has come, and waits to be compared by who let it wait."""

    code = "supplied"
    acts = frozenset({"match_scan", "match_supplied"})
    alike = ()

    def lines(self, membership):
        rows = queries.supplied_to_compare(membership)
        key = Substr("rule", len(SCAN_RULE) + 1)
        about = {"case_kind": F("subject_kind"), "case_id": F("subject_id"), "case_title": F("subject_title")}
        return [lines(rows, self.code, **about, step_key=key, since="changed_at")]

    def todo(self, line: Line) -> Todo:
        return _comparison(line)


def _comparison(line: Line) -> Todo:
    """The to-do, which leads to the scan among those that wait."""
    begins = f"{line.case_kind}.{line.case_id}.{line.step_key}"
    url = f"{reverse('casework:scans_compare')}?{urlencode({'at': begins})}"
    return line.todo(_("盖章件核对"), _("去核对"), url=url, step_key=line.step_key)
