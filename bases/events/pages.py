"""What the pages of incidents and withdrawals show beyond what every case shows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bases.events import incidents, withdrawals
from bases.models import Incident, Withdrawal
from casework.pages import Asking, RoutedPage, kinds
from core import clock, pages
from core.findings import Finding


class EventPage(RoutedPage):
    """The base that it is about, its form to be filled in."""

    along = (*RoutedPage.along, "recognition__base")
    careful = RoutedPage.careful | {"drop", "abandon", "revoke_base"}

    def related(self) -> list[tuple]:
        return [(_("基地"), self.case.recognition)]

    def choices(self) -> list[pages.ActionChoice]:
        case, form = self.case, self.case.declaration.form
        if not case.editable_sections(form, self.membership):
            return []
        url = reverse("case_form", args=[case.case_kind, case.pk, form])
        return [pages.ActionChoice("fill_form", _("填写"), True, url, icon="edit")]

    def _facts(self, *lines: tuple[str, Any]) -> list[tuple]:
        base = self.case.recognition
        return [(_("基地"), base.listed_title), *((label, value) for label, value in lines if value)]

    @classmethod
    def in_lines(cls, rows: QuerySet) -> QuerySet:
        return rows.select_related("recognition__base")


@kinds.register(Incident)
class IncidentPage(EventPage):
    def facts(self) -> list[tuple]:
        case = self.case
        verdict = {True: _("可以继续开展联合培养"), False: _("确无法继续开展联合培养"), None: ""}
        return self._facts(
            (_("发生日期"), case.happened_on),
            (_("事项类型"), case.type_label if case.type_code else ""),
            (_("报告日期"), case.reported_on),
            (_("研判日期"), case.assessed_on),
            (_("研判结论"), verdict[case.can_continue]),
        )

    def hints(self) -> list[pages.Hint]:
        """That it has not been reported yet; that what it led to waits for a decision."""
        case, hints = self.case, super().hints()
        if case.state == "draft":
            days = (clock.today() - case.created_at.date()).days
            text = _("登记后尚未报告主管部门（已%(n)s日）。填写完整后请及时报告。") % {"n": days}
            hints.append(pages.Hint(text, "yellow", title=_("尚未报告")))
        for effect in incidents.proposed(case):
            text = _("请由%(unit)s确认或不予采用。") % {"unit": effect.unit.display_name if effect.unit else ""}
            hints.append(pages.Hint(text, "orange", title=_("待确认：%(what)s") % {"what": effect.title}))
        return hints

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against the report."""
        if self.case.state == "draft" and self.membership.may("bases.report_incident", self.case):
            return "report", incidents.report_findings(self.case, Asking.by(self.membership))
        return "", []

    def idle_moves(self) -> set[str]:
        """Revoking the base before an assessment says that it cannot go on."""
        return super().idle_moves() | (set() if self.case.can_continue is False else {"revoke_base"})


@kinds.register(Withdrawal)
class WithdrawalPage(EventPage):
    def facts(self) -> list[tuple]:
        case = self.case
        return self._facts(
            (_("合作单位"), case.partner.display_name if case.partner else ""),
            (_("报送日期"), case.sent_on),
            (_("备案日期"), case.filed_on),
        )

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against the signing, or against sending."""
        case = self.case
        if not self.membership.may("bases.withdraw", case):
            return "", []
        if case.state == "draft":
            return "submit", withdrawals.submit_findings(case, Asking.by(self.membership))
        if case.state == "confirming":
            return "send", withdrawals.send_findings(case, Asking.by(self.membership))
        return "", []
