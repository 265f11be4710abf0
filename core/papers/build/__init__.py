"""From elements and context to what the templates print: plain dictionaries of finished strings.

Nothing here is markup; the templates escape every string. Measures become generated style rules (numbers only).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.papers import elements as el
from core.papers.auto import section_elements
from core.papers.build.agreements import Agreements
from core.papers.build.blocks import Blocks
from core.papers.build.tables import Tables
from core.papers.layout import kind_of


class Builder(Blocks, Tables, Agreements):
    """Turns the elements of one paper into dictionaries for the templates."""

    def build(self, elements: tuple[Any, ...]) -> list[dict[str, Any]]:
        """All elements in order; a form's section becomes several."""
        built = []
        for element in elements:
            if isinstance(element, el.Section):
                built += self.build(section_elements(element, self.context.form))
                continue
            kind = kind_of(element)
            make: Callable[[Any], dict[str, Any]] = getattr(self, kind)
            built.append({"kind": kind, "template": f"core/papers/elements/{kind}.html", **make(element)})
        return built
