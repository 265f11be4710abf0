"""Where originals are sent, and the courier's number under which they are on their way."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import Parcel
from core import clock, text
from core.door import record_event
from core.findings import Finding
from core.language import in_source_language
from tenants import roles
from tenants.models import Organisation

NUMBER = re.compile(r"[0-9A-Z-]{6,40}")
COURIER_CHARS = 30
# What the box for the courier offers; anything else may be typed.
COURIERS = (
    "中国邮政EMS",
    "顺丰速运",
    "京东快递",
    "中通快递",
    "圆通速递",
    "申通快递",
    "韵达快递",
    "极兔速递",
    "德邦快递",
)


@dataclass(frozen=True)
class Recipient:
    """The unit that takes a stamped paper in, and how to send it there; `address` is "" where the unit has none."""

    unit: Organisation
    person: str
    address: str
    phone: str

    @property
    def missing(self) -> str:
        """That there is no address, and who enters it; "" where there is one."""
        if self.address:
            return ""
        words = _("%(unit)s还没有填写盖章件收件地址，由其单位管理员在“单位与人员”的“修改信息”中填写；请先电话询问。")
        return words % {"unit": self.unit.display_name}


def recipient(case, sender: Organisation | None) -> Recipient | None:
    """To whom `sender` sends the originals that it stamped for the case: the college that has an address of its own for
    them (a partner's papers only), else whoever compares the scans: the university, above it the department. None where
    the sender keeps the paper itself."""
    if sender is None:
        return None
    above = [case.university, case.authority]
    if sender.kind == roles.PARTNER and case.college is not None and case.college.mail_address:
        above.insert(0, case.college)
    if sender.kind == roles.UNIVERSITY:
        above = [case.authority]
    unit = next((unit for unit in above if unit is not None and unit.pk != sender.pk), None)
    if unit is None:
        return None
    return Recipient(
        unit, unit.mail_to or unit.office, unit.mail_address or unit.address, unit.mail_phone or unit.phone
    )


def findings(courier: str, number: str) -> list[Finding]:
    """What is wrong with a courier and a number as they were typed; both empty are right."""
    courier, number = courier.strip(), text.code(number)
    if not courier and not number:
        return []
    wrong = []
    if not courier:
        wrong.append(Finding("", "hard", _("填写了快递单号，还没有填写快递公司。"), {}, field="courier"))
    if len(courier) > COURIER_CHARS:
        message = _("快递公司现有%(n)s字，不能超过%(m)s字。") % {"n": len(courier), "m": COURIER_CHARS}
        wrong.append(Finding("", "hard", message, {"chars": len(courier)}, field="courier"))
    if not NUMBER.fullmatch(number):
        message = _("快递单号“%(n)s”不是6至40位字母和数字。") % {"n": number[:40]}
        remedy = _("请照运单填写；当面送交的，快递公司和单号都不填。")
        wrong.append(Finding("", "hard", message, {"number": number[:40]}, remedy, field="courier_number"))
    return wrong


def act_findings(case, act) -> list[Finding]:
    """The same of the input of a move."""
    data = act.data or {}
    return findings(str(data.get("courier") or ""), str(data.get("courier_number") or ""))


def take(case, step, act) -> None:
    """Keep the number that came with the scan of a step's paper."""
    courier, number = str(act.data.get("courier") or "").strip(), text.code(str(act.data.get("courier_number") or ""))
    if number and step.unit_id is not None:
        _keep(case, step.key, step.unit, courier, number, act.on, act.actor.name)


@in_source_language()
def register(case, step_key: str, actor, courier: str, number: str, sent_on: dt.date) -> Parcel:
    """Enter, or put right, what the actor's unit sent. `courier` and `number` are right by `findings`. Stands in the log."""
    courier, number = courier.strip(), text.code(number)
    with transaction.atomic():
        reason = _("%(courier)s %(number)s，%(day)s寄出") % {"courier": courier, "number": number, "day": sent_on}
        record_event(case, "parcel", _("登记寄件"), actor, reason=reason, step_key=step_key)
        return _keep(case, step_key, actor.organisation, courier, number, sent_on, actor.name)


def _keep(case, step_key: str, unit, courier: str, number: str, sent_on: dt.date, name: str) -> Parcel:
    said = {"courier": courier, "number": number, "sent_on": sent_on, "sent_by": name, "entered_at": clock.now()}
    place = {"case_kind": case.case_kind, "case_id": case.pk, "round": case.round, "step_key": step_key, "unit": unit}
    parcel, _new = Parcel.objects.update_or_create(**place, defaults=said)
    return parcel


def sent(case, **where) -> list[Parcel]:
    """What was sent for a case, the latest first."""
    return list(Parcel.about(case).filter(**where).select_related("unit").order_by("-sent_on", "-pk"))
