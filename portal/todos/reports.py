"""Records of a stay that wait for somebody's confirmation: one to-do for each student."""

from __future__ import annotations

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.todos.rows import Line, Todo, lines
from portal.todos.source import Source, register
from trainees.during import reading
from trainees.models import Placement

ROLES = {"student", "mentor", "base_mentor", "contact", "secretary", "graduate_office", "supervisor"}


@register
class Reports(Source):
    """What a student, a mentor or an office is asked to confirm."""

    code = "reports"
    acts = frozenset({"confirm_records"})

    def lines(self, membership):
        if membership.role not in ROLES:
            return []
        stays = reading.waiting_for(membership).order_by().values("record__subject_id")
        about = {"case_kind": Value(Placement.case_kind), "case_id": "pk", "case_title": "title", "number": "number"}
        return [lines(Placement.objects.filter(pk__in=stays), self.code, **about, since="changed_at")]

    def todo(self, line: Line) -> Todo:
        return line.todo(_("实践记录待确认"), _("去确认"), url=reverse("trainees:reports"))
