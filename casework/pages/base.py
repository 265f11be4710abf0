"""The page of a case, as its kind of case fills it. `casework.views.builder` asks; rooms answer for their kinds.

Models know nothing of pages: a room registers a class for each of its kinds in its own `pages` module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import panels, papers
from casework.models import Effect
from casework.pages.findings import clause
from casework.pages.links import LINK_MOVES, link_extras
from casework.pages.reviews import review_extras
from casework.papers.printing import Print
from casework.steps import corrections, waivers
from core import clock, ledger, pages
from core.door import case_model
from core.findings import Finding
from core.language import bracketed, listed, shown
from core.models import FormAnswer
from core.outbox.state import undelivered
from core.registry import ByKind
from regulations import wording

REGULATION = "regulation_version__regulation"
UPLOADS = {
    "cover": lazy("报送函（盖章件）"),
    "file": lazy("文件"),
    "material": lazy("佐证材料"),
    "minutes": lazy("会议纪要"),
    "signed": lazy("签字件"),
}


@dataclass(frozen=True)
class Asking:
    """Somebody who has not acted yet: what conditions need to know of an act in order to be asked beforehand."""

    actor: Any
    on: Any = None
    data: dict | None = None

    @classmethod
    def by(cls, actor: Any) -> Asking:
        return cls(actor, clock.today(), {})


class Page:
    """The page of one case for one reader. `case.prefetched` is there already (casework.prefetched).

    A reviewer is an assigned expert: they read the dossier, but not what others said of it.
    """

    along: tuple[str, ...] = (REGULATION,)  # what every page of the case reads together with it
    careful: frozenset[str] = frozenset()  # moves that are asked again before they are made
    beside: frozenset[str] = frozenset()  # moves that are never what the page is about: not the blue button
    negative: frozenset[str] = frozenset()  # moves whose line in the log is drawn as a refusal
    uploads: dict[str, Any] = UPLOADS  # what the files are that the forms of its moves take, by the field's key

    def __init__(self, case: Any, membership: Any, *, reviewer: bool = False):
        self.case, self.membership, self.reviewer = case, membership, reviewer

    def facts(self) -> list[tuple]:
        """Lines of the head: (label, value), or (label, value, address or the case behind it)."""
        return []

    def refresh(self) -> int:
        """Seconds after which the page asks for itself again, while a worker has the case; 0 for never."""
        return 0

    def outcome(self) -> pages.Outcome | None:
        """What it came to, where its state alone does not say so."""
        return None

    def related(self) -> list[tuple]:
        """(label, case or None) of what belongs to it; the reader is led to those that they see."""
        return []

    def extras(self) -> list[pages.ExtraPart]:
        """Further parts of the page."""
        return []

    def hints(self) -> list[pages.Hint]:
        """What stands above everything else: what the date implies, what could not be delivered, the tasks that wait from
        a day on."""
        case, hints = self.case, work_hints(self.case, self.membership)
        if "effects" not in case.prefetched.rare:
            return hints
        tasks = Effect.about(case).filter(kind="task", state="standing", lifted_on=None)
        for effect in tasks:
            cited = clause(case, effect.clause)
            text = bracketed(_("自%(d)s起待办") % {"d": effect.from_on}, cited)
            hints.append(pages.Hint(text, "yellow", title=effect.title))
        return hints

    def choices(self) -> list[pages.ActionChoice]:
        """What the reader can do that is no move of the case."""
        return []

    def idle_moves(self) -> set[str]:
        """Codes of moves that the page does not offer, because nothing would come of them."""
        return set()

    def first_input(self, code: str) -> dict:
        """What the form of a move of the case starts with."""
        return self.case.first_input(code)

    def preview_url(self, code: str) -> str:
        """Where the input of a move is shown as it would come out, "" for moves without such a page."""
        return ""

    def asks(self, code: str, subject) -> bool:
        """Whether the reader is still asked for a move that is open to them."""
        return True

    def findings(self) -> tuple[str, list[Finding]]:
        """The move that takes the case on, and what stands against it, for who may make it; ("", []) for others."""
        return "", []

    def untouched(self) -> bool:
        """Whether nobody has begun to fill its dossier in: what is missing is then no fault."""
        return False

    def upload_labels(self) -> dict[str, Any]:
        """What the case's files are, by the key of the field that took them: those of its moves and of its dossier."""
        labels = dict(self.uploads)
        for key in self.case.form_keys():
            fields = (field for section in self.case.form_spec(key).sections for field in section.fields)
            labels |= {field.key: field.label for field in fields if field.type == "file"}
        return labels

    def prints(self) -> list[Print]:
        """What the reader may print or download."""
        return papers.of(self.case).prints(self.membership, self.reviewer)

    def link_facts(self) -> list[tuple]:
        """What somebody without an account is told of the case on the page of a link, as (label, value), in plain words:
        who takes part and from when until when. There is no reader then."""
        case = self.case
        units = ((_("学校"), case.university), (_("学院"), case.college), (_("合作单位"), case.partner))
        return [(label, unit.display_name) for label, unit in units if unit is not None]

    @classmethod
    def in_lines(cls, rows: QuerySet) -> QuerySet:
        """Rows with what their title and state read beside them, so that no line of a list asks by itself."""
        return rows


