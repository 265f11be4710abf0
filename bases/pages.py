"""What the pages of agreements and bases show beyond what every case shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases import agreements, amending, archive, candidates, decisions, drafttext, origin, queries, signing, specs
from bases.effects import suspensions
from bases.existing import history
from bases.intake import Intake, intake
from bases.models import Agreement, Recognition
from bases.recordparts import RecordKeeping
from bases.timeline import entered_on, timeline
from casework import records
from casework.models import Amendment, Effect, Step
from casework.pages import Asking, Page, RoutedPage, kinds
from casework.pages.findings import clause
from core import clock, pages
from core.door import moves, why_not
from core.findings import Finding, blocking
from core.forms import store
from core.forms.reading import chinese_date, reading
from core.forms.spec import parse_form
from core.language import bracketed, listed, shown
from tenants.models import Membership


def span(start: Any, end: Any) -> str:
    """From one day to another; where no end is set, from when on."""
    if start and not end:
        return _("自%(a)s起") % {"a": start}
    return _("%(a)s 至 %(b)s") % {"a": start or "…", "b": end} if end else ""


@dataclass(frozen=True)
class Compared:
    """Differences side by side, and what an amendment says beside them."""

    changes: list
    title: str = ""
    said: str = ""
    reason: str = ""
    voided: str = ""

    @classmethod
    def made(cls, row: Amendment) -> Compared:
        who = listed((part for part in (row.made_in, row.made_by) if part), " ")
        voided = [
            bracketed(
                shown(void["title"]), listed((part for part in (void["unit"], void["by"], void["on"]) if part), "，")
            )
            for void in row.voided
        ]
        said = f"{clock.local(row.made_at):%Y-%m-%d %H:%M} {who}"
        return cls(row.changes, str(row.get_kind_display()), said, row.reason, listed(voided, "；"))


# --- agreements ----------------------------------------------------------------------------------------------------


def confirmation(agreement: Agreement) -> Step | None:
    """The open step by which the partner confirms the content, or None."""
    return agreement.open_steps().filter(kind="confirmation").first()


def partner_url(agreement: Agreement) -> str:
    """The partner's page as a link that opens from a chat."""
    return f"{settings.SITE_URL}{reverse('bases:partner_page', args=[agreement.pk])}"


