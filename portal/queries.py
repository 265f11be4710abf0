"""What the home page counts and lists, in a number of queries that does not depend on the number of rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Case, Count, DateField, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Call, CallUnit
from casework.models import Assignment, Notice, Override, Step
from casework.models.effects import SUPPLY
from casework.models.routed import RoutedCase
from casework.permissions import CLERKS
from casework.steps import persons
from core import clock, door, ledger
from core.language import shown
from core.models import LedgerEntry, Paper, TransitionLog
from core.states import States
from portal import waiting

TABLE = 50  # to-dos shown on the home page
SOON = 7  # days within which a to-do counts as due soon


@dataclass
class Todo:
    """One thing that waits for the reader."""

    what: str
    case_title: str
    case_kind: str
    case_id: int
    step: str
    url: str
    number: str = ""
    since: dt.datetime | None = None
    due: dt.date | None = None
    from_unit: str = ""
    from_person: str = ""
    action: str = ""
    returned: bool = False
    seal: str = ""
    copies: str = ""
    step_key: str = ""

    @property
    def order(self) -> tuple:
        """Oldest deadline first; without one after all others, by arrival."""
        return (self.due or dt.date.max, self.since or clock.now())


@dataclass
class Todos:
    """The first to-dos and how many there are of each sort."""

    rows: list[Todo] = field(default_factory=list)
    total: int = 0
    overdue: int = 0
    soon: int = 0
    returned: int = 0


def open_steps(membership) -> QuerySet[Step]:
    """The steps that the membership may act on now: its role's in its unit, and those its clerk enters.

    Annotated with `due`: the day by which to act, or the last day of the notice that a step waits for while it runs.
    """
    roles = membership.acting_roles
    mine = Q(role__in=roles) & persons.own(membership)
    if CLERKS.get(membership.organisation.kind) in roles:
        mine |= Q(offline=True)
    found = Q(mine, unit_id=membership.organisation_id) | waiting.on_paper(membership)
    running = Notice.objects.filter(
        state="publicised",
        closes_on__gte=clock.today(),
        case_list__entries__removed_at=None,
        case_list__entries__case_kind=OuterRef("case_kind"),
        case_list__entries__case_id=OuterRef("case_id"),
    )
    closes = Case(When(kind="notice", then=Subquery(running.order_by("-closes_on").values("closes_on")[:1])))
    return Step.objects.filter(found, state="open").annotate(due=Coalesce("due_on", closes, output_field=DateField()))


def kind_label(kind: str) -> str:
    """What people call a kind of case; its code where nobody does."""
    model = door.case_model(kind)
    return str(model.kind_label or kind) if model is not None else kind


def state_of(kind: str, code: str) -> str:
    """The state of a kind of case, with its word and style; the code itself where there is none of it."""
    model = door.case_model(kind)
    return model.state_of(code) if model is not None else code


def state_label(kind: str, code: str) -> str:
    """What people call a state of a kind of case; "" for one that does not exist."""
    state = state_of(kind, code)
    return str(state.label) if isinstance(state, States) else ""


def todos(membership, limit: int = TABLE) -> Todos:
    """Everything that waits for the membership, oldest deadline first."""
    today = clock.today()
    found = Todos()
    if membership.role == "expert":
        _take(found, _assignments(membership, today), today)
    else:
        _count_steps(found, membership, today)
        found.rows += [
            _step_todo(step, membership)
            for step in open_steps(membership).order_by(F("due").asc(nulls_last=True), "opened_at", "pk")[
                : limit if limit else None
            ]
        ]
        _take(found, _returned(membership), today)
        _take(found, _scans(membership), today)
        _take(found, _overrides(membership), today)
        _take(found, _parts(membership), today)
        _take(found, _signatures(membership), today)
        _take(found, _owed_papers(membership), today)
    found.rows.sort(key=lambda row: row.order)
    if limit:
        found.rows = found.rows[:limit]
    if membership.role != "expert":
        _name_senders(found.rows, membership)
    return found


def _count_steps(found: Todos, membership, today: dt.date) -> None:
    counted = open_steps(membership).aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(due__lt=today)),
        soon=Count("pk", filter=Q(due__gte=today, due__lte=today + dt.timedelta(days=SOON))),
    )
    found.total += counted["total"]
    found.overdue += counted["overdue"]
    found.soon += counted["soon"]


def _take(found: Todos, rows: list[Todo], today: dt.date) -> None:
    found.rows += rows
    found.total += len(rows)
    for row in rows:
        found.returned += row.returned
        if row.due is not None:
            found.overdue += row.due < today
            found.soon += today <= row.due <= today + dt.timedelta(days=SOON)


def case_url(kind: str, pk: int) -> str:
    """The address of a case's page."""
    return f"/cases/{kind}/{pk}/"


