"""What the reading page is made of: rows with a value, its strength, its article, and whether it is silence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.language import amount, beside, listed, said
from regulations import vocabulary, wording
from regulations.reading import labels
from regulations.schema import Item, Leaf, Option, Profile, Ref, Text


@dataclass(frozen=True)
class Article:
    """A cited clause: how people cite it, its ID; `anchor` on the first place of the page that cites it.

    `again`: the same article as the one before, of which this clause is another obligation; only its anchor shows.
    """

    text: str
    clause: str
    anchor: bool = False
    again: bool = False


@dataclass(frozen=True)
class Row:
    """One line: label, values, and what they rest on."""

    label: str
    values: list[str] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    strength: str = "hard"
    silent: bool = False
    local: bool = False
    note: str = ""
    points: list[str] = field(default_factory=list)
    key: str = ""
    url: str = ""
    parts: list[Row] = field(default_factory=list)

    @property
    def strength_word(self) -> str:
        """The Chinese word of the strength; "" for hard, which needs no word."""
        return "" if self.strength == "hard" else str(vocabulary.STRENGTHS[self.strength])


class Writer:
    """Makes rows for one profile and remembers which clauses have been cited already."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.cited: set[str] = set()

    def articles(self, cited: Any) -> list[Article]:
        """The articles of a cited thing; the first citation of a clause on the page is its anchor."""
        articles: list[Article] = []
        for clause in getattr(cited, "clauses", cited):
            text = wording.article(self.profile, clause)
            again = any(article.text == text for article in articles)
            articles.append(Article(text, clause, clause not in self.cited, again))
            self.cited.add(clause)
        return articles

    def leaf(self, label: Any, leaf: Leaf | None, codes: dict | None = None) -> Row:
        """A row for a leaf; a silent one says so."""
        if leaf is None or leaf.value is None:
            return Row(str(label), silent=True, articles=self.articles(leaf) if leaf else [])
        return Row(
            label=wording.words(leaf.title) or str(label),
            values=self.values(leaf.value, codes or {}, wording.unit_word(leaf.unit)),
            articles=self.articles(leaf),
            strength=leaf.strength,
            local=leaf.local,
            note=wording.words(leaf.note),
        )

    def values(self, value: Any, codes: dict, unit: str = "") -> list[str]:
        """A leaf's value as lines of text."""
        if isinstance(value, list):
            return [line for item in value for line in self.values(item, codes, unit)]
        if isinstance(value, Text):
            return [wording.words(value)]
        if isinstance(value, Option):
            return [wording.words(value.label)]
        if isinstance(value, dict) and "zh" in value:
            return [wording.words(Text.model_validate(value))]
        if isinstance(value, dict) and "label" in value:
            return self.values(value["label"], codes)
        if isinstance(value, dict):
            return [said(key, listed(self.values(inner, codes))) for key, inner in value.items()]
        if isinstance(value, str) and value in codes:
            return [str(codes[value])]
        if isinstance(value, Decimal | dt.date | bool | int | float):
            return [wording.show(value, unit=unit)]
        return [amount(value, unit)]

    def item(self, item: Item) -> Row:
        """A row for a point of a checklist."""
        return Row(
            label=wording.words(item.title),
            points=[wording.words(point.label) for point in item.points] + ([_("等")] if item.open else []),
            articles=self.articles(item),
            strength=item.strength,
            local=item.local,
            note=wording.words(item.note),
        )

    def number(self, value: Any, unit: str) -> str:
        """A figure that may come from a setting."""
        if isinstance(value, Ref):
            setting = self.profile.settings[value.setting]
            if setting.value is None:
                return _("按本单位设定（办法未规定）")
            return wording.show(setting.value, unit=unit) + (_("（本单位设定，可改）") if setting.local else "")
        return wording.show(value, unit=unit)

    def role(self, unit: str, role: str) -> str:
        """Who acts, in the regulation's own nouns where it has them."""
        if role == "graduate_office":
            return self.term("graduate_office")
        who = labels.ROLES.get(role, role)
        where = {"authority": "authority", "college": "college", "partner": "partner"}.get(vocabulary.column_of(unit))
        named = beside(self.term(where), who) if where else str(who)
        return _("各方：%(who)s") % {"who": named} if unit.startswith(vocabulary.PARTY) else named

    def term(self, code: str) -> str:
        """The regulation's own word for a noun, else the house's."""
        return wording.term(self.profile, code)