@kinds.register(Agreement)
class AgreementPage(RoutedPage):
    careful = RoutedPage.careful | {"abandon", "terminate", "revert"}
    uploads = RoutedPage.uploads | {"scan": lazy("协议扫描件"), "document": lazy("终止协议或书面通知")}

    def facts(self) -> list[tuple]:
        agreement = self.case
        facts: list[tuple] = [(_("类型"), agreement.get_type_display())]
        sides: dict[str, list[str]] = {}
        for party in agreement.parties.select_related("organisation__parent"):
            sides.setdefault(str(party.get_side_display()), []).append(party.name)
        facts += [(side, listed(names)) for side, names in sides.items()]
        for label, value in (
            (_("起止日期"), span(agreement.starts_on, agreement.ends_on)),
            (_("签订日期"), agreement.signed_on),
            (_("生效日期"), agreement.effective_on),
            (_("终止日期"), agreement.ended_on),
            (_("终止方式"), agreement.get_end_code_display()),
            (_("终止原因"), agreement.end_reason),
            (_("补录"), _("录入日期 %(d)s") % {"d": day} if (day := entered_on(agreement)) else ""),
        ):
            if value:
                facts.append((label, value))
        if agreement.differs_from_template:
            facts.append((_("是否偏离模板"), _("偏离模板")))
        return facts

    def extras(self) -> list[pages.ExtraPart]:
        """Where the text leaves the template; the link for the partner while its confirmation is waited for."""
        agreement = self.case
        extras = []
        different = drafttext.differences(agreement) if not agreement.was_on_paper else []
        if different:
            extras.append(
                pages.ExtraPart("differences", _("与模板不一致之处"), "bases/parts/differences.html", different)
            )
        if agreement.was_on_paper and (entered := store.load(agreement, signing.RECORDED)) is not None:
            spec = parse_form(specs.paper_agreement(agreement, self.membership, {}, None))
            lines = reading(spec, entered.answers, agreement.resolver(self.membership))
            extras.append(pages.ExtraPart("recorded", _("补录的纸质协议"), "bases/parts/recorded.html", lines))
        if since := amending.since_signed(agreement, self.membership):
            title = _("与上次签订的版本（%(n)s）的差别") % {"n": agreement.previous.number}
            extras.append(pages.ExtraPart("since", title, "casework/parts/changes.html", [Compared(since)]))
        made = [Compared.made(row) for row in Amendment.about(agreement).order_by("-pk")[:20]]
        if made:
            extras.append(pages.ExtraPart("amendments", _("修改记录"), "casework/parts/changes.html", made))
        waits = confirmation(agreement)
        if waits is not None and not waits.unit.paper_only and self.membership.kind in ("college", "university"):
            people = list(Membership.objects.of(waits.unit_id, "contact", "partner_leader")[:5])
            context = {
                "url": partner_url(agreement),
                "qr": reverse("bases:partner_qr", args=[agreement.pk]),
                "people": people,
                "partner": waits.unit,
                "invite": reverse("tenants:unit", args=[waits.unit_id]),
            }
            extras.append(
                pages.ExtraPart("share", _("发给合作单位确认"), "bases/parts/share.html", context, place="aside")
            )
        return extras + super().extras()

    def link_facts(self) -> list[tuple]:
        """The parties side by side, and from when until when, with the length in words."""
        agreement, facts = self.case, []
        for party in agreement.parties.select_related("organisation__parent"):
            facts.append((str(party.get_side_display()), party.name))
        first, last = agreement.starts_on, agreement.ends_on
        if first and last and first <= last:
            words = {"a": chinese_date(first), "b": chinese_date(last), "n": drafttext.written_length(first, last)}
            facts.append((_("协议期限"), _("%(a)s 至 %(b)s，共%(n)s") % words))
        return facts

    def choices(self) -> list[pages.ActionChoice]:
        """Filling in the text; the partner's page on a phone."""
        agreement, membership, choices = self.case, self.membership, []
        if agreement.editable_sections("agreement", membership) and not agreement.was_on_paper:
            url = reverse("case_form", args=["agreement", agreement.pk, "agreement"])
            choices.append(pages.ActionChoice("fill_agreement", _("填写协议文本"), True, url, icon="edit"))
        if membership.kind == "partner" and agreement.state != "draft":
            url = reverse("bases:partner_page", args=[agreement.pk])
            choices.append(pages.ActionChoice("phone", _("分步办理（手机版）"), True, url, icon="phone"))
        return choices

    def hints(self) -> list[pages.Hint]:
        """What every routed case says; whether the seals can be begun; why the partner did not confirm."""
        hints, agreement = super().hints(), self.case
        if agreement.is_confirmed:
            hints.append(self._to_the_seals())
        if agreement.state == "signed" and agreement.ends_on and agreement.ends_on < clock.today():
            text = _("协议期限已于%(d)s届满，没有登记续签或终止。请尽快续签，或登记终止。") % {"d": agreement.ends_on}
            hints.append(pages.Hint(text, "red", title=_("协议已到期")))
        if agreement.backfill_id and signing.lacks_scan(agreement):
            text = _("补录时没有协议扫描件，请补传；扫描件即协议文本。")
            hints.append(pages.Hint(text, "yellow", title=_("缺少协议扫描件")))
        if changed := agreements.faults_of_facts(agreement):
            text = _("以下签约方确认后，协议所依据的事实有变动（不影响已作出的确认）：%(who)s。") % {
                "who": listed(changed)
            }
            hints.append(pages.Hint(text, "yellow"))
        if agreement.state == "declined" and agreement.decline_reason:
            hints.append(pages.Hint(agreement.decline_reason, "red", title=_("不予确认的原因")))
        return hints

    def _to_the_seals(self) -> pages.Hint:
        """Between the partner's confirmation and the seals no step is open: who goes on, or what that waits for."""
        stopped = [finding.message for finding in blocking(signing.seal_findings(self.case, None))]
        who = why_not(self.case, moves(Agreement)["begin_sealing"])
        if not stopped:
            return pages.Hint(who, title=_("合作单位已确认协议内容，可以用印"))
        text = _("%(why)s。条件具备后，%(who)s") % {
            "why": listed((reason.rstrip("。.") for reason in stopped), "；"),
            "who": who,
        }
        return pages.Hint(text, title=_("合作单位已确认协议内容，还不能用印"))

    def related(self) -> list[tuple]:
        agreement = self.case
        related: list[tuple] = []
        if agreement.application_id:
            related.append((_("申报项目"), agreements.application_of(agreement)))
        related += [(_("基地"), agreement.recognition), (_("原协议"), agreement.previous)]
        return related + [(_("后续协议"), later) for later in agreement.later.order_by("-pk")[:5]]

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against the drafter's handing in, or against the start of signing."""
        agreement, membership, asking = self.case, self.membership, Asking.by(self.membership)
        drafts = agreement.state == "draft" and not agreement.was_on_paper
        if drafts and membership.may("bases.draft_agreement", agreement):
            return "submit", agreements.submit_findings(agreement, asking)
        if agreement.state == "confirming" and membership.may("bases.manage_agreement", agreement):
            return "begin_sealing", signing.seal_findings(agreement, asking)
        if agreement.state == "sealing" and membership.may("bases.manage_agreement", agreement):
            return "record_signature", signing.distribution(agreement)
        return "", []

    def idle_moves(self) -> set[str]:
        """Asking for an exception while no rule stands against the draft that may be excepted."""
        agreement = self.case
        idle = super().idle_moves()
        if not (agreement.was_on_paper and signing.lacks_scan(agreement)):
            idle = idle | {"supply_scan"}
        if amending.signed_before(agreement) is None:
            idle = idle | {"revert"}
        if len(agreement.parties.all()) <= 2:
            idle = idle | {"remove_party"}
        if agreement.was_on_paper:
            idle = idle | {"add_party", "remove_party", "correct_contacts"}
        if agreement.state != "draft" or not self.membership.may("bases.draft_agreement", agreement):
            return idle
        return idle | (set() if agreements.wanted_exceptions(agreement) else {"request_override"})

    @classmethod
    def in_lines(cls, rows: QuerySet) -> QuerySet:
        return queries.with_confirmation(rows)


