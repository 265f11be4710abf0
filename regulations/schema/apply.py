"""§4.2 Application: who may apply, with what, under which conditions, every dimension of the table."""

from __future__ import annotations

from typing import Literal

from regulations import vocabulary
from regulations.schema.base import Actor, Cited, Item, Key, Leaf, Option, Prefill, Strict, Text
from regulations.schema.route import Condition

PartnerKind = Literal[tuple(vocabulary.PARTNER_KINDS)]
ApplicantCode = Literal["college", "programme", "graduate_office", "university", "partner"]
AnchorKind = Literal["degree_category", "discipline", "programme", "specialty"]
InputSide = Literal["university", "partner"]


class Track(Cited):
    """One way of applying. Steps may be limited to tracks; the application carries its track's key. `when`: what the facts of
    the application have to be, for those to whom several are open."""

    key: Key
    title: Text
    applicant: list[ApplicantCode] = []
    when: Condition | None = None
    priority: bool = False
    note: Text | None = None

    def open_to(self, column: str) -> bool:
        """Whether the organisation in a column may apply so: it is named, or nobody is (CZMC-3.1)."""
        return not self.applicant or bool(vocabulary.APPLY_AS.get(column, set()) & set(self.applicant))


class Applicant(Strict):
    """What the applying institution must be (NM-6a)."""

    kinds: Leaf[list[Literal["university", "research_institute"]]] | None = None
    region: Leaf[str] | None = None
    professional_degree: Leaf[bool] | None = None


class Call(Strict):
    """The call: how often, who opens it, which windows. Dates belong to the call itself."""

    per_year: Leaf[int] | None = None
    opened_by: Actor | None = None
    window: Leaf[bool] | None = None


class Quota(Cited):
    """Who sets how many applications a unit may put forward, from which factors (NM-6b)."""

    set_by: Actor
    per: Literal["university", "college"]
    factors: list[Option] = []
    formula: None = None


class Attachment(Cited):
    """A paper that goes with the application; `field` is the form field that takes it."""

    key: Key
    title: Text
    min_files: int = 1
    field: str = ""
    open: bool = False


class Partner(Strict):
    """What the partner unit must be."""

    kinds: Leaf[list[PartnerKind]] | None = None
    open: bool = False
    legal_person: Leaf[bool] | None = None
    max: Leaf[int] | None = None


class Anchor(Strict):
    """What a base is tied to, how many of it, checked against which catalogue."""

    kinds: Leaf[list[AnchorKind]] | None = None
    count: Leaf[int] | None = None
    catalogue: Leaf[str] | None = None


class Conditions(Strict):
    """Conditions of entry. `items` is the checklist in the order of the text; the rest are its figures."""

    coop_years: Leaf[int] | None = None
    students: Leaf[int] | None = None
    input_sides: Leaf[list[InputSide]] | None = None
    agreement_first: Leaf[bool] | None = None
    items: list[Item] = []
    clinical: Leaf[Text] | None = None
    facilities: Leaf[list[Option]] | None = None
    rules: Leaf[list[Option]] | None = None
    funds: Leaf[Text] | None = None


class Apply(Strict):
    """§4.2. `null` in any place = the regulation is silent."""

    actor: Leaf[list[ApplicantCode]] | None = None
    tracks: list[Track] = []
    applicant: Applicant | None = None
    call: Call | None = None
    quota: Quota | None = None
    form: Leaf[Key] | None = None
    prefill: list[Prefill] = []
    attachments: list[Attachment] = []
    partner: Partner | None = None
    anchor: Anchor | None = None
    cond: Conditions | None = None
    priority: list[Item] = []
    tags: list[Item] = []
