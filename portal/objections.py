"""An objection by somebody without an account: it counts once its sender has confirmed the mail address by a code."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casework.models import Notice
from core import clock, text
from core.bounds import TooLong
from core.door import PublicActor, Refused, moves, perform
from core.findings import Finding, blocking
from core.forms.clean import clean
from tenants.models import ActionLink
from tenants.services import links, publicly
from tenants.services.publicly import Limits

PURPOSE = "objection"
MOST = {"name": 60, "email": 60, "phone": 40}  # characters: what the columns hold
LIMITS = Limits(address=3, thing=60, network=20)  # of one notice; for one address in all its days

links.purpose(PURPOSE, "/public/objections/{}/")


def begin(notice: Notice, typed: dict[str, str], network: str) -> ActionLink:
    """Keep an objection until its code comes back, and mail the code. `typed`: name, email, phone, text. Raises Refused
    where something is missing or the notice does not run, TooMany beyond the limits.
    """
    address = text.address(typed["email"])

    def keep() -> ActionLink:
        answers = _checked(notice, typed, address)
        Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)  # one after another: the limits count
        _within_limits(notice, address, network)
        end = clock.aware(notice.closes_on + dt.timedelta(days=1))
        until = min(clock.now() + dt.timedelta(hours=publicly.OPEN_HOURS), end)
        return links.make(PURPOSE, notice.pk, until=until, name=answers["name"], address=address, payload=answers)

    return publicly.begin(PURPOSE, notice.pk, address, network, keep)


def _checked(notice: Notice, typed: dict[str, str], address: str) -> dict[str, str]:
    """What the notice's own move will take, checked by its own form before a code is mailed."""
    if notice.state != "publicised" or not notice.is_running:
        raise Refused(_("公示期已满，现已不接受网上异议。如有情况请联系公示单位。"))
    findings = []
    labels = {"name": _("姓名（单位）"), "email": _("电子邮箱"), "phone": _("电话")}
    for name, most in MOST.items():
        if len(typed[name]) > most:
            findings += TooLong(str(labels[name]), name, typed[name], most).findings
    try:
        forms.EmailField().clean(address)
    except ValidationError:
        message = _("请填写能收到邮件的电子邮箱，用来接收确认异议的验证码。")
        findings.append(Finding("", "hard", message, field="email"))
    contact = "，".join(part for part in (address, text.phone(typed["phone"])) if part)
    raw = {"name": typed["name"], "contact": contact, "text": typed["text"]}
    spec = moves(Notice)["object"].spec(notice, PublicActor(), raw, notice)
    answers, more = clean(spec, raw)
    if stopped := findings or blocking(more):
        raise Refused(stopped)
    return answers


def _within_limits(notice: Notice, address: str, network: str) -> None:
    publicly.within(
        PURPOSE,
        notice.pk,
        LIMITS,
        address,
        network,
        hours=24 * ((clock.today() - notice.opens_on).days + 1),
        own=_("此邮箱对本公示已提交%(n)s次，不能再提交。请使用已收到的验证码，或打电话、来信向公示单位提出。"),
        busy=_("一小时内提交的人过多，暂不能网上提交。请一小时后再试，或打电话、来信向公示单位提出。"),
    )


def confirm(link: ActionLink, code: str, network: str) -> str:
    """The code came back: the objection counts from now. Returns its number. Raises Refused, Stale."""
    return publicly.confirm(link, link.about_id, code, network, _object)


def _object(link: ActionLink) -> str:
    notice = Notice.objects.get(pk=link.about_id)
    perform(notice, "object", PublicActor(name=link.payload["name"]), link.payload)
    return notice.objections.order_by("-pk").values_list("number", flat=True)[0]
