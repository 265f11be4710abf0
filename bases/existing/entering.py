"""Entering bases in bulk: units, bases, recognitions, agreements, what is due, what they bring along. All through the door.

`enter` makes one part of it inside the caller's transaction, with a number of statements that does not grow with its rows.
What speaks against a row has been asked before (`checking`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bases import ending, gates, signing
from bases.existing import history
from bases.existing.checking import Ready
from bases.models import Agreement, AgreementParty, Backfill, Base, Recognition
from bases.models.recognition import title_of
from casework import records
from casework.models import Record
from core import clock, ledger, serials
from core.calendar import term_end
from core.door import create_many, perform_many
from core.forms import store
from core.language import in_source_language
from core.models import FormAnswer, LedgerEntry
from regulations import catalogues, vocabulary
from regulations.settings import setting
from tenants.models import Organisation
from tenants.services.organisations import introduce_partners

PERMISSION = "bases.backfill"
MOVE = "enter_existing"
# Counters of their own: whoever numbers a base meanwhile does not wait for a long transaction.
BASE, RECOGNITION, AGREEMENT = "JDB", "RDB", "XYB"


class Entering:
    """The entry of one backfill by one actor. What holds for all its rows is found once."""

    def __init__(self, backfill: Backfill, actor: Any):
        self.backfill, self.actor = backfill, actor
        self.profile, self.correlation = backfill.profile, uuid.uuid4()
        self.today = clock.today()
        self._stages: dict[tuple, Sequence[int]] = {}
        self._signers: dict[int, list[tuple[str, str]]] = {}
        self._partners: dict[str, Organisation] = {}

    def enter(self, entries: Sequence[Ready]) -> dict[int, Recognition]:
        """Enter these; returns what they became by row."""
        if not entries:
            return {}
        with in_source_language():
            self._units(entries)
            bases = self._bases(entries)
            made = self._recognitions(entries, bases)
            agreements = self._agreements(entries, made)
            self._due(made, agreements)
            Record.objects.bulk_create(
                record
                for entry, row in zip(entries, made, strict=True)
                for record in history.records_of(entry, row, self.actor)
            )
            for row in made:
                records.begin(row, self.today)
        return {entry.written.number: row for entry, row in zip(entries, made, strict=True)}

    # --- units and bases -----------------------------------------------------------------------------------------------

    def _units(self, entries: Sequence[Ready]) -> None:
        """Register the partner units that nobody has registered yet, each once."""
        told = {}
        for entry in entries:
            if entry.partner is None and entry.uscc not in self._partners:
                written = entry.written
                told.setdefault(
                    entry.uscc,
                    {
                        "name": written.text("partner_name"),
                        "uscc": entry.uscc,
                        "partner_kind": written.text("partner_kind"),
                        "division": written.text("division"),
                    },
                )
        if told:
            self._partners |= {unit.uscc: unit for unit in introduce_partners(self.actor, list(told.values()))}
        for entry in entries:
            entry.partner = entry.partner or self._partners[entry.uscc]

    def _bases(self, entries: Sequence[Ready]) -> list[Base]:
        """The bases themselves; one that is there at another level is the same base."""
        names = catalogues.entries("degree_categories_2022")
        keys = [(entry.university.pk, entry.partner.pk, entry.written.text("category")) for entry in entries]
        there = {
            (base.university_id, base.partner_id, base.category_code): base
            for base in Base.objects.filter(
                university__in={key[0] for key in keys}, partner__in={key[1] for key in keys}
            )
        }
        fresh = [(key, entry) for key, entry in zip(keys, entries, strict=True) if key not in there]
        numbers = serials.numbers(BASE, self.today.year, len(fresh)) if fresh else []
        made = [
            Base(
                number=number,
                former_number=entry.written.text("former_number"),
                name=entry.written.text("name"),
                university=entry.university,
                college=entry.college,
                partner=entry.partner,
                category_code=key[2],
                category_name=names.get(key[2], ""),
                leader_name=entry.written.text("leader"),
            )
            for number, (key, entry) in zip(numbers, fresh, strict=True)
        ]
        Base.objects.bulk_create(made)
        there |= {(base.university_id, base.partner_id, base.category_code): base for base in made}
        return [there[key] for key in keys]

    # --- recognitions --------------------------------------------------------------------------------------------------

    def _recognitions(self, entries: Sequence[Ready], bases: Sequence[Base]) -> list[Recognition]:
        made = create_many(
            Recognition,
            [self._recognition(entry, base) for entry, base in zip(entries, bases, strict=True)],
            self.actor,
            permission=PERMISSION,
            within=self.backfill,
            series=RECOGNITION,
            year=self.today.year,
            on=lambda row: row.decided_on,
            correlation=self.correlation,
        )
        self._move(made, lambda row: row.active_on, lambda row: {"document_number": row.document_number})
        return made

    def _recognition(self, entry: Ready, base: Base) -> dict[str, Any]:
        written, owner = entry.written, self.backfill.owner
        start, end = self._construction(entry)
        return {
            "title": title_of(base, self.profile),
            "base": base,
            "regulation_version": self.backfill.regulation_version,
            "level": self.backfill.level,
            "backfill": self.backfill,
            "authority": owner if owner.kind == "department" else None,
            "university": entry.university,
            "college": entry.college or base.college,
            "partner": entry.partner,
            "decided_on": written.day("decided_on"),
            "document_number": written.text("document_number"),
            "published_on": written.day("published_on"),
            "starts_on": start,
            "ends_on": end,
            "active_on": self._active_on(entry),
            "plaque_on": written.day("plaque_on"),
            "plaque_to": written.text("plaque_to")
            or (written.text("partner_name") if written.day("plaque_on") else ""),
        }

    def _active_on(self, entry: Ready) -> dt.date:
        """The day from which it has been a base, as its regulation says; never before the decision."""
        when = self.profile.recognition.active_when
        key = {"published": "published_on", "signed": "signed_on", "plaqued": "plaque_on"}.get(
            when.value if when else ""
        )
        decided = entry.written.day("decided_on")
        return max(decided, entry.written.day(key) or decided) if key else decided

    def _construction(self, entry: Ready) -> tuple[dt.date | None, dt.date | None]:
        """First and last day of the construction period: as written, else as the regulation counts."""
        declared, written = self.profile.recognition.construction, entry.written
        if declared is None:
            return None, None
        key = {"published": "published_on", "signed": "signed_on", "effective": "agreement_from"}.get(
            declared.start.value if declared.start else "", "decided_on"
        )
        start = written.day("starts_on") or written.day(key) or written.day("decided_on")
        years = declared.years.value if declared.years is not None else None
        return start, written.day("ends_on") or (term_end(start, years=years) if years else None)

    # --- agreements ----------------------------------------------------------------------------------------------------

    def _agreements(self, entries: Sequence[Ready], recognitions: Sequence[Recognition]) -> list[Agreement]:
        """The agreements as they stand on paper, with their parties and what was written of them."""
        with_one = [pair for pair in zip(entries, recognitions, strict=True) if pair[0].written.day("signed_on")]
        made = create_many(
            Agreement,
            [self._agreement(entry, row) for entry, row in with_one],
            self.actor,
            permission=PERMISSION,
            within=self.backfill,
            series=AGREEMENT,
            year=self.today.year,
            on=lambda row: row.signed_on,
            correlation=self.correlation,
        )
        parties, forms = [], []
        for (entry, _row), agreement in zip(with_one, made, strict=True):
            parties += self._parties(entry, agreement)
            forms.append(self._form(entry, agreement))
        AgreementParty.objects.bulk_create(parties)
        FormAnswer.objects.bulk_create(forms)
        numbers = {
            row.pk: entry.written.text("agreement_number") for (entry, _r), row in zip(with_one, made, strict=True)
        }
        self._move(made, lambda row: row.signed_on, lambda row: {"original_number": numbers[row.pk]})
        return made

    def _agreement(self, entry: Ready, recognition: Recognition) -> dict[str, Any]:
        written = entry.written
        title = _("%(u)s与%(p)s合作协议") % {"u": entry.university.name, "p": entry.partner.name}
        return {
            "title": title[:200],
            "type": "recorded",
            "on_paper": True,
            "recognition": recognition,
            "backfill": self.backfill,
            "regulation_version": self.backfill.regulation_version,
            "university": entry.university,
            "college": recognition.college,
            "partner": entry.partner,
            "signed_on": written.day("signed_on"),
            "starts_on": written.day("agreement_from"),
            "ends_on": written.day("agreement_to"),
            "effective_on": written.day("agreement_from"),
        }

    def _parties(self, entry: Ready, agreement: Agreement) -> Iterable[AgreementParty]:
        for order, (side, code) in enumerate(self._signers_of(entry.university), 1):
            unit = getattr(agreement, vocabulary.SIGNERS.get(code, code), None)
            unit = unit or (agreement.university if side == "first" else agreement.partner)
            signatory = entry.written.text("signatories")[:60] if unit.kind == "partner" else ""
            yield AgreementParty(
                agreement=agreement,
                organisation=unit,
                side=side,
                order=order,
                signer=code,
                signatory=signatory,
                signed_on=agreement.signed_on,
            )

    def _signers_of(self, university: Organisation) -> list[tuple[str, str]]:
        """Side and signer's code of each party, as the profile names them; where a setting of the school decides and says
        nothing of this kind of base, the first that the profile names."""
        if university.pk not in self._signers:
            signers = []
            for declared in self.profile.agreement.parties:
                code = declared.signers[0]
                if declared.signer_setting is not None:
                    named = setting(self.profile, declared.signer_setting, university, self.today).value or {}
                    code = named.get(self.backfill.level) or code
                signers.append((declared.side, code))
            self._signers[university.pk] = signers
        return self._signers[university.pk]

    def _form(self, entry: Ready, agreement: Agreement) -> FormAnswer:
        """What stands on the paper, as the page of an agreement that was entered from paper shows it."""
        written = entry.written
        answers = {
            "signed_on": agreement.signed_on.isoformat(),
            "period": {"from": agreement.starts_on.isoformat(), "to": agreement.ends_on.isoformat()},
            "original_number": written.text("agreement_number"),
            "signatories": written.text("signatories"),
            "kept_at": written.text("kept_at"),
        }
        answers = {key: value for key, value in answers.items() if value}
        return FormAnswer(
            **FormAnswer.about_values(agreement),
            form=signing.RECORDED,
            round=1,
            revision=1,
            answers=answers,
            sha256=store.content_hash(answers),
            updated_by_id=self.actor.user_id,
            updated_name=self.actor.name,
        )

    # --- what follows --------------------------------------------------------------------------------------------------

    def _move(self, cases: list, on, data) -> None:
        perform_many(
            cases,
            MOVE,
            self.actor,
            permission=PERMISSION,
            within=self.backfill,
            on=on,
            data=lambda case: {**data(case), "backfill": self.backfill.number},
            correlation=self.correlation,
        )

    def _due(self, recognitions: Sequence[Recognition], agreements: Sequence[Agreement]) -> None:
        """What is owed from now on, as of a base that came by an application: the last day of its agreement, also one that
        has gone; the end of its construction period, if it is still to come."""
        rows = [self._row(ending.expiry_key(row.pk), ending.expiry_terms(row)) for row in agreements if row.ends_on]
        for row in recognitions:
            if row.ends_on is not None and row.ends_on >= self.today:
                rows.append(self._row(gates.construction_key(row.pk), gates.construction_terms(row)))
        LedgerEntry.objects.bulk_create(rows)

    def _row(self, key: str, terms: dict[str, Any]) -> LedgerEntry:
        asked = terms["organisation_id"], terms["kind"]
        if asked not in self._stages:
            self._stages[asked] = ledger.stages_of(*asked)
        return ledger.row(key, **terms, stages=self._stages[asked])