def _step_todo(step: Step, membership) -> Todo:
    return Todo(
        what=kind_label(step.case_kind),
        case_title=step.case_title,
        case_kind=step.case_kind,
        case_id=step.case_id,
        number=step.case_number,
        step=shown(step.title),
        step_key=step.key,
        url=case_url(step.case_kind, step.case_id),
        since=step.opened_at,
        due=getattr(step, "due", step.due_on),
        action=_("去办理") if step.role in membership.acting_roles else _("登记"),
    )


def _assignments(membership, today: dt.date) -> list[Todo]:
    rows = Assignment.objects.filter(
        expert_id=membership.user_id,
        state__in=("invited", "assigned"),
        opens_on__lte=today,
        closes_on__gte=today,
    ).order_by("closes_on", "pk")[:200]
    return [
        Todo(
            what=_("专家评审"),
            case_title=row.case_title,
            case_kind=row.case_kind,
            case_id=row.case_id,
            step=str(row.get_state_display()),
            url=case_url(row.case_kind, row.case_id),
            since=row.created_at,
            due=row.closes_on,
            from_person=row.assigned_by,
            action=_("去评审"),
        )
        for row in rows
    ]


def drafted_kinds() -> list[type]:
    """The kinds of case that are drafted, sent back and corrected."""
    return [model for model in door.kinds().values() if issubclass(model, RoutedCase)]


DRAFTERS = {"secretary", "dean", "applicant", "graduate_office"}


def _returned(membership) -> list[Todo]:
    """Drafts of the reader's own unit: those sent back, and those not handed in yet. One query per kind."""
    if not DRAFTERS & membership.acting_roles:
        return []
    column = membership.organisation.column
    own = {f"{column}_id": membership.organisation_id}
    if column == "university":
        own["college"] = None
    found = []
    for model in drafted_kinds():
        rows = model.objects.filter(**own, state="draft").order_by("correction_due", "pk")[:100]
        found += [_draft_todo(row) for row in rows]
    return found


def _draft_todo(row) -> Todo:
    back = row.round > 1 or row.correction_due is not None
    return Todo(
        what=kind_label(row.case_kind),
        case_title=row.title,
        case_kind=row.case_kind,
        case_id=row.pk,
        number=row.number,
        step=_("退回修改") if back else _("填报"),
        url=row.get_absolute_url(),
        since=row.changed_at,
        due=row.correction_due,
        action=_("去修改") if back else _("继续填写"),
        returned=back,
    )


def _scans(membership) -> list[Todo]:
    """Stamped papers that came back and wait to be compared, for the office that takes them in."""
    if CLERKS.get(membership.organisation.kind) not in membership.acting_roles:
        return []
    if membership.organisation.kind not in ("department", "university"):
        return []
    column = membership.organisation.column
    where = Q(pk__in=[])
    for model in drafted_kinds():
        ours = model.objects.filter(**{f"{column}_id": membership.organisation_id}).values("pk")
        where |= Q(case_kind=model.case_kind, case_id__in=ours)
    rows = Step.objects.filter(where, state="done", scan="to_match").order_by("closed_at", "pk")[:100]
    found = []
    for row in rows:
        todo = _step_todo(row, membership)
        todo.step, todo.action, todo.since, todo.due = _("盖章件核对"), _("去核对"), row.closed_at, None
        todo.url += "#papers"
        found.append(todo)
    return found


def _overrides(membership) -> list[Todo]:
    rows = Override.objects.filter(
        unit_id=membership.organisation_id, role__in=membership.acting_roles, state="requested"
    ).order_by("pk")[:100]
    return [
        Todo(
            what=_("例外申请"),
            case_title=row.subject_title,
            case_kind=row.case_kind,
            case_id=row.pk,
            number=row.number,
            step=_("例外审批"),
            url=row.get_absolute_url(),
            since=row.created_at,
            from_person=row.requested_by,
            action=_("去审批"),
        )
        for row in rows
    ]


def _parts(membership) -> list[Todo]:
    """Drafts in which the reader's unit has parts of its own to fill in."""
    found = []
    for row in waiting.parts_to_fill(membership):
        todo = _draft_todo(row)
        todo.step, todo.action = _("填写本单位的部分"), _("去填写")
        todo.url = reverse("case_form", args=[row.case_kind, row.pk, row.form_keys()[0]])
        found.append(todo)
    return found


def _signatures(membership) -> list[Todo]:
    """Agreements that are ready for the seals, or whose signed text is awaited."""
    found = []
    for row in waiting.to_sign(membership):
        todo = _draft_todo(row)
        todo.step = todo.action = _("登记签订") if row.state == "sealing" else _("进入用印")
        todo.due, todo.returned = None, False
        found.append(todo)
    return found


def _owed_papers(membership) -> list[Todo]:
    """Stamped papers that were let wait and have not come: overdue ones too, until they come."""
    rows = ledger.owed_by(membership).filter(kind=SUPPLY).order_by("due_on", "pk")[:100]
    return [
        Todo(
            what=kind_label(row.case_kind),
            case_title=row.case_title,
            case_kind=row.case_kind,
            case_id=row.case_id,
            step=row.title,
            url=case_url(row.case_kind, row.case_id),
            since=row.created_at,
            due=row.due_on,
            action=_("去补交"),
        )
        for row in rows
    ]


