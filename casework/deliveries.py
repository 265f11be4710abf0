"""送达: that a paper reached the units which it is sent to, each with its day, who signed, and the signed proof.

What keeps the entries (an effect, a rectification) keeps them as plain values; who may enter them is its own affair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from casework.papers import printing
from casework.specs import PAPER, field, form, options
from core import clock
from core.door import Act
from core.findings import Finding
from core.models import Document
from core.papers.standard import one_page_layout

FIELDS = ("unit", "delivered_on", "recipient", "file")
RECEIPT_FACTS = (("受送达单位", "addressee"), ("送达日期", "delivered_on"), ("送达方式", "way"), ("备注", "note"))


def units_left(units: Mapping[str, Any], entries: Iterable[dict]) -> dict[str, str]:
    """Column and name of the units that a paper has not reached yet."""
    reached = {entry["unit"] for entry in entries}
    return {column: unit.display_name for column, unit in units.items() if unit is not None and column not in reached}


def spec(title: str, left: Mapping[str, str]) -> dict:
    """The form by which a delivery is entered."""
    return form(
        "record_delivery",
        _("登记送达：%(what)s") % {"what": title},
        field("unit", "choice", _("受送达单位"), options=options(left.items())),
        field("delivered_on", "date", _("送达日期")),
        field("recipient", "text", _("签收人"), max_chars=40),
        field("file", "file", _("送达回证（签收件）"), accept=PAPER, min_files=1, max_files=3),
    )


def findings(act: Act, made_on: dt.date | None, clause: str) -> list[Finding]:
    """Delivered on a day that has come, and not before the paper was made."""
    day = clock.day_of(act.data.get("delivered_on"))
    if day is None:
        return []
    facts = {"delivered_on": day.isoformat(), "decided_on": str(made_on)}
    if day > clock.today():
        text = _("送达日期%(day)s晚于今天。") % {"day": day}
        return [Finding(clause, "hard", text, facts, field="delivered_on")]
    if made_on and day < made_on:
        text = _("送达日期%(day)s早于决定日期%(decided)s。") % {"day": day, "decided": made_on}
        return [Finding(clause, "hard", text, facts, field="delivered_on")]
    return []


def entry(act: Act) -> dict:
    """What is kept of one delivery."""
    act.facts |= {"unit": act.data["unit"]}
    return {name: act.data[name] for name in FIELDS} | {"entered_by": act.actor.name}


def proofs(entries: Iterable[dict]) -> dict[int, Document]:
    """The signed proofs of deliveries by key. One query where there are any."""
    keys = {pk for row in entries for pk in row["file"]}
    return Document.objects.in_bulk(keys) if keys else {}


def shown(units: Mapping[str, Any], entries: Iterable[dict], documents: Mapping[int, Document]) -> list[dict]:
    """The deliveries as pages show them: the unit, its day, who signed, the proofs."""
    return [
        {
            "unit": unit.display_name if (unit := units.get(row["unit"])) is not None else "",
            "on": clock.day_of(row["delivered_on"]),
            "recipient": row["recipient"],
            "files": [documents[pk] for pk in row["file"] if pk in documents],
        }
        for row in entries
    ]


def receipt(case, what: str, about: str) -> bytes:
    """送达回证, to be filled in by hand and signed by whoever receives the paper."""
    lines = [f"送达文书：{what}", f"基地：{about}"]
    page = one_page_layout("送达回证", lines, facts=RECEIPT_FACTS, sign="签收人（签字）：", seal="（受送达单位公章）")
    return printing.filled(case, page, answers={}, blank=True)
