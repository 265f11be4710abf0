"""How a person and an organisation want to be told of what is due."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from core import channels
from core.ledger import kinds
from core.text import normal
from portal.due import feed
from tenants import reminding, rights
from tenants.models import CalendarFeed, MutedKind
from tenants.views.common import answers

TITLE = gettext_noop("提醒设置")


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def settings_page(request: HttpRequest) -> HttpResponse:
    """The reader's own wishes, and for the unit's administrator those of the unit."""
    own = request.membership.organisation
    return _post(request, own) if request.method == "POST" else _page(request, own)


def _post(request: HttpRequest, own) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "feed":
        request.session["feed_address"] = feed.renew(request.user)
        messages.success(request, _("已生成新的订阅地址，原地址已失效。请现在复制：离开本页后不再显示。"))
    elif act == "feed_end":
        feed.end(request.user)
        messages.success(request, _("订阅地址已停用。"))
    elif act == "mute":
        reminding.choose(request.user, {known.code for known in kinds.listed()} - set(request.POST.getlist("kind")))
        messages.success(request, _("已保存提醒类别。"))
    elif act == "stages":
        code = request.POST.get("kind", "")
        days = [int(word) for word in re.findall(r"\d{1,3}", normal(request.POST.get("days", "")))]
        if error := reminding.set_days(request.membership, own, code, days):
            messages.error(request, error)
        else:
            messages.success(request, _("已保存，自今天起适用。"))
    elif act in ("robot", "robot_end"):
        code = request.POST.get("kind", "")
        url = "" if act == "robot_end" else request.POST.get("url", "").strip()
        secret = request.POST.get("secret", "").strip()
        if error := reminding.set_robot(request.membership, own, code, url, secret):
            messages.error(request, error)
        else:
            messages.success(request, _("已停用群机器人。") if act == "robot_end" else _("已保存群机器人。"))
    return redirect(request.path)


def _page(request: HttpRequest, own) -> HttpResponse:
    manages = request.user.has_perm(rights.MANAGE_ORGANISATION, own)
    muted = set(MutedKind.objects.filter(user=request.user).values_list("kind", flat=True))
    context = {
        "kinds": [(row.code, row.label, row.code not in muted) for row in kinds.listed()],
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": request.session.pop("feed_address", ""),
        "manages": manages,
        "stages": reminding.days_of(own) if manages else [],
        "robots": reminding.robots_of(own) if manages else [],
        "robot_hosts": channels.robot_prefixes(),
        "sms": channels.sms_configured(),
        "crumbs": [(_("到期台账"), reverse("portal:due")), (_(TITLE), "")],
    }
    return render(request, "portal/due/settings.html", context)
