"""Answers to any form: something valid for every field that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from config.stories.hands import Attachment
from core import clock
from core.forms.spec import Field, FormSpec

Choose = Callable[[Field], Any]  # an answer of its own for a field, or None


def _number(field: Field) -> str:
    low = Decimal(str(field.min)) if field.min is not None else Decimal(0)
    high = Decimal(str(field.max)) if field.max is not None else low + 3
    return str(min(low + 3, high))


ANSWERS: dict[str, Callable[[Field], Any]] = {
    "text": lambda field: "情况良好",
    "longtext": lambda field: "按要求完成，情况良好。" * (1 + (field.min_chars or 0) // 11),
    "person": lambda field: "沈知微",
    "phone": lambda field: "0834-2580000",
    "email": lambda field: "office@example.invalid",
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "date": lambda field: clock.today().isoformat(),
    "choice": lambda field: field.codes[0],
    "multichoice": lambda field: list(field.codes[:2]),
    "boolean": lambda field: True,
    "checklist": lambda field: {code: {"checked": True, "remark": ""} for code in field.codes},
    "file": lambda field: Attachment(str(field.label)),
}


def filled(spec: FormSpec | None, choose: Choose = lambda field: None, **given: Any) -> dict:
    """An answer for every field of a form that is wanted: the one given, the one chosen, else the first that will do.
    Raises KeyError for a wanted field of a type that nobody can answer in general (an organisation, a code, a table)."""
    answers: dict[str, Any] = {}
    for field in (field for section in spec.sections for field in section.fields) if spec is not None else ():
        if field.key in given:
            continue
        if (chosen := choose(field)) is not None:
            answers[field.key] = chosen
        elif field.needed or (field.type == "checklist" and field.codes):
            answers[field.key] = ANSWERS[field.type](field)
    return answers | given
