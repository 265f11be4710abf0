"""Links by which somebody without an account acts on a step: sent, sent anew, withdrawn, opened with the code, used.

Link and code go to an address that another person than the sender has verified; neither is ever shown to the sender.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework.models import Step
from casework.models.routed import RoutedCase
from casework.specs import field, form, options
from casework.steps import links as steplinks
from casework.steps.covered import content_of
from core import clock, outbox
from core.door import Act, Refused, get_case, perform, record_event
from core.findings import Finding
from core.language import in_source_language
from core.models import OutboxMessage
from core.text import hidden_address
from tenants.models import ActionLink, UnitContact
from tenants.persons import same_person
from tenants.services import attempts, contacts, links
from tenants.services.publicly import TooMany

OPENED = "open_link"  # what the log calls the opening of the content
DAYS = 2  # how long a link stays good
PER_NETWORK = 20  # codes for one network an hour


# --- sending -------------------------------------------------------------------------------------------------------


def candidates(case: RoutedCase, step: Step) -> list[UnitContact]:
    """The people of the step's unit on the university's list, the verified ones first."""
    rows = contacts.of(step.unit, case.university)
    return sorted(rows, key=lambda row: (not row.usable, row.pk))


def send_form(case: RoutedCase, actor, data, step) -> dict:
    """To whom: only people whose address was verified."""
    people = [row for row in candidates(case, step) if row.usable]
    chosen = options((row.pk, f"{row}　{hidden_address(row.email)}") for row in people)
    help = _("链接和验证码只发到此人已核实的邮箱，您看不到。")
    return form("send_link", _("发送链接"), field("contact", "choice", _("链接办理人"), options=chosen, help=help))


def send_findings(case: RoutedCase, act: Act) -> list[Finding]:
    """The address is verified, not by the sender and not the sender's; and nobody is mailed more than once a day."""
    contact = _chosen(case, act.subject, act.data.get("contact"))
    if contact is None:
        return []
    if stopped := stands_against(contact, act.actor):
        return [stopped]
    return [too_soon] if (too_soon := sent_today(act.subject, contact, content_now(case, act.subject))) else []


def _chosen(case: RoutedCase, step: Step, pk) -> UnitContact | None:
    return next((row for row in candidates(case, step) if str(row.pk) == str(pk) and row.usable), None)


def stands_against(contact: UnitContact, sender) -> Finding | None:
    """What stands against this sender's sending a link to this person, whatever was sent before."""
    if same_person(sender.user, contact.verified_by.user):
        message = _("此人的邮箱由您核实，不能再由您发送链接。")
        fix = _("请由核实人以外的本校研究生处或学院研究生秘书发送。")
        return Finding("", "hard", message, {"verified_by": contact.verified_by.name}, fix, field="contact")
    if same_person(sender.user, contact.as_user()):
        return Finding("", "hard", _("此人的邮箱或电话是您自己的，不能发给自己。"), field="contact")
    return None


def sent_today(step: Step, contact: UnitContact, content: str, today: list[ActionLink] | None = None) -> Finding | None:
    """That the person had a mail with a link for this very text today, which arrived and still has codes to send: one a day
    is enough. `today`: what `made_today` gave, where it was read already."""
    rows = made_today(step) if today is None else today
    last = next((link for link in rows if (link.contact_id, link.content) == (contact.pk, content)), None)
    if last is None or last.codes_sent >= links.CODES or came_back(last):
        return None
    message = _("今天%(at)s已向%(who)s发送过链接，一天只发一次，以免打扰。")
    facts = {"at": clock.local(last.created_at).strftime("%H:%M"), "who": contact.name}
    fix = _("明天可以重新发送。急件请电话提醒对方查收邮件（含垃圾邮件箱）。")
    return Finding("", "hard", message % facts, facts, fix, field="contact")


def made_today(step: Step) -> list[ActionLink]:
    """The links that were sent for the step today, the newest first."""
    return list(steplinks.of(step).filter(created_at__gte=clock.aware(clock.today())))


def content_now(case: RoutedCase, step: Step) -> str:
    """The hash of what the step confirms today."""
    return content_of(case, case.step_declaration(step.key))


def mail_key(link: ActionLink) -> str:
    """The outbox's key of the mail with the link."""
    return f"step-link:{link.pk}"


def came_back(link: ActionLink) -> bool:
    """Whether the mail with the link could not be delivered."""
    return OutboxMessage.objects.filter(key=mail_key(link), failed_at__isnull=False).exists()


def send(case: RoutedCase, act: Act) -> None:
    """Make a link for the text as it stands and mail it; every older link of the step is dead."""
    step, contact = act.subject, _chosen(case, act.subject, act.data["contact"])
    for old in steplinks.open_of([step]):
        links.close(old, act.actor, "renewed")
    link = links.make(
        steplinks.PURPOSE,
        step.pk,
        until=act.now + dt.timedelta(days=DAYS),
        name=contact.name,
        address=contact.email,
        made_by=act.actor,
        contact=contact,
        content=content_now(case, step),
    )
    links.sent(link, act.actor)
    outbox.queue_composed(
        "casework.linking.link_mail",
        {"pk": link.pk, "nonce": link.nonce},
        to=link.address,
        url=case.get_absolute_url(),
        key=mail_key(link),
        by=act.actor,
        case=case,
    )
    _note(step, link, act)


def withdraw(case: RoutedCase, act: Act) -> None:
    """Close the open link of the step."""
    for link in steplinks.open_of([act.subject]).select_related("contact__verified_by__user", "made_by__user"):
        links.close(link, act.actor, "withdrawn")
        _note(act.subject, link, act)


def _note(step: Step, link: ActionLink, act: Act) -> None:
    act.step_key, act.step_title = step.key, step.title
    act.facts[steplinks.FACT] = steplinks.facts_of(link) | {"to": link.name, "until": link.until.isoformat()}


