"""§4.4 Agreement, plaque, construction."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from regulations import vocabulary
from regulations.schema.base import Cited, Column, Item, Key, Leaf, Level, Option, Ref, Scan, Strict, Text
from regulations.schema.consequences import Consequence
from regulations.schema.route import StepPaper


class AgreementClause(Cited):
    """A clause every agreement must hold; `text` is the template's wording (local), `group` joins keys."""

    key: Key
    title: Text
    group: str = ""
    help: Text | None = None
    text: Text | None = None


class Term(Strict):
    """Length of an agreement: `years` where one figure is given, `min_years`/`max_years` for a span."""

    years: Leaf[int] | None = None
    min_years: Leaf[int] | None = None
    max_years: Leaf[int] | None = None


class Copies(Cited):
    """How many originals, who holds one each."""

    number: int
    holders: list[Option] = []


class Party(Cited):
    """A side of the agreement and who may sign for it. Of several signers the setting `signer_setting` chooses, a map from
    the track of the base's application, or else its level, to the signer."""

    side: Literal["first", "second"]
    signers: list[Literal[tuple(vocabulary.SIGNERS)]]
    signer_setting: str | None = None

    @model_validator(mode="after")
    def _chosen(self):
        if len(self.signers) > 1 and self.signer_setting is None:
            raise ValueError("a side with several signers names the setting that chooses (signer_setting)")
        return self


class Template(Cited):
    """The standard text: title, opening and closing words. Clause wording stands at the clauses."""

    title: Text
    opening: Text | None = None
    closing: Text | None = None
    named: bool = True


class Agreement(Strict):
    """Agreement values. Its steps stand below `routes.agreement`. `ended`: what it leads to for the base when its last
    agreement has ended and none is in force."""

    title: Text | None = None
    order: Leaf[Literal[tuple(vocabulary.AGREEMENT_ORDERS)]] | None = None
    revise_after_recognition: Leaf[bool] | None = None
    parties: list[Party] = []
    term: Term | None = None
    clauses: list[AgreementClause] = []
    copies: Copies | None = None
    template: Template | None = None
    form: Leaf[Key] | None = None
    renew: Leaf[bool] | None = None
    expire: Leaf[Text] | None = None
    online_counts_as_seal: Ref | None = None
    paper: StepPaper | None = None
    ended: list[Consequence] = []


class Construction(Strict):
    """Construction period: length and the event it starts from."""

    years: Leaf[int] | None = None
    start: Leaf[Literal[tuple(vocabulary.PERIOD_FROM)]] | None = Field(default=None, alias="from")


class Plaque(Strict):
    """When a plaque is handed over, what it says, whether a certificate is printed with it."""

    when: Leaf[Literal[tuple(vocabulary.PLAQUE_WHEN)]] | None = None
    wording: Leaf[Text] | None = None
    certificate: Leaf[bool] | None = None


class Body(Cited):
    """A body of the base or the school (committee, working group) and who must be in it."""

    key: Key
    title: Text
    members: list[Option] = []
    leader: Text | None = None
    deputy: Text | None = None
    tasks: list[Option] = []


class Custody(Cited):
    """Who keeps a base's files and approvals: the originals, or copies of them."""

    key: Key
    title: Text
    kind: Literal["original", "copy"]
    unit: Column
    role: str

    @model_validator(mode="after")
    def _known(self):
        if self.role not in vocabulary.roles_of(self.unit):
            raise ValueError(f"no role «{self.role}» in unit «{self.unit}»")
        return self


class Output(Item):
    """What a base is to bring about while its agreement runs: so many entries of a record type (`at_least`; 0 where it is only
    counted), of these `codes` in the type's column `code`. Whoever first writes such records is reminded `remind_months`
    before the agreement ends, while some are missing."""

    record: Key | None = None
    codes: list[Key] = []
    at_least: int = Field(default=0, ge=0)
    remind_months: int | Ref | None = None

    @model_validator(mode="after")
    def _counted(self):
        if self.record is None and (self.codes or self.at_least or self.remind_months is not None):
            raise ValueError("which records are counted? (record: a key below records)")
        if self.remind_months is not None and not self.at_least:
            raise ValueError("a reminder needs a number that is missing (at_least)")
        return self


class Candidates(Cited):
    """Bases of this regulation may be marked as candidates for another programme: what that is called."""

    title: Text


class Recognition(Strict):
    """What recognition means under this regulation."""

    level: Leaf[Level]
    name: Leaf[Text] | None = None
    active_when: Leaf[Literal[tuple(vocabulary.ACTIVE_WHEN)]] | None = None
    document: Leaf[bool] | None = None
    construction: Construction | None = None
    plaque: Plaque | None = None
    bodies: list[Body] = []
    responsible_college: Leaf[int] | None = None
    outputs: list[Output] = []
    archive: list[Item] = []
    custody: list[Custody] = []
    source_recognition: Leaf[Level] | None = None
    candidates: Candidates | None = None


class ListKind(Cited):
    """A list of cases: who makes it, which notice publishes it. What holds it back, the rules say."""

    title: Text
    kind: Literal["recommended", "preliminary", "recognition"]
    unit: Column
    role: str
    notice: str | None = None
    paper: str | None = None


class NoticeKind(Cited):
    """A publicity notice: who publishes it, how long (null where the regulation is silent), objections."""

    title: Text
    kind: Literal["recommend", "recognise", "other"]
    unit: Column
    role: str
    days: Ref | Leaf[int] | None = None
    objections: bool = True
    paper: str | None = None


class PaperKind(Cited):
    """A paper the portal prints: its form or template, whether a stamped scan must come back."""

    title: Text
    template: str = ""
    form: str | None = None
    sheet: Literal["A4", "A3", "A3_booklet"] = "A4"
    font: str | None = None
    scan: Scan = "none"
    seal: Text | None = None
    copies: int | None = None
    holders: list[Option] = []
    keeper: Text | None = None
    layout: dict | None = None
