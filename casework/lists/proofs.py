"""公示凭证: pictures of the official page on which a notice stood, at its beginning and at its end."""

from __future__ import annotations

import datetime as dt
import io

from django.utils.translation import gettext as _
from PIL import Image

from casework.lists import drafting
from casework.models import Notice, NoticeProof
from casework.specs import field, form, options, reason
from core import clock, text
from core.door import Act, Refused
from core.findings import Finding
from core.papers.format import date_text

PICTURES = ["jpg", "png"]
MOST_SIDE = 1600  # pixels of a picture's longer side on paper


def standing(notice: Notice) -> list[NoticeProof]:
    """The proofs that hold, those of the beginning first."""
    return list(notice.proofs.filter(void_reason="").select_related("document"))


def missing(notice: Notice, proofs: list[NoticeProof]) -> list[str]:
    """The moments, in words, that have come and of which no picture is kept."""
    have, today = {proof.moment for proof in proofs}, clock.today()
    come = {"start": notice.opens_on <= today, "end": notice.closes_on <= today}
    return [str(label) for code, label in NoticeProof.MOMENTS if come[code] and code not in have]


def add_form(notice, actor, data, subject) -> dict:
    return form(
        "add_proof",
        _("登记公示凭证"),
        field("moment", "choice", _("截图时点"), options=options(NoticeProof.MOMENTS)),
        field("seen_on", "date", _("截图日期")),
        field("site", "text", _("网站及栏目"), max_chars=60, help=_("如：学校官网“通知公告”。")),
        field("address", "text", _("网址"), max_chars=300),
        field(
            "picture",
            "file",
            _("截图"),
            accept=PICTURES,
            min_files=1,
            max_files=6,
            help=_("官网栏目页和公示正文各一张，截图中能看到日期和时间。"),
        ),
    )


def add_findings(notice: Notice, act: Act) -> list[Finding]:
    """A picture is of a day that has come: of the beginning not before it, of the end not before the last day."""
    said = drafting.address_findings(act.data.get("address") or "", "address")
    day = act.data.get("seen_on")
    if not day:
        return said
    seen, facts = dt.date.fromisoformat(day), {"seen_on": day}
    if seen > clock.today():
        words = _("截图日期%(d)s晚于今天。") % {"d": day}
        said.append(Finding("", "hard", words, facts, field="seen_on"))
    first = notice.closes_on if act.data.get("moment") == "end" else notice.opens_on
    if seen < first:
        message = _("截图日期%(d)s早于公示截止日%(f)s，不是期满截图。")
        if first == notice.opens_on and act.data.get("moment") != "end":
            message = _("截图日期%(d)s早于公示开始日%(f)s。")
        said.append(Finding("", "hard", message % {"d": day, "f": first}, facts, field="seen_on"))
    return said


def add(notice: Notice, act: Act) -> None:
    """Keep one row for each picture."""
    for pk in act.data["picture"]:
        notice.proofs.create(
            moment=act.data["moment"],
            site=act.data["site"],
            address=text.web(act.data["address"]),
            seen_on=dt.date.fromisoformat(act.data["seen_on"]),
            document_id=pk,
            entered_by=act.actor.name,
            entered_at=act.now,
        )


def void_form(notice, actor, data, subject) -> dict:
    rows = [(proof.pk, title(proof)) for proof in standing(notice)]
    why = {**reason(_("作废原因")), "max_chars": 200}
    return form("void_proof", _("作废公示凭证"), field("proof", "choice", _("公示凭证"), options=options(rows)), why)


def void(notice: Notice, act: Act) -> None:
    """Take a wrong picture out of the statement; it stays readable."""
    chosen = next((proof for proof in standing(notice) if str(proof.pk) == str(act.data["proof"])), None)
    if chosen is None:
        raise Refused(_("没有这份公示凭证，或已作废。"))
    chosen.void_reason = act.data["reason"]
    chosen.save(update_fields=["void_reason"])


def title(proof: NoticeProof) -> str:
    """A proof in a line: when, where, which file."""
    return f"{proof.get_moment_display()} {proof.seen_on} {proof.site} {proof.document.name}"


# --- on paper ------------------------------------------------------------------------------------------------------


def places(notice: Notice, proofs: list[NoticeProof]) -> str:
    """Where the notice stood, a line for each page, the official ones first."""
    lines = [f"{proof.site}：{proof.address}" for proof in proofs]
    if notice.web_address and not any(proof.address == notice.web_address for proof in proofs):
        lines.append(notice.web_address)
    return "\n".join(dict.fromkeys(lines))


def pictures(proofs: list[NoticeProof]) -> list[dict]:
    """The pictures as a paper prints them: what each shows, and the picture itself as JPEG, no larger than paper needs."""
    return [
        {
            "caption": f"{proof.get_moment_display()}截图（{date_text(proof.seen_on)}，{proof.site}）",
            "content": _small(proof),
        }
        for proof in proofs
    ]


def _small(proof: NoticeProof) -> bytes:
    with proof.document.file.open("rb") as file, Image.open(file) as image:
        made = image.convert("RGB")
        made.thumbnail((MOST_SIDE, MOST_SIDE))
        out = io.BytesIO()
        made.save(out, "JPEG", quality=85)
    return out.getvalue()
