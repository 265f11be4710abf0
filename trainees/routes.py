"""The route of a student's stay: opinions on the application, what has to be there before entry, gates on the way, the
assessment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.steps import persons
from regulations.routekinds import RouteKind, register

register(
    RouteKind(
        case="placement",
        title=_("专业实践"),
        stages={
            "checking": _("申请审批"),
            "planned": _("进入基地前"),
            "active": _("实践过程"),
            "assessing": _("考核"),
        },
        # A stay stands on no list and rests on no agreement of its own.
        without=frozenset({"list", "notice", "agreement", "document"}),
        order=7,
    )
)

persons.register("placement", "student", _("研究生本人"), lambda stay: stay.student.seat)
persons.register("placement", "university_mentor", _("校内导师"), lambda stay: stay.university_mentor)
persons.register("placement", "base_mentor", _("基地导师"), lambda stay: stay.base_mentor)
