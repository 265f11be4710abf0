"""What the pages of lists, notices and exceptions show beyond what every case shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.models import CaseList, ListEntry, Notice, Override
from core import clock, pages
from core.door import case_model, moves
from core.findings import Finding
from core.language import listed

KINDS = {
    "recommended": gettext_lazy("推荐名单"),
    "preliminary": gettext_lazy("初步名单"),
    "recognition": gettext_lazy("认定名单"),
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


def case_of(kind: str, pk: int):
    """The case named by a row, or None."""
    model = case_model(kind)
    return model._base_manager.filter(pk=pk).first() if model is not None else None


# --- lists ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """One line of a list: the entry, and the case behind it where the reader sees it."""

    entry: ListEntry
    case: Any = None

    @property
    def url(self) -> str:
        return self.case.get_absolute_url() if self.case is not None else ""


def members(case_list: CaseList, membership) -> tuple[list[Member], list[Member]]:
    """Those on the list and those taken off it, by rank. Two queries, whatever the number."""
    entries = list(case_list.entries.order_by("rank", "pk"))
    seen: dict[tuple[str, int], Any] = {}
    for kind in {entry.case_kind for entry in entries}:
        model = case_model(kind)
        if model is None:
            continue
        rows = model.objects.visible_to(membership).select_related("university", "college", "partner")
        for case in rows.filter(pk__in=[entry.case_id for entry in entries if entry.case_kind == kind]):
            seen[kind, case.pk] = case
    lines = [Member(entry, seen.get((entry.case_kind, entry.case_id))) for entry in entries]
    return [one for one in lines if not one.entry.removed_at], [one for one in lines if one.entry.removed_at]


def list_extras(case_list: CaseList, request) -> list[pages.ExtraPart]:
    """The members with rank and links, first of all tabs."""
    standing, removed = members(case_list, request.membership)
    context = {"members": standing, "removed": removed}
    return [pages.ExtraPart("members", _("名单项目"), "casework/parts/members.html", context, place="tab")]


def list_facts(case_list: CaseList) -> list[tuple]:
    found: list[tuple] = [(_("名单类型"), KINDS.get(case_list.kind, case_list.kind))]
    notice = case_list.notice()
    period = _("%(a)s 至 %(b)s") % {"a": notice.opens_on, "b": notice.closes_on} if notice else ""
    for label, value in (
        (_("公示期"), period),
        (_("报送日期"), case_list.sent_on),
        (_("文号"), case_list.document_number),
        (_("公布日期"), case_list.published_on),
    ):
        if value:
            found.append((label, value))
    return found


def list_related(case_list: CaseList) -> list[tuple]:
    """What the list was drawn up in, and its notices."""
    found = [(_("所属批次"), case_of(case_list.context_kind, case_list.context_id))]
    return found + [(_("公示"), notice) for notice in case_list.notices.order_by("-pk")[:5]]


def list_findings(case_list: CaseList, membership) -> tuple[str, list[Finding]]:
    """What stands against the move that takes the list on, for whoever manages it."""
    if case_list.state not in ("prepared", "publicised") or not membership.may("casework.manage_list", case_list):
        return "", []
    code = case_list.GOES_ON[case_list.kind]
    asking = Asking.by(membership)
    conditions = moves(type(case_list))[code].conditions
    return code, [finding for condition in conditions for finding in condition(case_list, asking)]


# --- notices -------------------------------------------------------------------------------------------------------


def notice_extras(notice: Notice, request) -> list[pages.ExtraPart]:
    """The text, the list that was posted, and the objections; who objected is shown to who deals with it."""
    objections = list(notice.objections.select_related("document").order_by("pk"))
    holds = request.membership.may("casework.manage_list", notice)
    shown = [
        {
            "row": row,
            "name": row.name if holds else _("（由公示单位掌握）"),
            "contact": row.contact if holds else "",
            "state": "open" if not row.outcome else row.outcome,
            "label": row.get_outcome_display(),
            "channel": row.get_channel_display(),
            "late": clock.local(row.raised_at).date() > notice.closes_on,
        }
        for row in objections
    ]
    entries = list(notice.case_list.members())
    return [
        pages.ExtraPart("objections", _("异议"), "casework/parts/objections.html", shown, place="tab"),
        pages.ExtraPart("notice", _("公示内容"), "casework/parts/notice.html", {"notice": notice, "entries": entries}),
    ]


def notice_facts(notice: Notice) -> list[tuple]:
    days = _("%(a)s 至 %(b)s（%(n)s个工作日）") % {
        "a": notice.opens_on,
        "b": notice.closes_on,
        "n": notice.days,
    }
    found: list[tuple] = [(_("公示期"), days)]
    if notice.state != "prepared":
        found.append((_("公开页面"), _("打开公示页面"), reverse("portal:public_notice", args=[notice.slug])))
    if notice.web_address:
        found.append((_("公示网址"), notice.web_address, notice.web_address))
    contact = listed((part for part in (notice.contact, notice.phone, notice.email) if part), "，")
    if contact:
        found.append((_("受理异议"), contact))
    if notice.days_are_local:
        found.append((_("公示天数"), _("办法未作规定，按本单位设定")))
    return found


def notice_related(notice: Notice) -> list[tuple]:
    return [(_("名单"), notice.case_list)]


# --- exceptions ----------------------------------------------------------------------------------------------------


def override_related(override: Override) -> list[tuple]:
    return [(_("申请例外的事项"), case_of(override.subject_kind, override.subject_id))]
