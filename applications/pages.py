"""The pages of applications and calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications import callplans, calls, offsite, queries, training
from applications.models import Application, Call
from applications.queries.units import Progress, factor_words, has_list, state_words, states_for
from applications.services import lifecycle
from bases.office.pages import OfficePage, add_part
from bases.recordparts import RecordKeeping
from casework.models import CaseList
from casework.pages import Asking, Page, RoutedPage, kinds
from casework.permissions import acts_on_step
from core import clock, pages
from core.findings import Finding
from regulations import wording
from tenants import roles


def _minute(moment) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


@kinds.register(Application)
class ApplicationPage(RecordKeeping, RoutedPage):
    record_permission = "applications.record"
    along = (*RoutedPage.along, "call", "agreement")
    careful = RoutedPage.careful | {"withdraw", "not_recommend"}
    negative = RoutedPage.negative | {"not_recommend"}

    def facts(self) -> list[tuple]:
        application, call = self.case, self.case.call
        facts: list[tuple] = [(_("批次"), call.title, call)]
        if application.state == "draft":
            facts += self._until()
        if (track := application.declared_track) is not None:
            facts.append((_("申报途径"), wording.words(track.title)))
        if application.category_code:
            facts.append((_("专业学位类别"), f"{application.category_name}（{application.category_code}）"))
        if application.leader_name:
            facts.append((_("负责人"), application.leader_name))
        if application.submitted_on:
            facts.append((_("送审日期"), application.submitted_on))
        if application.rank:
            facts.append((_("推荐排序"), application.rank))
        if application.priority:
            facts.append((_("优先"), "、".join(priority["text"] for priority in application.priority)))
        return facts

    def related(self) -> list[tuple]:
        """Call, agreement, base, exceptions, and the lists it stands on."""
        application = self.case
        related: list[tuple] = [
            (_("申报批次"), application.call),
            (_("合作协议"), application.agreement),
            (_("基地"), application.recognition),
        ]
        related += [(_("例外申请"), override) for override in application.prefetched.overrides[:5]]
        if "lists" not in application.prefetched.rare:
            return related
        on = CaseList.objects.filter(
            entries__case_kind="application", entries__case_id=application.pk, entries__removed_at=None
        ).order_by("-pk")
        return related + [(_("名单"), case_list) for case_list in on[:5]]

    def extras(self) -> list[pages.ExtraPart]:
        """What every routed case has, and the way to its conditions, one by one."""
        extras = super().extras()
        if training.keeps(self.case):
            kept = self.kept_records(self.case.state not in ("rejected", "withdrawn"))
            extras.append(pages.ExtraPart("kept", _("过程记录"), "bases/parts/kept.html", kept, place="tab"))
        if self.membership.role in roles.PERSONAL_ROLES:
            return extras
        url = reverse("applications:conditions", args=[self.case.pk])
        template = "applications/parts/conditions.html"
        return [*extras, pages.ExtraPart("conditions", _("申报条件"), template, {"url": url}, place="aside")]

    def choices(self) -> list[pages.ActionChoice]:
        """What is no move of the application itself: filling in its form, drafting or linking its agreement."""
        application, membership, choices = self.case, self.membership, []
        for key in application.form_keys():
            if application.editable_sections(key, membership):
                url = reverse("case_form", args=["application", application.pk, key])
                title = application.form_spec(key).title
                choices.append(
                    pages.ActionChoice(f"fill_{key}", _("填写：%(f)s") % {"f": title}, True, url, icon="edit")
                )
        waiting = application.open_of("agreement")
        filed = next((step for step in waiting if step.unit_id == membership.organisation_id), None)
        if filed is not None and not application.wants_agreement() and membership.sees(application.agreement):
            url = application.agreement.get_absolute_url()
            choices.append(
                pages.ActionChoice(
                    "agreement", _("办理合作协议"), True, url, primary=True, step_title=filed.title, icon="file"
                )
            )
        if application.wants_agreement() and membership.may("bases.draft_agreement", application):
            url = reverse("applications:agreement", args=[application.pk])
            choices.append(
                pages.ActionChoice(
                    "agreement", _("起草或关联协议"), True, url, primary=application.state == "draft", icon="file"
                )
            )
        return choices + self._to_its_list()

    def findings(self) -> tuple[str, list[Finding]]:
        """All that stands against handing the draft in, for whoever may: window, forms and rules at once."""
        application = self.case
        if application.state != "draft" or not self.membership.may("applications.submit", application):
            return "", []
        return "submit", lifecycle.submit_findings(application, Asking.by(self.membership))

    def hints(self) -> list[pages.Hint]:
        """What every routed case says, and why it ended."""
        hints, application = super().hints(), self.case
        title = {"rejected": _("未通过的原因"), "withdrawn": _("放弃的原因")}.get(application.state)
        if title and application.outcome_reason:
            hints.append(pages.Hint(application.outcome_reason, "red", title=title))
        return hints

    def idle_moves(self) -> set[str]:
        """Asking for an exception, while no rule stands against the application that may be excepted."""
        application = self.case
        asks = application.state in ("draft", "recommending") and self.membership.may(
            "applications.submit", application
        )
        idle = super().idle_moves()
        if application.filed_by == "partner":  # it knows no other unit that it could bring in
            idle = idle | {"add_partner", "request_partner"}
        return idle | {"request_override"} if asks and not lifecycle.exceptions(application) else idle

    def _until(self) -> list[tuple]:
        """Until when a draft may be handed in: the date for correction after a return, else the unit's window in the call
        with its extension and the university's own date. One query."""
        application, call = self.case, self.case.call
        if application.round > 1:
            return [(_("补正期限"), application.correction_due)] if application.correction_due else []
        rows = {
            row.organisation_id: row
            for row in call.units.filter(
                organisation__in=[pk for pk in (application.university_id, application.filer.pk) if pk]
            )
        }
        own = rows.get(application.university_id if call.authority_id else application.filer.pk)
        closes = own.extended_until if own is not None and own.extended_until else call.closes_at
        words = "%s" if closes == call.closes_at else _("延期至 %s")
        facts = [(_("截止时间"), words % _minute(closes) if closes else _("常年受理"))]
        school = rows.get(application.university_id) if call.authority_id else None
        if school is not None and school.school_deadline:
            facts.append((_("校内截止时间"), clock.local(school.school_deadline).strftime("%Y-%m-%d %H:%M")))
        return facts

    def _to_its_list(self) -> list[pages.ActionChoice]:
        """The way on where the application waits for a list or its notice, for who draws the list up: to the list it
        stands on, to the one being drawn up, or to a new one."""
        application, membership = self.case, self.membership
        waits = [
            step
            for step in (*application.open_of("notice"), *application.open_of("list"))
            if acts_on_step(membership, step)
        ]
        if not waits:
            return []
        declared = application.step_declaration(waits[0].key)
        known = application.profile.lists
        key = declared.list or next((key for key, listed in known.items() if listed.notice == declared.notice), "")
        if key not in known:
            return []
        rows = CaseList.objects.visible_to(membership).filter(
            context_kind="call", context_id=application.call_id, key=key, state__in=("prepared", "publicised")
        )
        on = rows.filter(
            entries__case_kind="application", entries__case_id=application.pk, entries__removed_at=None
        ).first()
        title = wording.words(known[key].title)
        if on is not None:
            label, url = _("打开%(list)s") % {"list": title}, on.get_absolute_url()
        elif (begun := rows.order_by("-state").first()) is not None:  # one still being drawn up before one posted
            label, url = _("打开%(list)s") % {"list": title}, begun.get_absolute_url()
            if begun.state == "prepared":
                label, url = _("列入%(list)s") % {"list": title}, f"{url}do/add_member/"
        else:
            label, url = (
                _("新建%(list)s") % {"list": title},
                f"{reverse('applications:list_new')}?call={application.call_id}",
            )
        return [pages.ActionChoice("to_list", label, True, url, primary=True, step_title=waits[0].title, icon="files")]


