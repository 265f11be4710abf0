"""The text that a version keeps, and the profile that it says."""

from __future__ import annotations

import json
from typing import Any

from regulations.schema import Profile


def canonical(data: Any) -> str:
    """The text a version keeps: JSON without idle space, in the given order, Chinese as itself."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def parse(content: str) -> Profile:
    """The profile of a stored content. Raises pydantic.ValidationError for content that no schema accepted."""
    return Profile.model_validate(json.loads(content))
