"""A form with every type of field, what it asks the house, and answers that fit it."""

from __future__ import annotations

import copy
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from core.forms.spec import FormSpec, parse_form
from regulations import catalogues

ORGANISATIONS = {
    21: ("partner", "青岐市高原作物试验站（演示）"),
    22: ("partner", "青岐市良种繁育中心（演示）"),
    11: ("college", "农业科学学院（演示）"),
}

_FILE = yaml.safe_load((Path(__file__).parent / "sample.yaml").read_text(encoding="utf-8"))
DATA: dict[str, Any] = _FILE["form"]
SENTENCE = "基地面向农业硕士开展全过程实践训练，依托良种繁育与绿色防控平台，具备必要性与可行性。"
GOOD: dict[str, Any] = _FILE["answers"] | {"necessity": (SENTENCE * 20)[:500]}


def spec() -> FormSpec:
    return parse_form(copy.deepcopy(DATA))


class House:
    """Answers what cleaning and drawing ask: the organisations above, documents 1 to 9, the real catalogues."""

    def organisation(self, pk: int) -> Any:
        found = ORGANISATIONS.get(pk)
        return SimpleNamespace(pk=pk, kind=found[0], display_name=found[1]) if found else None

    def organisations(self, kinds: Collection[str]) -> list[tuple[int, str]]:
        return [(pk, name) for pk, (kind, name) in ORGANISATIONS.items() if not kinds or kind in kinds]

    def documents(self, pks: Collection[int]) -> dict:
        return {
            pk: SimpleNamespace(
                pk=pk, name=f"证明材料{pk}.pdf", uid=f"00000000-0000-0000-0000-00000000000{pk}", size=204800 * pk
            )
            for pk in pks
            if 0 < pk < 10
        }

    def catalogue(self, name: str) -> dict[str, str]:
        return catalogues.entries(name) if catalogues.known(name) else {}

    offered_codes = catalogue


def changed(**answers: Any) -> dict[str, Any]:
    """The good answers with some of them changed; None takes one away."""
    found = copy.deepcopy(GOOD) | answers
    return {key: value for key, value in found.items() if value is not None}
