"""What a check may see: cases, one day, the profile, and every fact read once for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from regulations import facts, formfields, settings
from regulations.comparing import like, same
from regulations.facts import FactError
from regulations.schema import Profile

AGGREGATES = ("count", "sum", "min", "max", "any", "all")
PERIOD_ENDS = {"from": 0, "to": 1}
# In the bound of a filter: the day of the check.
CHECK_DAY = "check"


class Batch:
    """Facts, answers and settings of cases of one kind under one profile on one day.

    Each is read for all cases at once when the first case asks for it, so that the number of queries follows from the
    rules and not from the number of cases.
    """

    def __init__(self, profile: Profile, cases: Sequence[Any], on: dt.date, organisation: Any = None):
        self.profile, self.cases, self.on, self.organisation = profile, list(cases), on, organisation
        self._facts: dict[str, Mapping[Any, Any]] = {}
        self._answers: dict[str, Mapping[Any, dict]] = {}
        self._settings: dict[str, Mapping[Any, Any]] = {}

    def fact(self, code: str) -> Mapping[Any, Any]:
        """The values of a fact by pk. Raises FactError."""
        if code not in self._facts:
            declared = facts.CATALOGUE.get(code)
            if declared is None:
                raise FactError(f"unknown fact {code}")
            self._facts[code] = declared.read(self.cases, self.on)
        return self._facts[code]

    def answers(self, form: str) -> Mapping[Any, dict]:
        """The answers of a form by pk, each in its case's present round."""
        if form not in self._answers:
            self._answers[form] = type(self.cases[0]).form_answers_of(self.cases, form) if self.cases else {}
        return self._answers[form]

    def settings(self, key: str) -> Mapping[Any, Any]:
        """The value of a setting by pk, for the organisation that owns it (`regulations.settings`)."""
        if key not in self._settings:
            self._settings[key] = settings.of_cases(self.profile, key, self.cases, self.on, self.organisation)
        return self._settings[key]


class RuleContext:
    """What the rules may ask about `case` on day `on`.

    `known`: facts that are given instead of read (kept with an earlier finding, or being entered); `answers`: answers by
    form that are being given and stand nowhere yet. `batch`: what is read together with other cases; the case is one
    of its cases. The class of a case offers `form_answers_of(cases, form)` (casework.models.regulated).
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
        batch: Batch | None = None,
    ):
        self.profile, self.case, self.on = profile, case, on
        self.fields = profile.form_fields
        self._batch = batch or Batch(profile, [case], on, organisation)
        self._answers: dict[str, dict] = dict(answers or {})
        self._values: dict[str, Any] = dict(known or {})

    # --- facts ---------------------------------------------------------------------------------------------

    def value(self, ref: Any) -> Any:
        """The typed value of a fact reference (name or aggregate), or None. Raises FactError."""
        if isinstance(ref, dict):
            return self._aggregate(ref)
        if ref not in self._values:
            self._values[ref] = self._read(ref)
        return self._values[ref]

    def _read(self, name: str) -> Any:
        if not name.startswith("form."):
            return self._batch.fact(name).get(self.case.pk)
        item, tail = find_field(self.fields, name)
        if item is None:
            raise FactError(f"no form field {name}")
        value = formfields.read(item, self.answers(item.form).get(item.key))
        return _part(item, value, tail)

    def answers(self, form: str) -> dict:
        """The answers of a form of the case, in its present round; {} if there are none."""
        if form not in self._answers:
            self._answers[form] = dict(self._batch.answers(form).get(self.case.pk) or {})
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

    def matching(self, ref: Any, where: dict | None) -> list[dict]:
        """The typed rows of a table that pass a filter."""
        wanted = self.wanted(where)
        return [row for row in self.rows(ref) if row_matches(row, wanted)]

    def wanted(self, where: dict | None) -> dict:
        """A filter with the values that its facts and the day of the check have, for `row_matches`."""
        return {column: self._bounds(bound) for column, bound in (where or {}).items()}

    def _bounds(self, wanted: Any) -> Any:
        if not isinstance(wanted, dict):
            return wanted
        if set(wanted) == {"fact"}:
            return {"in": [self.value(wanted["fact"])]}
        return {name: self.on if bound == CHECK_DAY else bound for name, bound in wanted.items()}

    def _aggregate(self, ref: dict) -> Any:
        chosen = self.matching(ref["table"], ref.get("where"))
        column, agg = ref.get("column"), ref["agg"]
        if agg == "count":
            if ref.get("distinct") is None:
                return len(chosen)
            return len({str(row[ref["distinct"]]).strip() for row in chosen if row.get(ref["distinct"])})
        if agg in ("any", "all") and column is None:
            if agg == "any":
                return bool(chosen)
            rows = self.rows(ref["table"])
            return bool(rows) and len(chosen) == len(rows)
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
        return self._batch.settings(key)[self.case.pk]


def contexts(profile: Profile, cases: Sequence[Any], on: dt.date, organisation: Any = None) -> dict[Any, RuleContext]:
    """A context for each of several cases of one kind by pk; whatever they read is read for all at once."""
    batch = Batch(profile, cases, on, organisation)
    return {case.pk: RuleContext(profile, case, on, batch=batch) for case in cases}


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


def find_table(profile: Profile, name: Any) -> formfields.FormField | None:
    """The repeating table of this name: a field of a form, or a fact of the catalogue that has columns."""
    known = facts.CATALOGUE.get(name) if isinstance(name, str) else None
    if known is not None and known.columns is not None:
        return known.table(profile)
    return profile.form_fields.get(name) if isinstance(name, str) else None


def _part(item: formfields.FormField, value: Any, tail: str) -> Any:
    if not tail or value is None:
        return value
    if item.type == "period":
        return value[PERIOD_ENDS[tail]]
    return bool((value.get(tail) or {}).get("checked"))


def row_matches(row: dict, where: dict) -> bool:
    """Whether a row passes a filter of equality, membership (`in`) and range (`gte`, `lte`)."""
    for column, wanted in where.items():
        value = _cell(row, column)
        if not isinstance(wanted, dict):
            if not same(value, wanted):
                return False
            continue
        if "in" in wanted and not any(same(value, option) for option in wanted["in"]):
            return False
        if "gte" in wanted and (value is None or value < like(value, wanted["gte"])):
            return False
        if "lte" in wanted and (value is None or value > like(value, wanted["lte"])):
            return False
    return True


def _cell(row: dict, column: str) -> Any:
    """A cell of a typed row; `period.to` is the end of a period."""
    name, _dot, end = column.partition(".")
    value = row.get(name)
    return value[PERIOD_ENDS[end]] if end and value is not None else value


def leaf_value(profile: Profile, path: str) -> Any:
    """The value of a leaf of the profile by dotted path (`apply.cond.coop_years`). None where it is silent.

    Raises KeyError when the path names nothing.
    """
    part_value: Any = profile
    for part in path.split("."):
        if part_value is None:
            return None
        if isinstance(part_value, dict):
            part_value = part_value[part]
        elif part in type(part_value).model_fields:
            part_value = getattr(part_value, part)
        else:
            raise KeyError(path)
    return getattr(part_value, "value", part_value)
