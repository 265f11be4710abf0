"""Which agreement binds on which day: never two that exclude each other, no day without one that nobody was told of.

A supplement stands beside the text that it supplements. Everything else excludes what else is in force for the same base;
a revision, a renewal and a replacement take the place of the text before, from the day on which they take effect.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from bases.models import Agreement, Recognition
from core.findings import Finding

DAY = dt.timedelta(days=1)


def of_base(agreement: Agreement):
    """The signed agreements for the same base, or for the same application while there is no base yet; itself aside."""
    where = Q(pk__in=[])
    if agreement.recognition_id:
        where |= Q(recognition_id=agreement.recognition_id)
    if agreement.application_id:
        where |= Q(application_id=agreement.application_id)
    return Agreement.objects.filter(where, state="signed").exclude(pk=agreement.pk)


def in_force(recognition: Recognition, on: dt.date) -> list[Agreement]:
    """The agreements that bind for a base on a day, the newest first: ended ones up to their last day, one that another
    takes the place of up to its eve, whether the portal has ended it already or not."""
    rows = recognition.agreements.filter(state__in=("signed", "ended")).order_by("-effective_on", "-pk")
    binding = [row for row in rows if row.is_in_force(on)]
    followed = {row.previous_id for row in binding if row.type in Agreement.REPLACING}
    return [row for row in binding if row.pk not in followed]


def last_day(agreement: Agreement) -> dt.date | None:
    return agreement.ended_on or agreement.ends_on


def day_findings(agreement: Agreement, signed: dt.date | None, effective: dt.date | None) -> list[Finding]:
    """The order of an agreement's days: signed, then in force, inside its term; and what else binds then."""
    findings: list[Finding] = []

    def say(words: str, field: str = "effective_on", **days: dt.date | None) -> None:
        facts = {key: day.isoformat() for key, day in days.items() if day}
        findings.append(Finding("", "hard", words, facts, field=field))

    first, last = agreement.starts_on, agreement.ends_on
    if signed and effective and effective < signed:
        say(
            _("生效日期%(e)s早于签订日期%(s)s。") % {"e": effective, "s": signed},
            effective_on=effective,
            signed_on=signed,
        )
    if effective and first and effective < first:
        words = _("生效日期%(e)s早于协议期限的首日%(f)s。") % {"e": effective, "f": first}
        say(words, effective_on=effective, starts_on=first)
    if effective and last and effective > last:
        words = _("生效日期%(e)s晚于协议期限的末日%(l)s。") % {"e": effective, "l": last}
        say(words, effective_on=effective, ends_on=last)
    if effective and not findings:
        findings += standing_findings(agreement, effective)
    return findings


def standing_findings(agreement: Agreement, effective: dt.date, until: dt.date | None = None) -> list[Finding]:
    """What is in force already and would exclude this one from `effective` to `until` (default: the last day of its term);
    a supplement asks for the text that it supplements."""
    if agreement.type == "supplement":
        before = agreement.previous
        if before is not None and before.is_in_force(effective):
            return []
        words = _("补充协议依附的原协议%(n)s在%(d)s不在有效期内，不能签订补充协议。")
        facts = {"previous": before.number if before else "", "effective_on": effective.isoformat()}
        remedy = _("请改为续签或重签协议。")
        return [
            Finding("", "hard", words % {"n": facts["previous"], "d": effective}, facts, remedy, field="effective_on")
        ]
    replaces = agreement.previous_id if agreement.type in Agreement.REPLACING else None
    last = until or agreement.ends_on or dt.date.max
    for other in of_base(agreement).exclude(type="supplement").exclude(pk=replaces).order_by("pk"):
        if other.effective_on and other.effective_on <= last and (last_day(other) or dt.date.max) >= effective:
            words = _("该基地已有同期有效的协议%(n)s（%(a)s至%(b)s），两份协议不能并行。")
            words %= {"n": other.number, "a": other.effective_on, "b": last_day(other) or "…"}
            facts = {"other": other.number, "effective_on": effective.isoformat()}
            remedy = _("请先登记原协议终止，或从该基地页面起草修订、续签、重签。")
            return [Finding("", "hard", words, facts, remedy, field="effective_on")]
    return []


def gap_before(agreement: Agreement) -> tuple[dt.date, dt.date] | None:
    """The days between the end of the text before and the day on which this one takes effect, if there are any."""
    before = agreement.previous
    if before is None or agreement.type not in Agreement.REPLACING or agreement.effective_on is None:
        return None
    over = last_day(before)
    if over is None or over + DAY >= agreement.effective_on:
        return None
    return over + DAY, agreement.effective_on - DAY
