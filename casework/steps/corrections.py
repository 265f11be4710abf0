"""退回修改: which parts of the dossier whoever sends it back wants changed, kept with the step that sent it back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.models import Step
from casework.specs import field, options

PARTS = "parts"  # the answer of a step that sends back: `form.section`, as often as wanted
BACK = {"field": "outcome", "in": ["return"]}


def fields(case, *, chosen: bool) -> list[dict]:
    """The date until which the correction is to come and the parts to be corrected. `chosen`: the form is for sending back
    alone; else they stand beside the other outcomes and are asked for with that one."""
    when = {"required": True} if chosen else {"required": False, "required_when": BACK}
    asked = [field("correction_due", "date", _("补正期限"), **when)]
    if marks := _choices(case):
        help = _("选出的部分在退回后的表中标出；不选即整份材料都要核对。")
        asked.append(field(PARTS, "multichoice", _("需修改的部分"), options=options(marks), required=False, help=help))
    return asked


def _choices(case) -> list[tuple[str, str]]:
    keys = case.form_keys()
    marks = []
    for key in keys:
        spec = case.form_spec(key)
        prefix = f"{spec.title}：" if len(keys) > 1 else ""
        marks += [(f"{key}.{section.key}", f"{prefix}{section.title}") for section in spec.sections]
    return marks


def marked(case) -> list[str]:
    """The parts of a draft that was sent back which are to be corrected, as `form.section`. One query, none for others."""
    if case.state != "draft" or case.round == 1:
        return []
    back = Step.about(case).filter(round=case.round - 1, state="returned").order_by("-closed_at", "-pk").first()
    return list((back.answers or {}).get(PARTS) or []) if back is not None else []


def marked_in(case, key: str) -> set[str]:
    """Those of one form, by section."""
    return {part.partition(".")[2] for part in marked(case) if part.partition(".")[0] == key}


def titles(case) -> list[str]:
    """Those in words, as the form calls them."""
    wanted = set(marked(case))
    return [label for code, label in _choices(case) if code in wanted] if wanted else []
