"""What a confirmation of an agreement covers: its parties and terms. It names the facts that the text rests on."""

from __future__ import annotations

from bases import drafttext
from core.forms import content


def document_of(agreement) -> dict:
    """What is confirmed, whole."""
    spec = drafttext.form_spec(agreement)
    parties = agreement.parties.order_by("side", "order", "pk").values_list("side", "organisation_id", "signer")
    return {
        "terms": content.answers_that(spec, drafttext.answers_of(agreement), "term"),
        "parties": [list(party) for party in parties],
        "facts": [*content.keys_of(spec, "fact"), "party.name", "party.uscc"],
    }


def terms_hash(agreement) -> str:
    """The hash of what is confirmed: another one after any change of a term or of a party."""
    return content.digest(document_of(agreement))


def facts_of(agreement) -> dict[str, str]:
    """The facts that the text rests on, by name: those of the form, and the names and codes of the parties."""
    given = content.answers_that(drafttext.form_spec(agreement), drafttext.answers_of(agreement), "fact")
    facts = {key: str(value) for key, value in given.items()}
    for party in agreement.parties.select_related("organisation__parent"):
        facts[f"party.{party.organisation_id}.name"] = party.name
        facts[f"party.{party.organisation_id}.uscc"] = party.organisation.uscc
    return facts
