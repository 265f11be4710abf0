"""What the portal knows already of what a form asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import clock
from regulations import wording
from regulations.context import RuleContext
from regulations.schema import Profile
from regulations.schema.base import Prefill


def prefilled(profile: Profile, case, entries: Iterable[Prefill]) -> dict[str, Any]:
    """The fields that the profile fills in beforehand, with today's values as forms keep them; what nobody knows is
    left out."""
    facts = RuleContext(profile, case, clock.today())
    values = {entry.field: wording.plain(facts.value(entry.fact)) for entry in entries}
    return {key: value for key, value in values.items() if value is not None}
