"""The parties of an agreement: those of its columns, further ones on either side, and how one takes another's place.

Each party is a row, in order; each confirms and signs. A party that has no column of its own gets a dated part in the case,
which opens the agreement to it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bases import drafttext
from bases.models import Agreement, AgreementParty
from casework import amendments
from casework.specs import field, form, options, reason
from core import clock
from core.door import Act
from core.findings import Finding
from core.forms import store
from core.forms.content import Change
from tenants.models import Organisation, Party

SECTION = "parties"


def enter(agreement: Agreement, side: str, unit: Organisation, signer: str, signatory: str = "") -> AgreementParty:
    """Enter a party after the others of its side, and open the agreement to it."""
    row, _new = AgreementParty.objects.get_or_create(
        agreement=agreement,
        organisation=unit,
        defaults={
            "side": side,
            "order": agreement.parties.filter(side=side).count() + 1,
            "signer": signer,
            "signatory": signatory,
        },
    )
    if unit.pk not in _columns(agreement):
        part = {**Party.about_values(agreement), "organisation": unit, "role": unit.column, "until_on": None}
        Party.objects.get_or_create(**part, defaults={"from_on": clock.today(), "reason": _("协议签约方")})
    return row


def follow(agreement: Agreement, source) -> None:
    """Take over the further partners of the application or base that the agreement is made for, or of the agreement that it
    follows: who takes part is a party."""
    if source is None:
        return
    known = set(agreement.parties.values_list("organisation_id", flat=True))
    if isinstance(source, Agreement):
        for row in source.parties.select_related("organisation"):
            if row.organisation_id not in known and row.organisation.kind == "partner":
                enter(agreement, row.side, row.organisation, row.signer, row.signatory)
        return
    rows = Party.about(source).filter(role="partner", until_on=None).select_related("organisation").order_by("pk")
    for row in rows:
        if row.organisation_id not in known:
            enter(agreement, "second", row.organisation, "partner")


def leave(agreement: Agreement, row: AgreementParty) -> None:
    """Take a party out: from tomorrow on the agreement is open to it no more, unless one of its columns names it."""
    open_parts = Party.about(agreement).filter(role=row.organisation.column, until_on=None)
    open_parts.filter(organisation=row.organisation_id).update(until_on=clock.today())
    row.delete()


def put_back(agreement: Agreement, before: Agreement) -> None:
    """The parties as they stand in another text, each with its side, its place and who signs; whoever stands in this one
    alone leaves it. What was confirmed is not touched."""
    stays = set(before.parties.values_list("organisation_id", flat=True))
    for row in agreement.parties.exclude(organisation_id__in=stays).select_related("organisation"):
        leave(agreement, row)
    agreement.partner = before.partner
    for party in before.parties.select_related("organisation"):
        row = enter(agreement, party.side, party.organisation, party.signer)
        for name in ("side", "order", "signer", "signatory"):
            setattr(row, name, getattr(party, name))
        row.save(update_fields=["side", "order", "signer", "signatory"])


def _columns(agreement: Agreement) -> set[int | None]:
    return {agreement.university_id, agreement.college_id, agreement.partner_id}


# --- the moves -----------------------------------------------------------------------------------------------------


def add_form(agreement: Agreement, actor, data, subject) -> dict:
    """A further party, or one that takes the place of another."""
    pairs = [(row.pk, str(row)) for row in agreement.parties.select_related("organisation__parent")]
    return form(
        "add_party",
        _("增加或更换签约方"),
        field(
            "unit",
            "organisation",
            _("单位"),
            kinds=["partner", "college"],
            help=_("没有要找的单位时，请先在“合作单位”中新增。"),
        ),
        field("side", "choice", _("在哪一方"), options=options([("second", _("乙方")), ("first", _("甲方"))])),
        field("signatory", "text", _("签字人"), required=False, max_chars=40),
        field(
            "instead_of",
            "choice",
            _("替换哪一签约方"),
            required=False,
            options=options(pairs),
            help=_("不填则为增加。"),
        ),
        reason(),
        *_aware(agreement),
    )


def remove_form(agreement: Agreement, actor, data, subject) -> dict:
    pairs = [(row.pk, str(row)) for row in removable(agreement)]
    return form(
        "remove_party",
        _("移除签约方"),
        field("party", "choice", _("签约方"), options=options(pairs)),
        reason(),
        *_aware(agreement),
    )


def _aware(agreement: Agreement) -> list[dict]:
    """Nothing is confirmed of a draft."""
    return [] if agreement.state == "draft" else [amendments.aware()]


def removable(agreement: Agreement) -> list[AgreementParty]:
    """Parties that are not the only one of their side."""
    rows = list(agreement.parties.select_related("organisation__parent"))
    return [row for row in rows if sum(other.side == row.side for other in rows) > 1]


def _replaced(agreement: Agreement, act: Act) -> AgreementParty | None:
    chosen = act.data.get("instead_of") or act.data.get("party")
    return agreement.parties.filter(pk=int(chosen)).select_related("organisation__parent").first() if chosen else None


def _unit(act: Act) -> Organisation | None:
    return Organisation.objects.filter(pk=int(act.data["unit"])).first() if act.data.get("unit") else None


def changes(agreement: Agreement, act: Act) -> list[Change]:
    """The change as a difference: a party is a term."""
    old, unit = _replaced(agreement, act), _unit(act)
    side = old.side if old is not None else act.data.get("side") or "second"
    label = str(dict(AgreementParty._meta.get_field("side").choices)[side])
    new = AgreementParty(organisation=unit, side=side, signer=_signer(unit)).name if unit is not None else "—"
    return [Change(SECTION, f"party.{side}", label, "term", old.name if old is not None else "—", new)]


def _signer(unit: Organisation) -> str:
    return "college" if unit.kind == "college" else "partner"


def findings(agreement: Agreement, act: Act) -> list[Finding]:
    """No unit stands twice in one agreement, a side keeps one party; and who confirmed the others has to confirm again."""
    unit, old = _unit(act), _replaced(agreement, act)
    if unit is not None and agreement.parties.filter(organisation=unit).exists():
        return [Finding("", "hard", _("%(u)s已是本协议的签约方。") % {"u": unit.display_name}, {}, field="unit")]
    if unit is None and old is not None and old not in removable(agreement):
        return [Finding("", "hard", _("一方至少保留一个签约单位，请改为更换。"), {}, field="party")]
    if unit is None and old is None:
        return []  # the form has said what is missing
    if agreement.state == "draft":
        return []
    return amendments.findings(agreement, "agreement", changes(agreement, act), act)


def change(agreement: Agreement, act: Act) -> str:
    """Make the change; returns the stage in which the agreement goes on."""
    made = changes(agreement, act)
    if agreement.state == "draft":
        _put(agreement, act)
        act.facts["changes"] = [change.as_data() for change in made]
        return "draft"
    return amendments.amend(agreement, act, "party", "agreement", made, lambda: _put(agreement, act))


def _put(agreement: Agreement, act: Act) -> None:
    old, unit = _replaced(agreement, act), _unit(act)
    side = old.side if old is not None else act.data.get("side") or "second"
    order = old.order if old is not None else None
    if old is not None:
        left = old.organisation_id
        leave(agreement, old)
        if left == agreement.partner_id:
            rest = agreement.parties.filter(organisation__kind="partner").first()
            agreement.partner = unit if unit is not None and unit.kind == "partner" else rest.organisation
    if unit is not None:
        row = enter(agreement, side, unit, _signer(unit), act.data.get("signatory") or "")
        if order is not None:
            row.order = order
            row.save(update_fields=["order"])
    _contacts(agreement, act)


def _contacts(agreement: Agreement, act: Act) -> None:
    """Whom to reach: a row for each party; what was typed for those that stay, stays."""
    row = store.load(agreement, "agreement")
    answers = dict(row.answers) if row else {}
    typed = {line.get("unit"): line for line in answers.get("contacts") or []}
    parties = agreement.parties.select_related("organisation__parent")
    answers["contacts"] = [typed.get(party.name) or drafttext.contact_row(party) for party in parties]
    store.save(agreement, "agreement", agreement.round, answers, row.revision if row else 0, act.actor)