@outbox.composer
def link_mail(pk: int, nonce: str) -> tuple[str, str] | None:
    """The mail with a link, written when it is sent: the queue never holds the link. None where it is no longer good."""
    link, case, step = with_case(ActionLink.objects.filter(pk=pk, nonce=nonce).first())
    if link is None or steplinks.standing(link, case, step) != "open":
        return None
    context = {"link": link, "case": case, "step": step, "address": links.address_of(link), "who": whom_to_ask(link)}
    with in_source_language():  # a mail cannot ask its reader
        subject = render_to_string("emails/step_link_subject.txt", context)
        return " ".join(subject.split()), render_to_string("emails/step_link.txt", context)


# --- the holder's side ---------------------------------------------------------------------------------------------


def with_case(link: ActionLink | None) -> tuple[ActionLink | None, RoutedCase | None, Step | None]:
    """A link with its case and its step, read anew."""
    if link is None:
        return None, None, None
    along = ("contact__verified_by__user", "made_by__user", "made_by__organisation")
    link = ActionLink.objects.select_related(*along).get(pk=link.pk)
    step = Step.objects.select_related("unit").get(pk=link.about_id)
    return link, get_case(step.case_kind, step.case_id), step


def find(token: str) -> tuple[ActionLink | None, RoutedCase | None, Step | None]:
    """The link of a token with its case and its step; (None, None, None) for a token that there is not. Writes nothing: who
    guesses has sixty bits before them, and behind those a code that goes to somebody else."""
    return with_case(links.find(steplinks.PURPOSE, token))


WEEKDAYS = (
    gettext_noop("星期一"),
    gettext_noop("星期二"),
    gettext_noop("星期三"),
    gettext_noop("星期四"),
    gettext_noop("星期五"),
    gettext_noop("星期六"),
    gettext_noop("星期日"),
)


def until_words(moment: dt.datetime) -> str:
    """A moment as people say it: 12月3日（星期四）14:20."""
    local = clock.local(moment)
    words = {"m": local.month, "d": local.day, "w": _(WEEKDAYS[local.weekday()]), "t": local.strftime("%H:%M")}
    return _("%(m)s月%(d)s日（%(w)s）%(t)s") % words


def left_words(moment: dt.datetime) -> str:
    """How long it is until then, in words: 还有1天20小时."""
    minutes = max(int((moment - clock.now()).total_seconds() // 60), 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return _("还有%(d)s天%(h)s小时") % {"d": days, "h": hours}
    return _("还有%(h)s小时%(m)s分钟") % {"h": hours, "m": minutes % 60}


def whom_to_ask(link: ActionLink) -> str:
    """The sender with unit and telephone, as a link's page and mail name them."""
    sender = link.made_by
    phone = sender.user.phone or sender.organisation.phone
    parts = (sender.organisation.display_name, sender.organisation.office, sender.name, phone)
    return "，".join(part for part in parts if part)


def good(link: ActionLink, case: RoutedCase, step: Step) -> None:
    """Raise Refused unless the link can be used as things stand."""
    if (stands := steplinks.standing(link, case, step)) != "open":
        raise Refused(said(stands))


SAID = {
    "used": gettext_noop("此链接已使用，不能再用。"),
    "expired": gettext_noop("此链接已过有效期，不能再用。"),
    "renewed": gettext_noop("链接已重新发送，此链接作废。请用最新一封邮件中的链接。"),
    "withdrawn": gettext_noop("此链接已由发送单位收回。"),
    "changed": gettext_noop("内容已有修改，此链接作废。学校会另发新的链接，请以新链接中的内容为准。"),
    "acted": gettext_noop("本环节已用其他方式办理，此链接作废。"),
    "ended": gettext_noop("该事项已不在本环节，此链接作废。"),
}


def said(stands: str) -> str:
    """Why a link is not good, in words."""
    return _(SAID[stands])


def send_code(link: ActionLink, case: RoutedCase, step: Step, network: str) -> None:
    """Mail a code to the link's address. Raises Refused, TooMany."""
    good(link, case, step)
    if attempts.count(steplinks.PURPOSE, "code", hours=1, network=network) >= PER_NETWORK:
        raise TooMany(_("一小时内获取验证码过多。请一小时后再试，或联系发送链接的学校。"))
    links.send_code(link)
    attempts.note(steplinks.PURPOSE, link.pk, "code", address=link.address, network=network)


def enter(link: ActionLink, case: RoutedCase, step: Step, code: str, network: str) -> None:
    """The code came back: the content may be read. The case's log keeps that it was opened, and which text. Raises
    Refused."""
    good(link, case, step)
    try:
        links.enter(link, code)
    except Refused:
        attempts.note(steplinks.PURPOSE, link.pk, "wrong", address=link.address, network=network)
        raise
    with in_source_language(), transaction.atomic():
        type(case).locked(case.pk)
        links.entered(link)
        actor, facts = steplinks.actor_of(link, step), {steplinks.FACT: steplinks.facts_of(link)}
        record_event(
            case, "open_link", _("凭链接打开内容"), actor, facts=facts, step_key=step.key, step_title=step.title
        )


def act(link: ActionLink, case: RoutedCase, step: Step, outcome: str, opinion: str) -> RoutedCase:
    """Do what the link is for, once, through the door. Raises Refused, Stale, Forbidden."""
    good(link, case, step)
    data = {"step": str(step.pk), "content": link.content, "answers": {"outcome": outcome, "opinion": opinion}}
    return perform(case, "act_on_step", steplinks.actor_of(link, step), data)


def page_url(token: str) -> str:
    """The address of a link's page inside the portal."""
    return reverse("step_link", args=[token])
