"""How an agreement ends: by both sides, by one, at its last day, by the text that takes its place; and what follows for its
base. Nothing ends silently: whoever takes part is told from which day on there is no agreement."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bases import force, succession
from bases.models import Agreement, Recognition
from casework import effects
from casework.specs import PAPER, field, form, options
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from tenants.models import Membership

BY_HAND = ("mutual", "one_side")
TOLD = ("contact", "partner_leader", "secretary", "graduate_office")


def replaced_key(pk: int) -> str:
    """The ledger's key of the day on which a later text takes the place of the agreement of this number."""
    return f"replaced:{pk}"


def expiry_key(pk: int) -> str:
    """The ledger's key of an agreement's last day."""
    return f"agreement:{pk}"


# --- the last day ----------------------------------------------------------------------------------------------------


def owe_expiry(agreement: Agreement) -> None:
    """Enter the last day of a signed agreement; where the regulation lets it end by itself, the ledger ends it then."""
    if agreement.ends_on is not None:
        ledger.owe(expiry_key(agreement.pk), **expiry_terms(agreement))


def expiry_terms(agreement: Agreement) -> dict:
    """What the ledger keeps of an agreement's last day."""
    declared = agreement.profile.agreement
    ends_itself = declared.expire if declared else None
    return {
        "kind": "agreement_expiry",
        "title": _("协议到期：%(a)s") % {"a": agreement.title},
        "due_on": agreement.ends_on,
        "organisation_id": agreement.university_id,
        "role": "graduate_office",
        "case": agreement,
        "remind_days": 90,
        "clause": (ends_itself.clause or "") if ends_itself else "",
        "handler": "agreement.expire" if ends_itself and ends_itself.value else "",
    }


def extend(agreement: Agreement, act: Act) -> None:
    """A supplement lets the agreement last longer: its last day moves, and what is due with it."""
    later = Agreement.objects.get(pk=act.raw["supplement"])
    act.facts |= {"supplement": later.number, "from": str(agreement.ends_on), "to": str(later.ends_on)}
    act.reason = _("由补充协议%(n)s延长至%(d)s") % {"n": later.number, "d": later.ends_on}
    agreement.ends_on = later.ends_on
    owe_expiry(agreement)


# --- the form and what stands against it -------------------------------------------------------------------------------


def form_of(agreement: Agreement, actor, data, subject) -> dict:
    """By whom, from when, why, and on which paper. The portal itself also ends what has run out or was replaced."""
    ways = dict(Agreement.ENDS)
    codes = BY_HAND if actor is None or actor.user_id is not None else tuple(ways)
    by_hand = codes == BY_HAND
    parties = [(row.pk, str(row)) for row in agreement.parties.select_related("organisation__parent")]
    one_side = {"field": "how", "in": ["one_side"]}
    return form(
        "termination",
        _("登记终止"),
        field("how", "choice", _("终止方式"), options=options([(code, ways[code]) for code in codes])),
        field("ended_on", "date", _("终止日期"), help=_("协议执行到这一天为止。")),
        field("party", "choice", _("提出终止的一方"), required=False, required_when=one_side, options=options(parties)),
        field("notice_on", "date", _("书面通知送达日期"), required=False, required_when=one_side),
        field("reason", "longtext", _("终止原因"), max_chars=1000),
        field("students", "longtext", _("在岗研究生的安置"), required=False, max_chars=1000),
        field(
            "document",
            "file",
            _("终止协议或书面通知"),
            required=by_hand,
            accept=PAPER,
            min_files=1 if by_hand else 0,
            max_files=5,
        ),
    )


def findings(agreement: Agreement, act: Act) -> list[Finding]:
    """An end is entered when it is there; one side's notice came before it."""
    ended, noticed = (clock.day_of(act.data.get(key)) for key in ("ended_on", "notice_on"))
    stand = []
    if ended and ended > clock.today():
        facts = {"ended_on": ended.isoformat(), "today": clock.today().isoformat()}
        stand.append(Finding("", "hard", _("终止日期不能晚于今天。"), facts, field="ended_on"))
    if ended and agreement.signed_on and ended < agreement.signed_on:
        message = _("终止日期%(e)s早于签订日期%(s)s。") % {"e": ended, "s": agreement.signed_on}
        facts = {"ended_on": ended.isoformat(), "signed_on": agreement.signed_on.isoformat()}
        stand.append(Finding("", "hard", message, facts, field="ended_on"))
    if ended and noticed and noticed > ended:
        message = _("书面通知送达日期%(n)s晚于终止日期%(e)s。") % {"n": noticed, "e": ended}
        stand.append(Finding("", "hard", message, {"notice_on": noticed.isoformat()}, field="notice_on"))
    return stand


