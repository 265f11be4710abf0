"""What a check may see: one case, one day, the profile, and every fact read at most once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from regulations import facts, formfields
from regulations.facts import FactError
from regulations.schema import Profile

AGGREGATES = ("count", "sum", "min", "max", "any", "all")
PERIOD_ENDS = {"from": 0, "to": 1}


class RuleContext:
    """Facts about `case` on day `on`, each provider called at most once.

    `known` holds values that are given instead of read (facts kept with an earlier finding, or a form that is
    being checked before it is saved: `answers={"application": {...}}`). A case may offer `fact_case(kind)`, which
    returns the case of another kind it belongs to (an assignment its application), and `form_answers(form)`.
    """

    def __init__(
        self,
        profile: Profile,
        case: Any,
        on: dt.date,
        *,
        organisation: Any = None,
        answers: Mapping[str, dict] | None = None,
        known: Mapping[str, Any] | None = None,
    ):
        self.profile, self.case, self.on = profile, case, on
        self.organisation = organisation
        self.fields = profile.form_fields
        self._answers: dict[str, dict] = dict(answers or {})
        self._values: dict[str, Any] = dict(known or {})
        self._settings: dict[str, Any] = {}

    # --- facts ---------------------------------------------------------------------------------------------

    def value(self, ref: Any) -> Any:
        """The typed value of a fact reference (name or aggregate), or None. Raises FactError."""
        if isinstance(ref, dict):
            return self._aggregate(ref)
        if ref not in self._values:
            self._values[ref] = self._read(ref)
        return self._values[ref]

    def _read(self, name: str) -> Any:
        if name.startswith("form."):
            item, tail = find_field(self.fields, name)
            if item is None:
                raise FactError(f"no form field {name}")
            value = formfields.read(item, self.answers(item.form).get(item.key))
            return _part(item, value, tail)
        known = facts.CATALOGUE.get(name)
        if known is None:
            raise FactError(f"unknown fact {name}")
        if known.provider is None:
            raise FactError(f"fact {name} has no provider")
        return known.provider(self.case_for(known), self.on)

    def case_for(self, known: facts.Fact) -> Any:
        """The case a fact is read on: this one, or the one of the fact's kind it belongs to."""
        kind = getattr(self.case, "case_kind", "")
        if kind in known.cases:
            return self.case
        finder = getattr(self.case, "fact_case", None)
        for wanted in known.cases:
            found = finder(wanted) if finder else None
            if found is not None:
                return found
        raise FactError(f"fact {known.code} belongs to {'/'.join(known.cases)}, not to {kind or type(self.case)}")

    def answers(self, form: str) -> dict:
        """The answers of a form of the case, in its present round; {} if there are none."""
        if form not in self._answers:
            own = getattr(self.case, "form_answers", None)
            self._answers[form] = dict((own(form) if own else stored_answers(self.case, form)) or {})
        return self._answers[form]

    def rows(self, ref: Any) -> list[dict]:
        """Typed rows of a repeating table: a fact of type table."""
        if not ref.startswith("form."):
            return list(self.value(ref) or [])
        item, _tail = find_field(self.fields, ref)
        if item is None:
            raise FactError(f"no form field {ref}")
        return [
            {key: formfields.read(column, row.get(key)) for key, column in item.columns.items()}
            for row in self.value(ref) or []
            if isinstance(row, dict)
        ]

    def _aggregate(self, ref: dict) -> Any:
        rows = self.rows(ref["table"])
        where, column, agg = ref.get("where") or {}, ref.get("column"), ref["agg"]
        chosen = [row for row in rows if row_matches(row, where)]
        if agg == "count":
            return len(chosen)
        if agg in ("any", "all") and column is None:
            return bool(chosen) if agg == "any" else bool(rows) and len(chosen) == len(rows)
        values = [row.get(column) for row in chosen]
        if agg == "any":
            return any(values)
        if agg == "all":
            return bool(values) and all(values)
        values = [value for value in values if value is not None]
        if agg == "sum":
            return sum(values, Decimal(0))
        return (min if agg == "min" else max)(values, default=None)

    # --- figures of the profile ------------------------------------------------------------------------------

    def number(self, param: Any) -> Any:
        """A parameter: a plain value, a setting `{setting: key}`, or a leaf of the profile `{leaf: path}`."""
        if isinstance(param, dict) and "setting" in param:
            return self.setting(param["setting"]).value
        if isinstance(param, dict) and "leaf" in param:
            return leaf_value(self.profile, param["leaf"])
        return param

    def setting(self, key: str):
        """The setting's value in force on this day for the organisation that owns it (`regulations.settings`)."""
        from regulations import settings

        if key not in self._settings:
            owner = self.organisation or settings.owner_of(self.profile, self.case, key)
            self._settings[key] = settings.setting(self.profile, key, owner, self.on)
        return self._settings[key]


def find_field(fields: dict[str, formfields.FormField], name: str) -> tuple[formfields.FormField | None, str]:
    """The form field a fact name points at, and the part of it (`from`, `to` of a period, item of a checklist)."""
    if name in fields:
        return fields[name], ""
    head, _dot, tail = name.rpartition(".")
    item = fields.get(head)
    if item and (
        (item.type == "period" and tail in PERIOD_ENDS) or (item.type == "checklist" and tail in item.options)
    ):
        return item, tail
    return None, ""


def _part(item: formfields.FormField, value: Any, tail: str) -> Any:
    if not tail or value is None:
        return value
    if item.type == "period":
        return value[PERIOD_ENDS[tail]]
    return bool((value.get(tail) or {}).get("checked"))


def stored_answers(case: Any, form: str) -> dict:
    """The stored answers of a case's form in its present round."""
    from core.models import FormAnswer

    if getattr(case, "pk", None) is None:
        return {}
    row = FormAnswer.objects.filter(
        case_kind=case.case_kind, case_id=case.pk, form=form, round=getattr(case, "round", 1)
    ).first()
    return row.answers if row else {}


def row_matches(row: dict, where: dict) -> bool:
    """Whether a row passes a filter of equality, membership (`in`) and range (`gte`, `lte`)."""
    for column, wanted in where.items():
        value = row.get(column)
        if not isinstance(wanted, dict):
            if not _same(value, wanted):
                return False
            continue
        if "in" in wanted and not any(_same(value, one) for one in wanted["in"]):
            return False
        if "gte" in wanted and (value is None or value < _like(value, wanted["gte"])):
            return False
        if "lte" in wanted and (value is None or value > _like(value, wanted["lte"])):
            return False
    return True


def _like(value: Any, bound: Any) -> Any:
    if isinstance(value, dt.date) and isinstance(bound, str):
        return dt.date.fromisoformat(bound)
    if isinstance(value, Decimal):
        return Decimal(str(bound))
    return bound


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return wanted in value
    if value is None or isinstance(value, bool) != isinstance(wanted, bool):
        return False
    try:
        return value == _like(value, wanted)
    except (ValueError, ArithmeticError):
        return False


same, like = _same, _like


def leaf_value(profile: Profile, path: str) -> Any:
    """The value of a leaf of the profile by dotted path (`apply.cond.coop_years`). None where it is silent.

    Raises KeyError when the path names nothing.
    """
    found: Any = profile
    for part in path.split("."):
        if found is None:
            return None
        if isinstance(found, dict):
            found = found[part]
        elif part in type(found).model_fields:
            found = getattr(found, part)
        else:
            raise KeyError(path)
    return getattr(found, "value", found)
