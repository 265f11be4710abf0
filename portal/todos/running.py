"""What goes on only by somebody's act: a round to open or to close, a withdrawal to send, a rectification that nobody
reported, a student whose time is over."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from bases.models import Backfill, Withdrawal
from casework.models import Step
from casework.models.regulated import with_regulation
from core import clock
from evaluations.models import Evaluation, Rectification, Round
from evaluations.models.evaluation import ENDED
from portal.todos.drafts import of_case
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import LIMIT, Source, register
from trainees.models import Placement

ORGANISERS = {"officer", "graduate_office"}
LOOKS_AFTER = {"college": "secretary", "university": "graduate_office"}  # students, by kind of organisation


@register
class Rounds(Source):
    """A round that its organiser has entered and not opened, or whose evaluations all have ended or have come as far as
    their grade. One query."""

    code = "round"
    acts = frozenset({"open", "close"})

    def todos(self, membership) -> list[Todo]:
        if not ORGANISERS & membership.acting_roles:
            return []
        graded = Step.objects.filter(
            case_kind=Evaluation.case_kind, case_id=OuterRef("pk"), round=OuterRef("round"), kind="grade", state="open"
        )
        members = Evaluation.objects.filter(in_round=OuterRef("pk"))
        behind = members.exclude(state__in=ENDED).exclude(Exists(graded))
        ready = Q(Exists(members), ~Exists(behind), state="open")
        rows = Round.objects.filter(Q(state="planned") | ready, organiser=membership.organisation_id)
        words = {"planned": _("启动考核"), "open": _("结束考核批次")}
        return [
            of_case(row, words[row.state], _("去办理"))
            for row in with_regulation(rows).order_by("pk")[:LIMIT]
            if row.declaration.role in membership.acting_roles
        ]


@register
class Backfills(Source):
    """Bases that are being entered afterwards: a form to go on with, a sheet to mend or to confirm. One query."""

    code = "backfill"

    def todos(self, membership) -> list[Todo]:
        if not ORGANISERS & membership.acting_roles or membership.kind not in ("university", "department"):
            return []
        words = {
            "draft": (_("填写存量补录"), _("继续填写")),
            "faulty": (_("改正表格后重新上传"), _("去办理")),
            "checked": (_("确认导入"), _("去办理")),
            "halted": (_("继续或结束导入"), _("去办理")),
        }
        rows = Backfill.objects.visible_to(membership).filter(state__in=words)
        return [of_case(row, *words[row.state]) for row in with_regulation(rows).order_by("pk")[:LIMIT]]


@register
class Unreported(Source):
    """A rectification whose last day has gone without a report, for whoever ordered it. One query."""

    code = "unreported"
    acts = frozenset({"recheck_unreported"})

    def todos(self, membership) -> list[Todo]:
        if not ORGANISERS & membership.acting_roles:
            return []
        rows = Rectification.objects.visible_to(membership).filter(
            state="draft", reported_on=None, due_on__lt=clock.today()
        )
        return [
            of_case(row, _("期满未报，直接复核"), _("去办理"), due=row.due_on)
            for row in with_regulation(rows).order_by("pk")[:LIMIT]
            if row.declaration.reevaluation is None
            and row.declaration.role in membership.acting_roles
            and getattr(row, f"{row.declaration.unit}_id") == membership.organisation_id
        ]


@register
class Sending(Source):
    """A withdrawal that both sides have signed and that has not been sent."""

    code = "sending"
    acts = frozenset({"send"})

    def lines(self, membership):
        if membership.kind != "university" or "graduate_office" not in membership.acting_roles:
            return []
        steps = Step.objects.filter(case_kind=Withdrawal.case_kind, case_id=OuterRef("pk"), round=OuterRef("round"))
        left = steps.filter(Q(state__in=("open", "waiting")) | Q(scan__in=("to_match", "mismatch")), stage="confirming")
        rows = Withdrawal.objects.filter(~Exists(left), state="confirming", university=membership.organisation_id)
        return [_cases(rows, self.code, Withdrawal)]

    def todo(self, line: Line) -> Todo:
        return line.todo(_("报送备案"), _("去报送"))


@register
class Students(Source):
    """A student whose time at the base is over, for whoever looks after them. That one is to go the ledger asks for."""

    code = "student"
    acts = frozenset({"end"})

    def lines(self, membership):
        if LOOKS_AFTER.get(membership.kind) not in membership.acting_roles:
            return []
        own = {f"{membership.kind}_id": membership.organisation_id}
        if membership.kind == "university":
            own["college"] = None
        rows = Placement.objects.filter(state="active", ends_on__lte=clock.today(), **own)
        return [_cases(rows, self.code, Placement, due="ends_on")]

    def todo(self, line: Line) -> Todo:
        return line.todo(_("登记结束"), _("去登记"))


def _cases(rows, source: str, model, **more):
    """Cases themselves as lines of to-dos."""
    about = {"case_kind": Value(model.case_kind), "case_id": "pk", "case_title": "title", "number": "number"}
    return lines(rows, source, **about, since="changed_at", **more)