# --- the end -----------------------------------------------------------------------------------------------------------


def terminate(agreement: Agreement, act: Act) -> None:
    """End a signed agreement: it binds up to this day. Its supplements end with it, and its base learns of it."""
    agreement.ended_on, agreement.end_reason = clock.day_of(act.data["ended_on"]), act.data["reason"]
    agreement.end_code = act.data["how"]
    ledger.settle_case(agreement)
    _let_the_one_before_go_on(agreement)
    answers = {"how": agreement.end_code, "ended_on": act.data["ended_on"], "reason": act.data["reason"]}
    for supplement in agreement.later.filter(type="supplement", state="signed").order_by("pk"):
        act.then(supplement, "terminate", {"answers": answers})
    if agreement.recognition_id and agreement.type != "supplement":
        act.then(agreement.recognition, "agreement_over", {"agreement": agreement.pk})
    elif not agreement.recognition_id:
        tell(agreement, act, _("协议已终止：%(a)s") % {"a": agreement.title}, agreement.end_reason)


def _let_the_one_before_go_on(agreement: Agreement) -> None:
    """Ended before it ever took effect: what it was to replace goes on, and has its last day again."""
    never = agreement.effective_on is not None and agreement.ended_on < agreement.effective_on
    if never:
        ledger.settle(succession.key_of(agreement.pk))
    if never and agreement.previous_id and agreement.previous.state == "signed":
        ledger.settle(replaced_key(agreement.previous_id))
        ledger.reopen(expiry_key(agreement.previous_id))


def over(recognition: Recognition, act: Act) -> None:
    """One of the base's agreements has ended: who takes part is told which agreement binds now or that none does, and
    what the regulation lets follow is proposed or stands."""
    agreement = Agreement.objects.get(pk=act.raw["agreement"])
    next_day = agreement.ended_on + dt.timedelta(days=1)
    others = [row for row in force.in_force(recognition, next_day) if row.pk != agreement.pk]
    coming = force.of_base(agreement).filter(effective_on__gt=next_day).order_by("effective_on").first()
    act.facts |= {"agreement": agreement.number, "ended_on": agreement.ended_on.isoformat(), "how": agreement.end_code}
    title = _("协议已终止：%(a)s") % {"a": agreement.title}
    if others:
        words = _("本协议执行至%(d)s（%(how)s）。此后执行协议%(n)s。")
        words %= {"d": agreement.ended_on, "how": agreement.get_end_code_display(), "n": others[0].number}
        tell(agreement, act, title, words)
        return
    words = _("本协议执行至%(d)s（%(how)s），自%(next)s起该基地没有有效的协议。")
    words %= {"d": agreement.ended_on, "how": agreement.get_end_code_display(), "next": next_day}
    if coming is not None:
        words += _("协议%(n)s自%(d)s起生效。") % {"n": coming.number, "d": coming.effective_on}
    act.facts |= {"without_from": next_day.isoformat()}
    tell(agreement, act, title, words)
    declared = recognition.profile.agreement
    if coming is None and recognition.state == "active" and declared is not None:
        effects.propose_all(recognition, declared.ended, agreement, act)


def tell(agreement: Agreement, act: Act, title: str, text: str) -> None:
    """Tell everybody who takes part, at every party and at home."""
    units = {agreement.university_id, agreement.college_id, agreement.partner_id}
    units |= set(agreement.parties.values_list("organisation_id", flat=True))
    people = Membership.objects.filter(organisation_id__in=units - {None}, role__in=TOLD, state="active")
    act.notify(people.select_related("user"), title, text, case=agreement)


# --- by the ledger -------------------------------------------------------------------------------------------------------


@ledger.handler(
    "agreement.replaced",
    move="terminate",
    says=_lazy("本协议执行至%(day)s，次日起由新协议替代，系统将登记终止。"),
)
def end_replaced(entry, on: dt.date) -> None:
    """End an agreement on whose eve a later text has come into force."""
    answers = {"how": "replaced", "ended_on": entry.due_on.isoformat(), "reason": entry.payload["reason"]}
    ledger.carry_out(entry, "terminate", {"answers": answers})


@ledger.handler(
    "agreement.expire",
    move="terminate",
    says=_lazy("协议期限已于%(day)s届满，未续签的协议自动终止（依据：%(clause)s），系统将登记终止。"),
)
def expire(entry, on: dt.date) -> None:
    """End an agreement whose term is over and which nobody renewed, where the regulation says that it ends by itself."""
    answers = {"how": "expired", "ended_on": entry.due_on.isoformat(), "reason": _("协议期限届满，未续签")}
    ledger.carry_out(entry, "terminate", {"answers": answers})
