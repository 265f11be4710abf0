"""What an effect is told on: the decision or notice with its reason and clause, and the proof that it was delivered."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from bases.models.recognition import holder
from casework import deliveries
from casework.models import Effect
from casework.papers import printing
from casework.papers.classes import base_key
from casework.papers.printing import Print
from core.door import Act, get_case
from core.findings import Finding
from core.forms.store import content_hash
from core.models import Paper
from core.papers.layout import PaperLayout
from core.papers.standard import one_page_layout
from regulations import wording

UNITS = ("university", "college", "partner")
RECEIPT = "receipt"


def tells(kind: str) -> bool:
    """Whether a paper of this key tells of an effect."""
    return "." in kind


def effect_of(kind: str) -> Effect:
    """The effect that a paper tells of, by the paper's key."""
    return Effect.objects.get(pk=int(kind.partition(".")[2]))


def answers(recognition, effect: Effect) -> dict[str, Any]:
    """What such a paper prints: texts and days by name."""
    profile = recognition.profile
    article = wording.article(profile, effect.clause) if effect.clause else ""
    rules = f"《{profile.head.title.zh}》{article}"
    until = f"至{wording.show(effect.until_on)}" if effect.until_on else ""
    why = f"，事由：{effect.reason_label}" if effect.reason else ""
    return {
        "base_name": recognition.base.name,
        "base_no": recognition.base.number,
        "recognition_no": recognition.number,
        "university": recognition.university.display_name,
        "partner": recognition.partner.display_name if recognition.partner else "",
        "measure": effect.title,
        "reason": effect.reason_label,
        "ground": f"{rules}{why}",
        "said": effect.decision_reason,
        "period": f"自{wording.show(effect.from_on)}起{until}",
        "amount": str(effect.amount) if effect.amount is not None else "",
        "number": str(effect.parameters.get("number") or ""),
        "issuer": holder(recognition).display_name,
        "decided_on": (effect.decided_on or effect.from_on).isoformat(),
    }


def layout(recognition, paper: Paper) -> PaperLayout:
    """The profile's own layout, or the house's: one page with measure, ground and period."""
    kind, title = paper.kind, paper.title
    if printing.has_layout(recognition, base_key(kind)):
        return printing.layout_of(recognition, base_key(kind), paper=paper)
    facts = (
        ("基地名称", "base_name"),
        ("基地编号", "base_no"),
        ("批准编号", "recognition_no"),
        ("研究生培养单位", "university"),
        ("合作单位", "partner"),
        ("决定事项", "measure"),
        ("依据", "ground"),
        ("起止", "period"),
        ("文号", "number"),
        ("说明", "said"),
        ("决定日期", "decided_on"),
    )
    return one_page_layout(title, ["{university}、{partner}："], facts=facts, sign=holder(recognition).display_name)


def render(recognition, paper: Paper) -> bytes:
    """The PDF of a decision."""
    effect = effect_of(paper.kind)
    return printing.filled(
        recognition,
        layout(recognition, paper),
        answers=answers(recognition, effect),
        paper=paper,
        state=printing.state_of(paper),
    )


def hash_of(recognition, kind: str) -> str:
    """The hash of what a decision says."""
    return content_hash(answers(recognition, effect_of(kind)))


def told(recognition) -> list[Effect]:
    """The effects that are told on a paper and stand, or stood."""
    rows = Effect.about(recognition).filter(state="standing").select_related("unit").order_by("pk")
    return [effect for effect in rows if effect.paper]


# --- delivery ------------------------------------------------------------------------------------------------------


def undelivered(recognition) -> list[Effect]:
    """Those that have not reached every unit that they are sent to."""
    return [effect for effect in told(recognition) if units_left(recognition, effect)]


def delivers(membership, effect: Effect) -> bool:
    """Whoever granted the base delivers what is decided about it."""
    return holder(get_case(effect.case_kind, effect.case_id)).pk == membership.organisation_id


def offices(effect: Effect) -> list[tuple]:
    """The same, for the sentence that says whose business it is."""
    return [(holder(get_case(effect.case_kind, effect.case_id)), ["graduate_office", "officer"])]


def _units(recognition) -> dict[str, Any]:
    """The units that a decision is sent to: the base's own side, but for whoever decides."""
    units = {column: getattr(recognition, column) for column in UNITS}
    return {column: unit for column, unit in units.items() if unit is not None and unit != holder(recognition)}


def units_left(recognition, effect: Effect) -> dict[str, str]:
    """Column and name of the units to which a decision has not been delivered yet."""
    return deliveries.units_left(_units(recognition), effect.parameters.get("deliveries") or [])


def delivered(recognition, rows: Iterable[Effect]) -> dict[int, list[dict]]:
    """By effect whom its decision reached, when, and who signed. One query where there are any."""
    entries = {effect.pk: effect.parameters.get("deliveries") or [] for effect in rows}
    documents = deliveries.proofs(entry for given in entries.values() for entry in given)
    units = _units(recognition)
    return {pk: deliveries.shown(units, given, documents) for pk, given in entries.items() if given}


def delivery_form(recognition, actor, data, effect) -> dict:
    return deliveries.spec(effect.title, units_left(recognition, effect))


def delivery_findings(recognition, act: Act) -> list[Finding]:
    """Delivered on a day that has come, and not before the decision."""
    return deliveries.findings(act, act.subject.decided_on, act.subject.clause)


def deliver(recognition, act: Act) -> None:
    """Keep to whom the decision was delivered, when, and who signed for it."""
    effect = act.subject
    entries = [*(effect.parameters.get("deliveries") or []), deliveries.entry(act)]
    effect.parameters = {**effect.parameters, "deliveries": entries}
    effect.save(update_fields=["parameters"])
    act.facts |= {"effect": effect.pk}


def prints(recognition) -> list[Print]:
    """The blank proof of delivery of each decision that is still to be delivered."""
    return [
        Print(
            f"{RECEIPT}_{effect.pk}",
            _("送达回证（%(what)s）") % {"what": effect.title},
            partial(receipt, recognition, effect),
        )
        for effect in undelivered(recognition)
    ]


def receipt(recognition, effect: Effect) -> bytes:
    """送达回证 of a decision."""
    said = answers(recognition, effect)
    number = f"（{said['number']}）" if said["number"] else ""
    about = f"{said['base_name']}（{said['base_no']}）"
    return deliveries.receipt(recognition, f"{effect.title}{number}", about)
