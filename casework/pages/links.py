"""What the side whose case it is sees of the links by which somebody of a partner unit acts without an account."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import linking
from casework.models import Step
from casework.permissions import sends_link
from casework.steps import links as steplinks
from core import pages
from core.findings import Finding
from core.models import TransitionLog
from core.text import hidden_address
from regulations import wording
from tenants.models import ActionLink, UnitContact
from tenants.services import contacts

LINK_MOVES = frozenset({"send_link", "withdraw_link"})
SHOWN = 5  # links of a step, the newest first
STATES = {  # how a link stands: words, tone and icon
    "sent": (lazy("已发送，未打开"), "blue", "send"),
    "opened": (lazy("已打开，未办理"), "blue", "progress"),
    "used": (lazy("已办理"), "green", "check-circle"),
    "expired": (lazy("已过有效期"), "orange", "clock"),
    "renewed": (lazy("已重新发送，作废"), "grey", "minus-circle"),
    "withdrawn": (lazy("已收回"), "grey", "minus-circle"),
    "changed": (lazy("内容已修改，作废"), "orange", "flag"),
    "acted": (lazy("已用其他方式办理，作废"), "grey", "minus-circle"),
    "ended": (lazy("事项已不在本环节，作废"), "grey", "minus-circle"),
}


@dataclass
class Shown:
    """One link of a step, without anything that opens it."""

    link: ActionLink
    stands: str
    word: str
    tone: str
    icon: str
    address: str
    undelivered: bool
    uses: list


@dataclass
class Person:
    """Somebody to whom a link may go, or what stands against it."""

    contact: UnitContact
    address: str
    why_not: Finding | None = None
    verifiers: list = field(default_factory=list)


@dataclass
class Linking:
    """The part about one step."""

    step: Step
    title: str
    links: list[Shown]
    people: list[Person]
    send_url: str
    withdraw_url: str
    contacts_url: str
    sends: bool
    chat: str = ""
    off: str = ""

    @property
    def latest(self) -> Shown | None:
        return self.links[0] if self.links else None


def link_extras(case, membership) -> list[pages.ExtraPart]:
    """A part for each open step that a link may be sent for; for whoever may send one also where the school has not allowed
    links. Nothing for the side that is asked, and nothing of the link itself for anybody."""
    if membership.kind not in ("college", "university"):
        return []
    declared = {step.key for step in case.declared_route() if step.by_link}
    steps = [step for step in case.actable_steps() if step.key in declared] if declared else []
    parts = []
    for step in steps:
        shown = _part(case, step, membership)
        if shown is not None:
            parts.append(
                pages.ExtraPart(f"links-{step.pk}", _("凭链接办理"), "casework/parts/links.html", shown, place="aside")
            )
    return parts


def _part(case, step: Step, membership) -> Linking | None:
    sends = sends_link(membership, step)
    offered = steplinks.offered(case, step)
    if not offered and not sends:
        return None
    address = reverse("case_do", args=[case.case_kind, case.pk, "send_link"])
    part = Linking(
        step=step,
        title=step.title,
        links=[],
        people=[],
        send_url=f"{address}?step={step.pk}",
        withdraw_url=f"{reverse('case_do', args=[case.case_kind, case.pk, 'withdraw_link'])}?step={step.pk}",
        contacts_url=reverse("tenants:contacts", args=[step.unit_id]),
        sends=sends,
    )
    if not offered:
        part.off = _why_off(case, step)
        return part
    part.links = [_shown(link, case, step) for link in steplinks.of(step).prefetch_related("uses__by__user")[:SHOWN]]
    if sends:
        part.people = _people(case, step, membership)
    if part.latest is not None and part.latest.stands in ("sent", "opened"):
        part.chat = chat_text(part.latest.link, case)
    return part


def _why_off(case, step: Step) -> str:
    if step.unit.paper_only:
        return _("%(u)s选择了只办纸质，不能凭链接办理。") % {"u": step.unit.display_name}
    setting = case.profile.settings[case.step_declaration(step.key).by_link.setting]
    return _("学校没有开启凭链接办理。需要时请单位管理员在办法页面设定“%(s)s”。") % {"s": wording.words(setting.title)}


def _shown(link: ActionLink, case, step: Step) -> Shown:
    stands = steplinks.standing(link, case, step)
    if stands == "open":
        stands = "opened" if any(use.event in ("code", "entered") for use in link.uses.all()) else "sent"
    word, tone, icon = STATES[stands]
    uses = sorted(link.uses.all(), key=lambda use: use.pk)
    gone = stands in ("sent", "opened") and linking.came_back(link)
    return Shown(link, stands, str(word), tone, icon, hidden_address(link.address), gone, uses)


def _people(case, step: Step, membership) -> list[Person]:
    rows = linking.candidates(case, step)
    able = contacts.verifiers_of([row for row in rows if not row.usable])
    content, today = linking.content_now(case, step), linking.made_today(step)
    people = []
    for row in rows:
        person = Person(row, hidden_address(row.email), verifiers=able.get(row.pk, []))
        if row.usable:
            person.why_not = linking.stands_against(row, membership) or linking.sent_today(step, row, content, today)
        people.append(person)
    return people


def chat_text(link: ActionLink, case) -> str:
    """What the sender may write to the person in a chat. It says where the link is; it has no link in it, since the
    sender never has one."""
    words = {
        "name": link.name,
        "unit": link.made_by.organisation.display_name,
        "case": case.title,
        "address": hidden_address(link.address),
        "until": linking.until_words(link.until),
        "who": linking.whom_to_ask(link),
    }
    return (
        _(
            "%(name)s，您好：%(unit)s请贵单位在线办理“%(case)s”。链接已发到您的邮箱%(address)s，"
            "请打开邮件中的链接，获取验证码后阅读全文，再确认或写明不同意的理由。请在%(until)s前办理。"
            "没有收到的，请查看垃圾邮件箱，或联系：%(who)s。"
        )
        % words
    )


def link_lines(lines: list[TransitionLog]) -> dict[int, tuple[pages.Fact, ...]]:
    """By line of the log: what it keeps of the link that was sent, opened or acted by. One query, none where there is no
    such line."""
    about = LINK_MOVES | {linking.OPENED}
    wanted = [line.pk for line in lines if line.role == "link" or line.transition in about]
    if not wanted:
        return {}
    labels = {
        "number": _("链接编号"),
        "to": _("发给"),
        "address": _("邮箱"),
        "sent_by": _("发送人"),
        "verified_by": _("邮箱核实人"),
        "content": _("所读内容的校验值"),
    }
    kept = dict(TransitionLog.objects.filter(pk__in=wanted).values_list("pk", "facts"))
    said = {pk: facts.get(steplinks.FACT) or {} for pk, facts in kept.items()}
    return {
        pk: tuple(pages.Fact(label, link[key]) for key, label in labels.items() if link.get(key))
        for pk, link in said.items()
    }