class RoutedPage(Page):
    """The page of a case with a route."""

    careful = frozenset({"recuse"})
    negative = frozenset({"send_back", "turn_down"})

    def hints(self) -> list[pages.Hint]:
        """Why it was sent back, what waits, and the stamped papers that may come later."""
        case, hints = self.case, []
        if case.correction_note and case.state == "draft":
            due = case.correction_due
            title = _("退回修改") + (_("，补正期限%(d)s") % {"d": due} if due else "")
            parts = corrections.titles(case)
            said = _("需修改的部分：%(parts)s") % {"parts": listed(parts)} if parts else ""
            hints.append(pages.Hint("\n".join(filter(None, [case.correction_note, said])), "orange", title=title))
        if self.unpromised:
            text = _("请先作出评审承诺，再查阅材料、提交意见；应当回避的，请声明回避。")
            hints.append(pages.Hint(text, "blue", title=_("承诺之后开放申报材料")))
        for assignment in panels.standing(case) if self.reviewer else ():
            if assignment.expert_id == self.membership.user_id and assignment.state == "submitted":
                text = _("%(title)s（本人已提交）") % {"title": shown(assignment.step.title)}
                hints.append(pages.Hint(text, "green"))
        hints += super().hints()
        return hints if self.reviewer else hints + waiver_hints(case)

    def untouched(self) -> bool:
        case = self.case
        return case.state == "draft" and not FormAnswer.about(case).filter(round=case.round).exists()

    @property
    def unpromised(self) -> bool:
        """Whether the reader is an assigned expert who has not promised yet."""
        return self.reviewer and not panels.may_read(self.membership.user, self.case)

    def asks(self, code: str, subject) -> bool:
        """Nobody is asked again for an opinion that was handed in; it may be given anew while the panel is open."""
        return not (code == "give_opinion" and subject.state == "submitted")

    def idle_moves(self) -> set[str]:
        """Nobody gives an opinion on what they have not read; links have their own part, with the buttons in it."""
        return super().idle_moves() | LINK_MOVES | ({"give_opinion"} if self.unpromised else set())

    def upload_labels(self) -> dict[str, Any]:
        """Those, and the evidence that the steps of its route ask for."""
        evidence = (item for step in self.case.declared_route() for item in step.evidence)
        return super().upload_labels() | {f"evidence_{item.code}": wording.words(item.label) for item in evidence}

    def extras(self) -> list[pages.ExtraPart]:
        """The experts on its panels; the links by which somebody without an account acts."""
        reviews = review_extras(self.case, self.case.prefetched.steps, self.membership)
        return reviews + link_extras(self.case, self.membership)


def work_hints(case, membership) -> list[pages.Hint]:
    """What the date implies although the job has not made it yet, and what the reader's own unit sent about the case and
    could not be delivered."""
    rare = case.prefetched.rare
    hints = [pages.Hint(text, "yellow") for text in (ledger.implied(case) if "acts" in rare else ())]
    for message in undelivered(case, membership.organisation_id) if "failures" in rare else ():
        if message.kind == "mail":
            words = {"to": message.payload["to"], "answer": message.error}
            text = _("发往%(to)s的邮件未能送达：%(answer)s。请核对邮箱地址；急件请电话告知对方。") % words
            hints.append(pages.Hint(text, "orange", title=_("邮件未送达")))
        else:
            text = _("本事项的一项后台处理（生成或签章文件）没有完成。请联系本单位管理员在“单位与人员”中再试。")
            hints.append(pages.Hint(text, "orange", title=_("后台处理未完成")))
    return hints


def waiver_hints(case) -> list[pages.Hint]:
    """What the case page says of papers let wait: which, until when, why; red once the day has gone."""
    hints = []
    for waiver in case.waivers():
        if waiver.settled_on:
            continue
        why = _("%(unit)s准予（%(n)s），理由：%(why)s")
        why %= {"unit": waiver.unit.display_name, "n": waiver.number, "why": waiver.reason}
        if waiver.supplied_on:
            title, tone, day = _("%(t)s，已于%(day)s交来，待核对"), "blue", waiver.supplied_on
        elif waiver.due_on < clock.today():
            title, tone, day = _("%(t)s，补交期限%(day)s，已逾期"), "red", waiver.due_on
        else:
            title, tone, day = _("%(t)s，补交期限%(day)s"), "yellow", waiver.due_on
        hints.append(pages.Hint(why, tone, title=title % {"t": waivers.title_of(waiver), "day": day}))
    return hints


kinds: ByKind[Page] = ByKind(Page)


def case_of(kind: str, pk: int):
    """The case named by a row, or None."""
    model = case_model(kind)
    return model._base_manager.filter(pk=pk).first() if model is not None else None
