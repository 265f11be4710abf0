"""The fact catalogue: everything a rule may ask about a case.

A fact is declared once, with its provider, in the `facts.py` of the room that knows it: code, type, text for people,
kinds of case it is about, unit. A fact without a provider cannot be declared, and a profile that reads a code nobody
declared is refused. Form fields are facts by path (`form.<form>.<field>`) and are declared by their form.

A fact of type table has rows with named columns, over which a profile counts, sums and filters as over a form's table:
what is kept of a base, say, where the profile names the type of record that it asks for.

A provider takes many cases at once, `provider(cases, on) -> {pk: value}`, so that a list, a round or a dry run over 500
cases asks as many queries as one case does. A pk left out means None: the thing does not exist. A provider never
invents a value. `profiles/README-facts.md` says what each fact means exactly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model, prefetch_related_objects

from core.forms.fields import Text
from regulations.formfields import FormField
from regulations.vocabulary import FACT_TYPES

Provider = Callable[[Sequence[Any], dt.date], Mapping[Any, Any]]
Options = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]
# The columns of a table under a profile: column -> (fact type, label, the labels of its codes).
Columns = Callable[[Any], Mapping[str, tuple[str, Any, Mapping[str, Any]]]]


class FactError(Exception):
    """A fact is unknown, or was asked of a case it does not belong to: a fault in code."""


@dataclass(frozen=True)
class Fact:
    """One named fact. `cases`: kinds of case it can be read of; `options`: labels of its codes, or a function of the
    profile that gives them; `needs`: relations of the cases that its provider reads, fetched for all cases at once;
    `columns`: of a table, what stands in its rows (`provider` gives them as a list of mappings with typed values)."""

    code: str
    type: str
    text: Any
    cases: tuple[str, ...]
    provider: Provider
    unit: str = ""
    options: Options = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    columns: Columns | None = None

    def read(self, cases: Sequence[Any], on: dt.date) -> Mapping[Any, Any]:
        """The values for these cases on a day by pk; None for a pk that is not there. Raises FactError for a case of
        another kind."""
        for case in cases:
            if case.case_kind not in self.cases:
                raise FactError(f"fact {self.code} belongs to {'/'.join(self.cases)}, not to {case.case_kind}")
        rows = [case for case in cases if isinstance(case, Model)]
        if self.needs and rows:
            prefetch_related_objects(rows, *self.needs)
        return self.provider(cases, on)

    def labels(self, profile: Any) -> dict[str, str]:
        """The labels of its codes under a profile; {} where it holds no codes."""
        options = self.options(profile) if callable(self.options) else self.options
        return {code: str(label) for code, label in options.items()}

    def table(self, profile: Any) -> FormField:
        """The fact as a table with columns, as the rules see a form's. Raises FactError for a fact without columns."""
        if self.columns is None:
            raise FactError(f"fact {self.code} is no table")
        columns = {
            key: FormField("", "", key, kind, Text(str(label)), options={c: Text(str(w)) for c, w in codes.items()})
            for key, (kind, label, codes) in self.columns(profile).items()
        }
        return FormField("", "", self.code, self.type, Text(str(self.text)), columns=columns)


CATALOGUE: dict[str, Fact] = {}


def fact(
    code: str,
    type: str,
    text: Any,
    case: str | Iterable[str],
    *,
    unit: str = "",
    options: Options | None = None,
    needs: Iterable[str] = (),
    columns: Columns | None = None,
) -> Callable[[Provider], Provider]:
    """Declare a fact, with the decorated function as its provider.

    Raises ValueError for an unknown type, a form path, a code that is declared already, or a table without columns.
    """

    def register(provider: Provider) -> Provider:
        if type not in FACT_TYPES:
            raise ValueError(f"fact {code}: unknown type {type}")
        if code.startswith("form."):
            raise ValueError(f"fact {code}: form fields are facts by themselves")
        if code in CATALOGUE:
            raise ValueError(f"fact {code} is declared twice")
        if (type == "table") != (columns is not None):
            raise ValueError(f"fact {code}: a table has columns, and nothing else has")
        cases = (case,) if isinstance(case, str) else tuple(case)
        CATALOGUE[code] = Fact(code, type, text, cases, provider, unit, options or {}, tuple(needs), columns)
        return provider

    return register


def each(read: Callable[[Any], Any]) -> Provider:
    """A provider from a function of one case that asks the database nothing: it reads columns, and relations that the
    fact names as its needs."""
    return lambda cases, on: {case.pk: read(case) for case in cases}


def lend(owner: str, borrower: str, relation: str) -> None:
    """Let every fact of a kind of case that is declared by now be read of another kind too, whose cases stand in that
    relation to it: what is known of a base is known of its evaluation."""
    for code, known in list(CATALOGUE.items()):
        if owner in known.cases and borrower not in known.cases:
            provider = _lent(known, borrower, relation)
            CATALOGUE[code] = replace(known, cases=(*known.cases, borrower), provider=provider, needs=())


def _lent(known: Fact, borrower: str, relation: str) -> Provider:
    def provider(cases, on):
        if cases[0].case_kind != borrower:
            return known.read(cases, on)
        prefetch_related_objects([case for case in cases if isinstance(case, Model)], relation)
        owners = {case.pk: getattr(case, relation) for case in cases}
        values = known.read(list({owner.pk: owner for owner in owners.values()}.values()), on)
        return {pk: values.get(owner.pk) for pk, owner in owners.items()}

    return provider


def entered(code: str, type: str, text: Any, case: str | Iterable[str]) -> None:
    """Declare a fact that is known only to the act that enters it (`check(…, known=…)`), else None."""
    fact(code, type, text, case)(lambda cases, on: {})
