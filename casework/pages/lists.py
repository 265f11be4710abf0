"""The pages of lists, notices and exceptions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import queries
from casework.lists import drafting, proofs
from casework.models import CaseList, Notice, Override
from casework.pages.base import Asking, Page, case_of, kinds
from core import pages
from core.door import moves
from core.findings import Finding
from core.language import listed, said
from regulations import wording


@kinds.register(CaseList)
class ListPage(Page):
    careful = frozenset({"remove_member"})

    def facts(self) -> list[tuple]:
        case_list = self.case
        facts: list[tuple] = [(_("名单类型"), CaseList.KINDS.get(case_list.kind, case_list.kind))]
        notice = case_list.notice()
        period = _("%(a)s 至 %(b)s") % {"a": notice.opens_on, "b": notice.closes_on} if notice else ""
        for label, value in (
            (_("公示期"), period),
            (_("报送日期"), case_list.sent_on),
            (_("文号"), case_list.document_number),
            (_("公布日期"), case_list.published_on),
        ):
            if value:
                facts.append((label, value))
        return facts

    def extras(self) -> list[pages.ExtraPart]:
        """The members with rank and links, first of all tabs."""
        standing, removed = queries.members(self.case, self.membership)
        context = {"members": standing, "removed": removed}
        return [pages.ExtraPart("members", _("名单项目"), "casework/parts/members.html", context, place="tab")]

    def first_input(self, code: str) -> dict:
        return drafting.first_notice(self.case) if code == "publicise" else super().first_input(code)

    def preview_url(self, code: str) -> str:
        """What the public would read, before the list is publicised."""
        return reverse("portal:notice_preview", args=[self.case.pk]) if code == "publicise" else ""

    def related(self) -> list[tuple]:
        """What the list was drawn up in, and its notices."""
        related = [(_("所属批次"), case_of(self.case.context_kind, self.case.context_id))]
        return related + [(_("公示"), notice) for notice in self.case.notices.order_by("-pk")[:5]]

    def idle_moves(self) -> set[str]:
        """What this kind of list knows none of; for who draws it up also what an empty one is not ready for."""
        case_list, onward = self.case, set(CaseList.GOES_ON.values())
        idle = onward - {CaseList.GOES_ON[case_list.kind]}
        if not case_list.declaration.notice:
            idle.add("publicise")
        if self.membership.may("casework.manage_list", case_list) and not case_list.members().exists():
            idle |= {"remove_member", "publicise"} | onward
        return idle

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against the move that takes the list on, for whoever manages it."""
        case_list, asking = self.case, Asking.by(self.membership)
        if case_list.state not in ("prepared", "publicised"):
            return "", []
        if not self.membership.may("casework.manage_list", case_list):
            return "", []
        code = CaseList.GOES_ON[case_list.kind]
        conditions = moves(CaseList)[code].conditions
        return code, [finding for condition in conditions for finding in condition(case_list, asking)]


@kinds.register(Notice)
class NoticePage(Page):
    along = ("case_list",)
    careful = frozenset({"void_proof"})
    uploads = Page.uploads | {"picture": lazy("官网截图")}

    def facts(self) -> list[tuple]:
        notice = self.case
        days = _("%(a)s 至 %(b)s（%(n)s个工作日）") % {
            "a": notice.opens_on,
            "b": notice.closes_on,
            "n": notice.days,
        }
        facts: list[tuple] = [(_("公示期"), days)]
        if notice.state != "prepared":
            facts.append((_("公开页面"), _("打开公示页面"), reverse("portal:public_notice", args=[notice.slug])))
        if notice.web_address:
            facts.append((_("公示网址"), notice.web_address, notice.web_address))
        reach = (notice.contact, notice.phone, notice.email, notice.address)
        contact = listed((part for part in reach if part), "，")
        if contact:
            facts.append((_("受理异议"), contact))
        if notice.days_are_local:
            facts.append((_("公示天数"), _("办法未作规定，按本单位设定")))
        return facts

    def hints(self) -> list[pages.Hint]:
        """Pictures of the official page that are missing, for whoever has to bring them."""
        notice, hints = self.case, super().hints()
        if notice.state == "prepared" or not self.membership.may("casework.manage_list", notice):
            return hints
        if left := proofs.missing(notice, self.proofs):
            text = _("还没有登记%(what)s的官网截图。请点“登记公示凭证”，截图和网址会印入《公示情况说明》。")
            words = listed(left)
            hints.append(pages.Hint(text % {"what": words}, "yellow", title=_("公示凭证不齐")))
        return hints

    @cached_property
    def proofs(self) -> list:
        return proofs.standing(self.case)

    def idle_moves(self) -> set[str]:
        """Nothing is made void where nothing stands."""
        return super().idle_moves() | (set() if self.proofs else {"void_proof"})

    def extras(self) -> list[pages.ExtraPart]:
        """The text, the list that was posted, and the objections; who objected is shown to who deals with it."""
        notice = self.case
        holds = self.membership.may("casework.manage_list", notice)
        shown = [
            {
                "row": row,
                "name": row.name if holds else _("（由公示单位掌握）"),
                "contact": row.contact if holds else "",
                "open": holds,
                "state": row.outcome,
                "label": row.get_outcome_display(),
                "channel": row.get_channel_display(),
                "late": row.came_on > notice.closes_on,
            }
            for row in notice.objections.select_related("document", "ruling", "entry").order_by("pk")
        ]
        heads, lines = drafting.table(notice)
        context = {"notice": notice, "heads": heads, "lines": lines, "proofs": self.proofs}
        return [
            pages.ExtraPart("objections", _("异议"), "casework/parts/objections.html", shown, place="tab"),
            pages.ExtraPart("notice", _("公示内容"), "casework/parts/notice.html", context),
        ]

    def related(self) -> list[tuple]:
        return [(_("名单"), self.case.case_list)]


@kinds.register(Override)
class OverridePage(Page):
    along = (*Page.along, "unit")
    careful = negative = frozenset({"refuse"})

    def facts(self) -> list[tuple]:
        """What the deciding role needs and all it gets: the rule, the facts seen, the reason."""
        override = self.case
        article = wording.article(override.regulation_version.profile, override.clause) if override.clause else ""
        facts = listed((value for value in override.facts.values() if value not in (None, "")), "；")
        return [
            (_("申请事项"), override.subject_title),
            (_("未满足的条件"), override.message),
            (_("依据"), article),
            (_("事实"), facts),
            (_("申请理由"), override.reason),
            (_("申请人"), f"{override.requester.display_name} {override.requested_by}"),
            *([(_("补交期限"), override.due_on)] if override.due_on else []),
            *([(_("补交日期"), override.supplied_on)] if override.supplied_on else []),
            *([(_("审批意见"), said(override.decided_by, override.decision_reason))] if override.decided_by else []),
        ]

    def related(self) -> list[tuple]:
        return [(_("申请例外的事项"), case_of(self.case.subject_kind, self.case.subject_id))]
