"""The pages of rounds and evaluations."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from bases import outputs
from casework import records
from casework.models import Effect
from casework.pages import Asking, Page, RoutedPage, kinds
from casework.pages.findings import clause
from core import clock, pages
from core.findings import Finding
from core.language import bracketed, listed
from core.models import TransitionLog
from evaluations.models import Evaluation, Round
from evaluations.models.evaluation import ENDED
from evaluations.queries import lists
from evaluations.services import grading, lifecycle, rounds
from regulations import wording

MOST = 300  # evaluations shown on the page of their round; the list has them all


@kinds.register(Evaluation)
class EvaluationPage(RoutedPage):
    along = (*RoutedPage.along, "in_round__organiser", "recognition__base")
    careful = RoutedPage.careful | {"miss", "cancel"}
    negative = RoutedPage.negative | {"miss", "cancel", "note_absence"}

    @classmethod
    def in_lines(cls, rows):
        return rows.select_related("in_round")

    def facts(self) -> list[tuple]:
        evaluation = self.case
        lines: list[tuple] = [
            (_("批次"), evaluation.in_round.title, evaluation.in_round),
            (_("基地"), evaluation.recognition.base.name, evaluation.recognition),
            (_("自评截止日"), evaluation.report_due),
        ]
        if evaluation.reported_on:
            late = (evaluation.reported_on - evaluation.report_due).days
            said = _("（逾期%(n)s天）") % {"n": late} if late > 0 else ""
            lines.append((_("自评提交"), f"{evaluation.reported_on.isoformat()}{said}"))
        lines += [(tally.label, str(tally.number)) for tally in self._tallies]
        lines += self._undelivered()
        if not self.reviewer and evaluation.grade:
            lines.append((_("考核等次"), grading.titles(evaluation)[evaluation.grade]))
            if evaluation.score is not None:
                lines.append((_("得分"), evaluation.score))
        if evaluation.confirmed_on and not self.reviewer:
            lines.append((_("确认日期"), evaluation.confirmed_on))
        return lines

    def outcome(self) -> pages.Outcome | None:
        """The grade, whose result decides the colour; the state says only how far it is."""
        evaluation = self.case
        if self.reviewer or not evaluation.grade:
            return None
        return pages.Outcome(grading.titles(evaluation)[evaluation.grade], evaluation.passed)

    @cached_property
    def _tallies(self) -> list[outputs.Tally]:
        """What the base is to bring about under its regulation, as it is on the day of the evaluation."""
        return outputs.tallies(self.case.recognition, self.case.confirmed_on or clock.today())

    def _undelivered(self) -> list[tuple]:
        """What was to be done at the base by a day and is not on record as done (CZMC-6.2: what the agreement promises)."""
        recognition = self.case.recognition
        declared = {key: kind for key, kind in recognition.profile.records.items() if kind.matter and kind.matter.due}
        rows = [row for row in records.open_matters(recognition) if row.type in declared] if declared else []
        lines = []
        for row in rows:
            texts = [field.key for field in declared[row.type].fields if field.type in ("text", "longtext")]
            what = listed((row.answers[key] for key in texts if row.answers.get(key)), "；")
            lines.append((row.title, _("%(what)s（应于%(d)s前落实，尚未落实）") % {"what": what, "d": row.due_on}))
        return lines

    def related(self) -> list[tuple]:
        evaluation = self.case
        earlier = evaluation.recognition.evaluations.exclude(pk=evaluation.pk).order_by("-pk")[:5]
        return [
            (_("考核批次"), evaluation.in_round),
            (_("基地"), evaluation.recognition),
            *((_("整改"), row) for row in evaluation.rectifications.order_by("pk")),
            *((_("历次考核"), row) for row in earlier),
        ]

    def choices(self) -> list[pages.ActionChoice]:
        """Filling the self-report in."""
        evaluation, choices = self.case, []
        for key in evaluation.form_keys():
            if evaluation.editable_sections(key, self.membership):
                url = reverse("case_form", args=[evaluation.case_kind, evaluation.pk, key])
                title = evaluation.form_spec(key).title
                label = _("填写：%(f)s") % {"f": title}
                choices.append(pages.ActionChoice(f"fill_{key}", label, True, url, icon="edit"))
        return choices

    def findings(self) -> tuple[str, list[Finding]]:
        """All that stands against handing the report in, for whoever may."""
        evaluation = self.case
        if evaluation.state != "draft" or not self.membership.may("evaluations.report", evaluation):
            return "", []
        return "submit", lifecycle.submit_findings(evaluation, Asking.by(self.membership))

    def idle_moves(self) -> set[str]:
        """Deciding that nobody took part, while there is still time; a statement before anything is decided, or to
        oneself."""
        evaluation, idle = self.case, super().idle_moves()
        if not evaluation.absent_since or evaluation.reported_on is not None:
            idle = idle | {"miss"}
        if evaluation.state not in ("deciding", *ENDED) or self.membership.may("evaluations.run", evaluation):
            idle = idle | {"state_case"}
        return idle

    def hints(self) -> list[pages.Hint]:
        evaluation, hints = self.case, super().hints()
        if evaluation.state == "draft" and evaluation.absent_since:
            text = _("自评截止日%(d)s已过，尚未收到自评。是否未按规定参加考核，由%(o)s决定；此前仍可提交。")
            words = {"d": evaluation.report_due, "o": evaluation.in_round.organiser.display_name}
            hints.append(pages.Hint(text % words, "red", title=_("逾期未报")))
        for tally in self._tallies:
            if tally.missing and evaluation.state not in ENDED:
                cited = clause(evaluation, tally.output.clause or "")
                text = bracketed(_("现有%(n)s，尚缺%(m)s") % {"n": tally.number, "m": tally.missing}, str(cited))
                hints.append(pages.Hint(text, "yellow", title=tally.label))
        if evaluation.state in ("missed", "cancelled") and evaluation.missed_reason:
            tone = "red" if evaluation.state == "missed" else "grey"
            hints.append(pages.Hint(evaluation.missed_reason, tone, title=evaluation.get_state_display()))
        return hints

    def extras(self) -> list[pages.ExtraPart]:
        """The result with every reason; what the unit said to it."""
        parts = super().extras()
        if self.reviewer:
            return parts
        if (result := self._result()) is not None:
            title, template = _("考核结果"), "evaluations/parts/result.html"
            parts.append(pages.ExtraPart("result", title, template, result, place="tab"))
        if statements := self._statements():
            template = "evaluations/parts/statements.html"
            parts.append(pages.ExtraPart("statements", _("陈述申辩"), template, statements, place="content"))
        return parts

    def _result(self) -> dict | None:
        """The grade as it was given; before that, for the organiser, as it follows from what is there."""
        evaluation = self.case
        kind = evaluation.declaration
        if evaluation.grade:
            return {
                "grade": grading.titles(evaluation)[evaluation.grade],
                "passed": evaluation.passed,
                "score": evaluation.score,
                "final": evaluation.state == "confirmed",
                "reasons": grading.sentences(evaluation, evaluation.reasons),
                "effects": self._effects(),
                "cited": clause(evaluation, kind.grade(evaluation.grade).clause or kind.clause or ""),
            }
        organiser = self.membership.may("evaluations.run", evaluation)
        if evaluation.state != "deciding" or not organiser or kind.grading is None:
            return None
        computed = grading.computed(evaluation)
        return {
            "grade": grading.titles(evaluation).get(computed.code or "", ""),
            "passed": kind.grade(computed.code).passed if computed.code else None,
            "score": computed.score,
            "final": False,
            "reasons": grading.sentences(evaluation, [reason.plain() for reason in computed.reasons]),
            "effects": [],
            "cited": clause(evaluation, kind.clause or ""),
        }

    def _effects(self) -> list[dict]:
        evaluation = self.case
        rows = Effect.objects.filter(source_kind=evaluation.case_kind, source_id=evaluation.pk).order_by("pk")
        return [{"row": row, "cited": clause(evaluation, row.clause)} for row in rows]

    def _statements(self) -> list[dict]:
        lines = TransitionLog.about(self.case).filter(transition="state_case").order_by("position")
        return [
            {"unit": line.organisation_name, "who": line.name_for(self.membership), "at": line.at, "text": line.reason}
            for line in lines
        ]


@kinds.register(Round)
class RoundPage(Page):
    along = (*Page.along, "organiser")
    careful = frozenset({"close"})
    beside = frozenset({"add_base"})

    def facts(self) -> list[tuple]:
        in_round = self.case
        return [
            (_("组织单位"), in_round.organiser.display_name),
            (_("考核类型"), wording.words(in_round.declaration.title)),
            (_("启动日期"), in_round.opened_on or ""),
            (_("自评截止日"), in_round.report_due or ""),
        ]

    @cached_property
    def _runs(self) -> bool:
        """Whether the reader organises the round and it is open."""
        return self.case.state == "open" and self.membership.may("evaluations.run_round", self.case)

    @cached_property
    def _under_way(self) -> list[Finding]:
        return rounds.under_way(self.case) if self._runs else []

    def choices(self) -> list[pages.ActionChoice]:
        """Urging all at once whose report is missing; why the round cannot be closed while it is under way."""
        choices = []
        if self._runs and rounds.to_urge(self.case):
            url, label = reverse("evaluations:urge", args=[self.case.pk]), _("一键催报")
            choices.append(pages.ActionChoice("urge", label, True, url, primary=True, icon="bell", direct=True))
        elif self._runs and rounds.silent(self.case):
            choices.append(pages.ActionChoice("urge", _("一键催报"), False, why_not=_("今天已催报。")))
        for finding in self._under_way:
            choices.append(pages.ActionChoice("close", _("结束考核批次"), False, why_not=finding.message))
        return choices

    def idle_moves(self) -> set[str]:
        """Closing, while bases have not come to where they are graded."""
        return super().idle_moves() | ({"close"} if self._under_way else set())

    def findings(self) -> tuple[str, list[Finding]]:
        """What keeps a round from being closed whose bases have all come to be graded, for who organises it. Before that
        nothing is wrong."""
        if not self._runs or self._under_way:
            return "", []
        return "close", rounds.close_findings(self.case, Asking.by(self.membership))

    def extras(self) -> list[pages.ExtraPart]:
        """How far the round is, who is missing, one click to urge them all."""
        in_round, membership, today = self.case, self.membership, clock.today()
        if in_round.state == "planned":
            return []
        titles = {grade.code: wording.words(grade.title) for grade in in_round.declaration.grades}
        figures = lists.progress(in_round, membership, today)
        rows = lists.evaluations(membership).filter(in_round=in_round)
        rows = rows.select_related("recognition__base", "college", "university", "partner")
        context = {
            "round": in_round,
            "figures": figures,
            "grades": [(titles.get(code, code), number) for code, number in figures.grades.items()],
            "rows": [
                {
                    "row": row,
                    "grade": titles.get(row.grade, ""),
                    "late": row.reported_on is None and row.report_due < today,
                }
                for row in rows.order_by("reported_on", "report_due", "pk")[:MOST]
            ],
            "list_url": f"{reverse('evaluations:list')}?in_round={in_round.pk}",
        }
        title, template = _("考核进度"), "evaluations/parts/progress.html"
        return [pages.ExtraPart("progress", title, template, context, place="content")]