@dataclass(frozen=True)
class UnitLine:
    """One unit of a call as its page shows it."""

    unit: Any
    factors: str
    state: str
    label: str


@kinds.register(Call)
class CallPage(Page):
    careful = frozenset({"void"})

    def facts(self) -> list[tuple]:
        call = self.case
        facts: list[tuple] = [
            (_("年度"), call.year),
            (_("申报时间"), calls.window_words(call.opens_at, call.closes_at)),
        ]
        if call.paper_by:
            facts.append((_("纸质材料截止日"), call.paper_by))
        contact = " ".join(part for part in (call.contact, call.phone) if part)
        if contact:
            facts.append((_("联系人"), contact))
        return facts

    def related(self) -> list[tuple]:
        call = self.case
        rows = CaseList.objects.filter(context_kind="call", context_id=call.pk).order_by("-pk")
        return [(_("名单"), row) for row in rows[:10]]

    def extras(self) -> list[pages.ExtraPart]:
        """Quotas, extensions and how far each unit is; the explanation of the call."""
        call = self.case
        rows = list(queries.units(call, self.membership).order_by("name", "pk")[:300])
        lines = [
            UnitLine(row, factor_words(call, row.factors), Progress(row.progress), state_words(row)) for row in rows
        ]
        quotas = bool(call.profile.apply and call.profile.apply.quota)
        context = {
            "call": call,
            "lines": lines,
            "extended": [line for line in lines if line.unit.extended_until],
            "quotas": quotas,
            "lists": has_list(call),
            "runs": queries.runs(call, self.membership),
            "total": sum(row.quota or 0 for row in rows),
            "counts": [
                (label, sum(row.progress == code for row in rows))
                for code, label in states_for(call, self.membership)
                if code != "planned"
            ],
            "applications_url": f"{reverse('applications:list')}?call={call.pk}",
            "progress_url": f"{reverse('applications:progress')}?call={call.pk}",
            "lists_url": reverse("applications:lists"),
        }
        extras = [pages.ExtraPart("units", _("名额与报送进度"), "applications/parts/units.html", context, place="tab")]
        if call.note:
            extras.append(pages.ExtraPart("note", _("说明"), "applications/parts/note.html", {"text": call.note}))
        return extras

    def choices(self) -> list[pages.ActionChoice]:
        """What is no move of the call itself: starting an application under it, beginning a list."""
        call, membership, choices = self.case, self.membership, []
        starts = membership.may("applications.start", membership.organisation)
        if call.state == "open" and (starts or membership.may("applications.start_itself", call)):
            choices.append(
                pages.ActionChoice(
                    "start", _("我要申报"), True, f"{reverse('applications:start')}?call={call.pk}", icon="edit"
                )
            )
        if queries.startable_lists(call, membership):
            choices.append(
                pages.ActionChoice(
                    "start_list",
                    _("新建名单"),
                    True,
                    f"{reverse('applications:list_new')}?call={call.pk}",
                    icon="files",
                )
            )
        return choices

    def first_input(self, code: str) -> dict:
        if code == "revise":
            return callplans.known(self.case)
        return {"quotas": callplans.quota_rows(self.case)} if code == "set_quotas" else super().first_input(code)

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against announcing a planned call, for who runs it."""
        call = self.case
        if call.state != "planned" or not self.membership.may("applications.run_call", call):
            return "", []
        return "open", calls.open_findings(call, Asking.by(self.membership))

    def idle_moves(self) -> set[str]:
        """A university's own call has no date of the university beside its own, a standing one nothing to extend."""
        idle = set() if self.case.authority_id else {"set_school_deadline"}
        if not (self.case.profile.apply and self.case.profile.apply.quota):
            idle.add("set_quotas")
        return idle | {"extend"} if self.case.standing else idle


@add_part
def off_site(page: OfficePage) -> pages.ExtraPart | None:
    """The overall plan of off-site training, for the office of a university whose regulation governs it."""
    office = page.case
    if office.profile.offsite is None or office.university is None:
        return None
    lines = offsite.arrangements(office.university, office.regulation_version, clock.today())
    totals = {
        "colleges": len({line.application.college_id for line in lines if line.application.college_id}),
        "students": sum(line.students or 0 for line in lines),
    }
    template = "applications/parts/offsite.html"
    return pages.ExtraPart("offsite", _("异地培养总体安排"), template, {"lines": lines, "totals": totals}, place="tab")
