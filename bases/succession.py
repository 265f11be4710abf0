"""Who a base's partner is: the partner of the text that binds. A text with another partner changes it on the day it takes
effect, through the door; whoever was the partner until then stands in the base's dated parts, up to the eve."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bases.models import Agreement, Base, Recognition
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from tenants.models import Membership, Organisation, Party

BEFORE = "partner_before"  # part of whoever was the partner of the base's own column until a day
TOLD = ("contact", "partner_leader", "secretary", "graduate_office")
DAY = dt.timedelta(days=1)


def key_of(pk: int) -> str:
    """The ledger's key of the day on which the agreement of this number brings its base another partner."""
    return f"partner:{pk}"


def brings_another(agreement: Agreement) -> bool:
    """Whether the text has another partner than its base, which a supplement, as a part of another text, never has."""
    base = agreement.recognition
    return base is not None and agreement.type != "supplement" and agreement.partner_id != base.partner_id


def findings(agreement: Agreement) -> list[Finding]:
    """A university has one base with a partner in a category: the new partner may have one of its own already."""
    if not brings_another(agreement):
        return []
    base = agreement.recognition.base
    same = Base.objects.filter(university=base.university_id, category_code=base.category_code)
    taken = same.filter(partner=agreement.partner_id).exclude(pk=base.pk).first()
    if taken is None:
        return []
    words = _("%(p)s与本校在%(c)s已有基地“%(b)s”，不能再作为本基地的合作单位。")
    words %= {"p": agreement.partner.display_name, "c": base.category_name or "—", "b": taken.name}
    remedy = _("请更换其他合作单位，或在该单位已有的基地下办理。")
    return [Finding("", "hard", words, {"base": taken.number}, remedy)]


def signed(agreement: Agreement, act: Act) -> None:
    """A text was signed: its partner becomes the base's on the day on which it takes effect."""
    if not brings_another(agreement) or agreement.effective_on is None:
        return
    eve = agreement.effective_on - DAY
    if eve < clock.today():
        act.then(agreement.recognition, "change_partner", {"agreement": agreement.pk})
        return
    ledger.owe(
        key_of(agreement.pk),
        kind="partner_change",
        title=_("合作单位更换为%(p)s：%(b)s")
        % {"p": agreement.partner.display_name, "b": agreement.recognition.listed_title},
        due_on=eve,
        organisation_id=agreement.university_id,
        role="graduate_office",
        case=agreement.recognition,
        remind_days=0,
        handler="recognition.partner",
        payload={"agreement": agreement.pk},
    )


@ledger.handler(
    "recognition.partner",
    move="change_partner",
    says=_lazy("原合作单位的协议执行至%(day)s，次日起由新协议的合作单位与学校共建，系统将登记更换。"),
)
def change_on_its_day(entry, on: dt.date) -> None:
    """Change the partner of a base whose new text takes effect."""
    ledger.carry_out(entry, "change_partner", {"agreement": entry.payload["agreement"]})


def change(recognition: Recognition, act: Act) -> None:
    """Let the partner of the text be the base's from the day on which the text takes effect. Whoever was it sees the base up
    to the eve, or further on as a party of the text; cases begun before stay with whom they were begun."""
    agreement = Agreement.objects.select_related("partner").get(pk=act.raw["agreement"])
    old, new, first = recognition.partner, agreement.partner, agreement.effective_on
    if new == old or not agreement.is_in_force(first):
        return
    parts, eve = Party.about(recognition), first - DAY
    since = parts.filter(role=BEFORE).order_by("-until_on").values_list("until_on", flat=True).first()
    began = since + DAY if since else recognition.active_on or recognition.starts_on or recognition.decided_on
    own = {**Party.about_values(recognition), "organisation": old}
    Party.objects.create(**own, role=BEFORE, from_on=min(began, eve), until_on=eve, reason=agreement.number)
    stay = set(agreement.parties.values_list("organisation_id", flat=True)) - {new.pk}
    if old.pk in stay:
        Party.objects.create(**own, role="partner", from_on=first, reason=_("协议签约方"))
    parts.filter(role="partner", until_on=None).exclude(organisation__in=stay).update(until_on=eve)
    recognition.partner = new
    _base(recognition, old, new)
    act.facts |= {"agreement": agreement.number, "from": old.display_name, "to": new.display_name, "on": str(first)}
    act.reason = _("协议%(n)s自%(d)s起生效，合作单位由%(a)s更换为%(b)s。")
    act.reason %= {"n": agreement.number, "d": first, "a": old.display_name, "b": new.display_name}
    units = {recognition.university_id, recognition.college_id, old.pk, new.pk}
    people = Membership.objects.filter(organisation_id__in=units - {None}, role__in=TOLD, state="active")
    title = _("基地合作单位更换：%(b)s") % {"b": recognition.listed_title}
    act.notify(people.select_related("user"), title, act.reason, case=recognition)


def _base(recognition: Recognition, old: Organisation, new: Organisation) -> None:
    """The base itself follows, unless it stands on another level with the partner that it had."""
    base = recognition.base
    others = base.recognitions.filter(state__in=("pending", "active"), partner=old).exclude(pk=recognition.pk)
    if not others.exists():
        base.partner = new
        base.save(update_fields=["partner"])


def partners_on(bases: dict[int, Recognition], days: list[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], int]:
    """By base and day, the partner that the base had then. One query."""
    rows = Party.objects.filter(case_kind=Recognition.case_kind, case_id__in=list(bases), role=BEFORE)
    before: dict[int, list[tuple[dt.date, int]]] = {}
    for case_id, until_on, unit in rows.order_by("until_on").values_list("case_id", "until_on", "organisation_id"):
        before.setdefault(case_id, []).append((until_on, unit))
    return {
        (pk, day): next((unit for last, unit in before.get(pk, []) if day <= last), bases[pk].partner_id)
        for pk, day in days
    }