# What rooms above show on the page of a base, each as a part of its own: (page) -> the part, None where there is nothing.
_parts: list[Callable[[RecognitionPage], pages.ExtraPart | None]] = []


def add_part(part: Callable[[RecognitionPage], pages.ExtraPart | None]):
    """Decorator: have a room above show a part on the page of a base."""
    _parts.append(part)
    return part


# --- bases ---------------------------------------------------------------------------------------------------------


@kinds.register(Recognition)
class RecognitionPage(RecordKeeping, Page):
    along = (*Page.along, "base")
    careful = frozenset({"cancel", "decline_effect", "lift_effect"})
    uploads = Page.uploads | {"photo": lazy("授牌照片")}

    @cached_property
    def intake(self) -> Intake:
        """Whether it takes students today, and why not."""
        return intake(self.case, clock.today())

    def hints(self) -> list[pages.Hint]:
        """Why no students can come today, and what is to be known where they can."""
        hints = super().hints()
        if self.case.state != "active":
            return hints
        for finding in self.intake.stops:
            hints.append(pages.Hint(finding.message, "red", title=_("暂不能安排研究生")))
        return hints + [pages.Hint(finding.message, "yellow") for finding in self.intake.warnings]

    def facts(self) -> list[tuple]:
        recognition = self.case
        base = recognition.base
        facts: list[tuple] = [
            (_("基地编号"), base.number),
            (_("级别"), recognition.level_label),
        ]
        if base.name != recognition.title:
            facts.append((_("办法规定的名称"), recognition.title))
        if base.category_code:
            facts.append((_("专业学位类别"), f"{base.category_name}（{base.category_code}）"))
        for label, value in (
            (_("原基地编号"), base.former_number),
            (_("负责人"), base.leader_name),
            (_("批准日期"), recognition.decided_on),
            (_("文号"), recognition.document_number),
            (_("公布日期"), recognition.published_on),
            (_("生效日期"), recognition.active_on),
            (_("建设期"), span(recognition.starts_on, recognition.ends_on)),
            (_("授牌"), f"{recognition.plaque_on} {recognition.plaque_to}" if recognition.plaque_on else ""),
            (_("终止"), f"{recognition.ended_on} {recognition.end_reason}" if recognition.ended_on else ""),
        ):
            if value:
                facts.append((label, value))
        if (entered := entered_on(recognition)) is not None:
            facts.append((_("补录"), _("录入日期 %(d)s") % {"d": entered}))
        if recognition.state == "active":
            facts.append((_("接收研究生"), _("可以安排研究生") if self.intake.open else _("暂不能安排研究生")))
        return facts

    def extras(self) -> list[pages.ExtraPart]:
        """Its life in dates; consequences that stand on it, and its dated records."""
        recognition = self.case
        consequences = list(Effect.about(recognition).order_by("-pk")[:50])
        reached = decisions.delivered(recognition, consequences)
        for effect in consequences:
            effect.cited, effect.reached = clause(recognition, effect.clause), reached.get(effect.pk)
        context = {"effects": consequences, **self.kept_records(recognition.state != "ended")}
        if recognition.backfill_id:
            context["mentors"] = history.mentors(recognition)
        life = pages.ExtraPart("life", _("建设与记录"), "bases/parts/life.html", context, place="tab")
        further = [shown for part in _parts if (shown := part(self)) is not None]
        years = timeline(self)
        dates = pages.ExtraPart("timeline", _("基地历程"), "bases/parts/timeline.html", years, place="tab")
        return [dates, life, *further, *self._archive()]

    def _archive(self) -> list[pages.ExtraPart]:
        """The base's files and who keeps originals and copies, for those who keep them."""
        recognition = self.case
        if not archive.keeps(recognition, self.membership):
            return []
        context = {
            "keepers": archive.keepers(recognition),
            "files": archive.files(recognition),
            "closed": next((row for row in records.shown(recognition) if row.type == archive.RECORD), None),
        }
        for keeper in context["keepers"]:
            keeper.cited = clause(recognition, keeper.clause)
        return [pages.ExtraPart("archive", _("归档"), "bases/parts/archive.html", context, place="tab")]

    def related(self) -> list[tuple]:
        recognition = self.case
        related: list[tuple] = []
        if recognition.application_id:
            related.append((_("申报项目"), origin.case(recognition.application_id)))
        related += [(_("合作协议"), agreement) for agreement in recognition.agreements.order_by("-pk")[:5]]
        related.append((_("补录"), recognition.backfill))
        related += [(_("重大事项"), incident) for incident in self._seen(recognition.incidents)]
        related += [(_("自主撤销"), request) for request in self._seen(recognition.withdrawals)]
        others = recognition.base.recognitions.exclude(pk=recognition.pk).order_by("-pk")[:5]
        return related + [(_("其他级别"), other) for other in others]

    def _seen(self, rows) -> list:
        """The newest of the cases about the base that the reader sees."""
        declared = self.case.profile
        if declared.incident is None and declared.withdrawal is None:
            return []
        return list(rows.model.objects.visible_to(self.membership).filter(recognition=self.case).order_by("-pk")[:5])

    def choices(self) -> list[pages.ActionChoice]:
        """Drafting the agreement that follows (a revision, a renewal, a supplement), entering an incident, giving up."""
        recognition, membership, choices = self.case, self.membership, []
        if recognition.state == "ended":
            return choices
        declared = recognition.profile
        for wanted, permission, address, label, icon in (
            (
                declared.agreement,
                "bases.draft_agreement",
                "agreement_follow",
                _("起草协议（修订、续签、补充）"),
                "file",
            ),
            (declared.incident, "bases.enter_incident", "incident_new", _("登记重大事项"), "alert"),
            (declared.withdrawal, "bases.withdraw", "withdrawal_new", _("提出自主撤销"), "return"),
        ):
            waits = address != "agreement_follow" and recognition.state != "active"
            if wanted is not None and not waits and membership.may(permission, recognition):
                url = reverse(f"bases:{address}", args=[recognition.pk])
                code = "agreement" if address == "agreement_follow" else address
                choices.append(pages.ActionChoice(code, label, True, url, icon=icon))
        return choices

    def idle_moves(self) -> set[str]:
        """Handing a plaque over where the regulation knows none, and again; a renewed approval before the day from which
        it may be given."""
        recognition = self.case
        declared = recognition.profile.recognition.plaque if recognition.profile.recognition else None
        idle = {"issue_plaque"} if declared is None or recognition.plaque_on else set()
        if not any(row.until_on is None or row.until_on < clock.today() for row in suspensions(recognition)):
            idle.add("approve_again")
        if not recognition.profile.grants:
            idle.add("give_grant")
        if candidates.declared(recognition) is None:
            idle.add("mark_candidate")
        return idle

    @classmethod
    def in_lines(cls, rows: QuerySet) -> QuerySet:
        return rows.select_related("base")
