"""What somebody is asked for by name: reviews, exceptions to decide, consequences to confirm, units to enter, objections
to settle."""

from __future__ import annotations

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Assignment, Effect, Objection, Override
from core import clock
from core.language import shown
from portal.queries.words import case_url, kind_label
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import LIMIT, Source, register
from tenants import rights
from tenants.models import UnitRegistration


@register
class Reviews(Source):
    """A review that the membership was asked for and has not handed in, within its days."""

    code = "review"
    acts = frozenset({"give_opinion", "recuse"})
    alike = ()

    def lines(self, membership):
        today = clock.today()
        rows = Assignment.objects.filter(
            membership_id=membership.pk, state__in=("invited", "assigned"), opens_on__lte=today, closes_on__gte=today
        )
        return [lines(rows, self.code, step="state", since="created_at", due="closes_on", person="assigned_by")]

    def todo(self, line: Line) -> Todo:
        word = str(Assignment.State(line.step).label)
        return line.todo(word, _("去评审"), what=_("专家评审"))


@register
class Overrides(Source):
    """An exception that was asked for and waits for the role that decides it."""

    code = "override"
    acts = frozenset({"grant", "refuse"})

    def lines(self, membership):
        rows = Override.objects.filter(
            unit_id=membership.organisation_id, role__in=membership.acting_roles, state="requested"
        )
        about = {
            "case_kind": Value(Override.case_kind),
            "case_id": "pk",
            "case_title": "subject_title",
            "number": "number",
        }
        return [lines(rows, self.code, **about, since="created_at", person="requested_by")]

    def todo(self, line: Line) -> Todo:
        return line.todo(_("例外审批"), _("去审批"), what=_("例外申请"))


@register
class Consequences(Source):
    """A consequence that was proposed and waits for the role that confirms it."""

    code = "consequence"
    acts = frozenset({"confirm_effect", "decline_effect"})

    def lines(self, membership):
        rows = Effect.objects.filter(
            unit_id=membership.organisation_id, role__in=membership.acting_roles, state="proposed"
        )
        return [lines(rows, self.code, number="case_number", step="title", since="created_at")]

    def todo(self, line: Line) -> Todo:
        return line.todo(_("确认：%(what)s") % {"what": line.step}, _("去确认"))


@register
class Registrations(Source):
    """A unit from outside that asks the reader's university to be entered."""

    code = "registration"

    def lines(self, membership):
        kind = membership.organisation.kind
        if not any((kind, role) in rights.INTRODUCERS for role in membership.acting_roles):
            return []
        rows = UnitRegistration.objects.filter(university=membership.organisation_id, state="asked")
        about = {"case_kind": Value(""), "case_id": "pk", "case_title": "name"}
        return [lines(rows, self.code, **about, number="number", since="created_at", person="contact")]

    def todo(self, line: Line) -> Todo:
        url = reverse("tenants:registration", args=[line.case_id])
        return line.todo(_("待核实"), _("去核实"), what=_("外单位申请登记"), url=url)


@register
class Objections(Source):
    """An objection that has no outcome, for the unit and role that manage its list. One query."""

    code = "objection"
    acts = frozenset({"resolve_objection"})

    def todos(self, membership) -> list[Todo]:
        column = membership.organisation.column
        if column not in ("authority", "university"):
            return []
        rows = Objection.objects.filter(
            outcome="", **{f"notice__case_list__{column}_id": membership.organisation_id}
        ).select_related("notice__case_list__regulation_version__regulation")
        return [
            Todo(
                what=kind_label(row.notice.case_kind),
                case_title=row.notice.title,
                case_kind=row.notice.case_kind,
                case_id=row.notice_id,
                number=row.number,
                step=_("办理异议"),
                url=case_url(row.notice.case_kind, row.notice_id) + "#objections",
                since=row.raised_at,
                from_person=shown(row.name),
                action=_("去处理"),
            )
            for row in rows.order_by("pk")[:LIMIT]
            if row.notice.case_list.declaration.unit == column
            and row.notice.case_list.declaration.role in membership.acting_roles
        ]
