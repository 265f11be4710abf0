"""Who signs an agreement and who holds an original: what a profile may say of it, and what is refused, tried on CZMC's."""

from __future__ import annotations

import pytest

from tests.regulations.test_rectifications import faults

PARTY = "agreement", "parties", 0


def at(content: dict, *path):
    for part in path:
        content = content[part]
    return content


@pytest.mark.parametrize(
    "change,said",
    [
        pytest.param(lambda c: at(c, *PARTY).pop("signer_setting"), "several signers", id="no setting chooses"),
        pytest.param(
            lambda c: at(c, *PARTY).update(signer_setting="agreement.online_counts_as_seal"),
            "it has to be a map",
            id="a setting that is no map",
        ),
        pytest.param(
            lambda c: at(c, "settings", "agreement.signer", "options").pop(),
            "offers other signers",
            id="the map knows fewer signers",
        ),
        pytest.param(lambda c: at(c, *PARTY).update(signers=["university", "dean"]), "signers", id="no such signer"),
        pytest.param(
            lambda c: at(c, "agreement", "copies").update(number=2), "3 steps of kind receipt", id="two originals"
        ),
        pytest.param(
            lambda c: at(c, "settings", "agreement.signer").update(value={"nursing": "college"}),
            "nursing",
            id="a kind of base that is none",
        ),
        pytest.param(
            lambda c: at(c, "recognition", "custody", 0).update(role="dean"), "no role «dean»", id="no such keeper"
        ),
    ],
)
def test_what_cannot_work_is_refused(change, said):
    messages = faults("czmc", change)
    assert any(said in message for message in messages), messages


def test_a_map_of_known_kinds_is_taken():
    assert (
        faults("czmc", lambda c: at(c, "settings", "agreement.signer").update(value={"clinical": "university"})) == []
    )