def _name_senders(rows: list[Todo], reader) -> None:
    """Who sent each case to the reader: the last who acted on it other than the reader. One query for all rows."""
    if not rows:
        return
    latest = (
        TransitionLog.objects.filter(_where(rows))
        .exclude(role="system")
        .exclude(user_id=reader.user_id)
        .values("case_kind", "case_id")
        .annotate(last=Max("id"))
        .values("last")
    )
    last = {
        (line.case_kind, line.case_id): line
        for line in TransitionLog.objects.filter(pk__in=latest).only(
            "case_kind", "case_id", "organisation_name", "organisation_id", "actor_name", "role", "user_id"
        )
    }
    for row in rows:
        line = last.get((row.case_kind, row.case_id))
        if line and not row.from_person:
            row.from_unit, row.from_person = line.organisation_name, line.name_for(reader)


def _where(rows: list[Todo]) -> Q:
    """The cases of these rows, for a table that names its case by kind and number."""
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        by_kind.setdefault(row.case_kind, set()).add(row.case_id)
    where = Q(pk__in=[])
    for kind, ids in by_kind.items():
        where |= Q(case_kind=kind, case_id__in=ids)
    return where


def name_seals(rows: list[Todo]) -> None:
    """Which seal goes on how many copies: what the step's own paper asks for, else the latest paper of the case. One
    query for all rows and one for each kind of case."""
    papers = Paper.objects.filter(_where(rows), voided_at=None).exclude(seal_kind="").order_by("pk")
    latest = {(paper.case_kind, paper.case_id): paper for paper in papers}
    for row in rows:
        if paper := latest.get((row.case_kind, row.case_id)):
            row.seal = shown(paper.seal_kind)
            row.copies = _("%(n)s份") % {"n": len(paper.copies)} if paper.copies else ""
    for row, declared in waiting.declarations(rows):
        asked = declared.paper is not None and declared.paper.scan != "none"
        row.seal = shown(declared.paper.seal) if asked else ""
        row.copies = _("%(n)s份") % {"n": declared.paper.copies} if asked and declared.paper.copies else ""


def reminders(membership, days: int = 90, limit: int = 10) -> list[LedgerEntry]:
    """What falls due for the membership within `days`, the nearest first. Open steps and
    papers let wait are to-dos, not reminders."""
    rows = (
        ledger.owed_by(membership)
        .filter(due_on__lte=clock.today() + dt.timedelta(days=days))
        .exclude(kind__in=("step", SUPPLY))
        .order_by("due_on", "pk")
    )
    return list(rows[:limit])


@dataclass
class RunningCall:
    """A call that is open now, with what has come in."""

    title: str
    url: str
    closes_at: dt.datetime
    extended: bool = False
    school_deadline: dt.datetime | None = None
    received: int = 0
    returned: int = 0
    preparing: int = 0

    @property
    def over(self) -> bool:
        return self.closes_at <= clock.now()

    @property
    def due(self) -> dt.date:
        """The day that counts for the reader: the university's own where it has set one."""
        return clock.local(min(filter(None, (self.closes_at, self.school_deadline)))).date()


def running_calls(membership, limit: int = 5) -> list[RunningCall]:
    """Calls that are open for the membership, the nearest end first, with the extension of the reader's own
    unit. Three queries."""
    calls = list(Call.objects.visible_to(membership).filter(state="open").order_by("closes_at", "pk")[:limit])
    if not calls:
        return []
    counted: dict[int, RunningCall] = {
        call.pk: RunningCall(call.title, call.get_absolute_url(), call.closes_at) for call in calls
    }
    own = membership.organisation
    for row in CallUnit.objects.filter(call__in=counted, organisation__in=[pk for pk in (own.pk, own.parent_id) if pk]):
        call = counted[row.call_id]
        if row.extended_until:
            call.closes_at, call.extended = row.extended_until, True
        if row.school_deadline and own.kind == "college":
            call.school_deadline = row.school_deadline
    rows = (
        Application.objects.visible_to(membership)
        .filter(call_id__in=counted)
        .order_by()
        .values("call_id")
        .annotate(
            drafts=Count("pk", filter=Q(state="draft", round=1)),
            back=Count("pk", filter=Q(state="draft", round__gt=1)),
            all=Count("pk"),
        )
    )
    for row in rows:
        call = counted[row["call_id"]]
        call.preparing, call.returned = row["drafts"], row["back"]
        call.received = row["all"] - row["drafts"] - row["back"]
    return list(counted.values())


def notices(limit: int = 5) -> list[Notice]:
    """Public notices that run today, the latest first."""
    today = clock.today()
    rows = Notice.objects.filter(state="publicised", opens_on__lte=today, closes_on__gte=today)
    return list(rows.order_by("-opens_on", "-pk")[:limit])
