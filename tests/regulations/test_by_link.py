"""Which steps a profile may let somebody without an account close by a link, tried on CZMC's."""

from __future__ import annotations

import pytest

from tests.regulations.test_rectifications import faults


def step(content: dict, key: str = "partner_confirmation") -> dict:
    return next(row for row in content["routes"]["agreement"] if row["key"] == key)


@pytest.mark.parametrize(
    "change,said",
    [
        pytest.param(
            lambda c: (step(c).update(by_link=True), c["settings"].pop("agreement.confirm_by_link")),
            None,
            id="whatever the school says",
        ),
        pytest.param(lambda c: step(c).update(kind="endorse"), None, id="an opinion"),
        pytest.param(lambda c: step(c, "copy_base").update(by_link=True), "receipt is not closed by a link", id="kind"),
        pytest.param(
            lambda c: step(c, "office_check").update(by_link=True),
            "whoever acts for the university",
            id="with an account",
        ),
        pytest.param(
            lambda c: step(c).update(paper={"scan": "scan"}), "the step asks for more (paper)", id="a stamped paper"
        ),
        pytest.param(
            lambda c: step(c).update(evidence=[{"code": "proof", "label": "证明"}]),
            "asks for more (evidence)",
            id="files",
        ),
        pytest.param(
            lambda c: step(c).update(by_link={"setting": "agreement.confirm"}),
            "no setting «agreement.confirm»",
            id="none",
        ),
        pytest.param(
            lambda c: c["settings"]["agreement.confirm_by_link"].update(type="integer", value=1),
            "it has to be a boolean",
            id="a number",
        ),
    ],
)
def test_what_a_link_cannot_do_is_refused(change, said):
    messages = faults("czmc", change)
    assert (said is None and not messages) or any(said in message for message in messages), messages
