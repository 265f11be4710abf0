"""The page of a rectification: its problems, how long is left, who repairs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import deliveries
from casework.pages import RoutedPage, kinds
from core import clock, pages, state_styles
from core.language import bracketed, listed
from evaluations.models import Rectification
from evaluations.rectification import ordering, recheck, work
from regulations import wording


@kinds.register(Rectification)
class RectificationPage(RoutedPage):
    careful = RoutedPage.careful | {"recheck_unreported"}
    uploads = RoutedPage.uploads | {"evidence": lazy("整改佐证材料"), "report": lazy("整改报告（盖章件）")}

    def facts(self) -> list[tuple]:
        case = self.case
        declared = case.declaration
        units = [case.unit_of(actor) for actor in declared.responsible]
        names = listed(dict.fromkeys(unit.display_name for unit in units if unit is not None))
        due = case.due_on
        if case.counts_down:
            due = bracketed(due, state_styles.of_due(due)[2])
        facts: list[tuple] = [(_("整改事项"), wording.words(declared.title))]
        for label, value in (
            (_("通知书编号"), case.notice_number),
            (_("下达日期"), case.ordered_on),
            (_("整改开始"), case.starts_on),
            (_("整改期限"), due),
            (_("责任单位"), names),
            (_("责任人"), case.person),
            (_("整改报告"), case.reported_on),
            (_("复核日期"), case.concluded_on),
            (_("复核意见"), case.outcome_reason),
        ):
            if value:
                facts.append((label, value))
        return facts

    def hints(self) -> list[pages.Hint]:
        """What every routed case says; that it is late, and what is still missing."""
        case, hints = self.case, super().hints()
        if not case.counts_down or case.due_on >= clock.today():
            return hints
        missing = [str(problem.number) for problem in case.open_problems() if not problem.answered_on]
        text = _("责任单位尚未提交整改报告。")
        if missing:
            text += _("第%(n)s条问题尚未提交佐证。") % {"n": listed(missing)}
        return [pages.Hint(text, "red", title=_("整改期限%(day)s已过") % {"day": case.due_on}), *hints]

    def extras(self) -> list[pages.ExtraPart]:
        """The list of problems, each with the link by which it is answered."""
        case = self.case
        mine = case.state == "draft" and self.membership.may("evaluations.rectify", case)
        url = reverse("case_do", args=[case.case_kind, case.pk, "answer_problem"])
        rows = list(case.problems.prefetch_related("evidence").order_by("number"))
        for row in rows:
            row.url = f"{url}?step={row.pk}" if mine and row.closed_on is None else ""
        left = sum(row.closed_on is None for row in rows)
        context = {"rows": rows, "left": left, "summary": case.summary, "report": case.report}
        context["deliveries"] = deliveries.shown(
            ordering.units(case), case.deliveries, deliveries.proofs(case.deliveries)
        )
        part = pages.ExtraPart("problems", _("问题清单"), "evaluations/parts/problems.html", context, place="content")
        return [part, *super().extras()]

    def choices(self) -> list[pages.ActionChoice]:
        """The first problem that the reader has still to answer; each has its own button beside it."""
        case, choices = self.case, super().choices()
        if case.state != "draft" or not self.membership.may("evaluations.rectify", case):
            return choices
        unanswered = next((problem for problem in case.open_problems() if not problem.answered_on), None)
        if unanswered is None:
            return choices
        url = f"{reverse('case_do', args=[case.case_kind, case.pk, 'answer_problem'])}?step={unanswered.pk}"
        label = _("填写第%(n)s条问题的整改情况") % {"n": unanswered.number}
        return [*choices, pages.ActionChoice("answer_problem", label, True, url, icon="edit", primary=True)]

    def related(self) -> list[tuple]:
        case = self.case
        related: list[tuple] = [(_("基地"), case.recognition), (_("依据的考核"), case.evaluation)]
        if case.declaration.reevaluation:
            related += [(_("复评"), evaluation) for evaluation in recheck.reevaluations_of(case)[:3]]
        return related

    def findings(self) -> tuple:
        """What stands against handing the report in."""
        if self.case.state != "draft" or not self.membership.may("evaluations.report_rectification", self.case):
            return "", []
        return "submit", work.report_findings(self.case, None)

    def idle_moves(self) -> set[str]:
        """Moving a day that the regulation fixes, delivering twice, checking where nothing waits, rechecking before the day
        has gone."""
        case, idle = self.case, set(super().idle_moves())
        if case.declaration.period is not None:
            idle.add("move_due")
        if not ordering.undelivered(case):
            idle.add("record_delivery")
        if not recheck.answered(case):
            idle.add("check_problems")
        if case.due_on is None or clock.today() <= case.due_on or case.declaration.reevaluation is not None:
            idle.add("recheck_unreported")
        return idle
