"""What is made from a regulation version's text, made once per process: the text under a hash never changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any


@dataclass(frozen=True)
class _Text:
    """A version's text in whichever row it was found: rows with the same hash are the same key."""

    sha256: str
    version: Any = field(compare=False)


def per_version(size: int) -> Callable[[Callable], Callable]:
    """Decorator: keep what a function makes of a version (with a hash) and further hashable arguments, the last `size`.

    Only for what follows from these alone. What reads the language has to take it as an argument.
    """

    def keep(make: Callable) -> Callable:
        @lru_cache(maxsize=size)
        def made(text: _Text, *rest: Any) -> Any:
            return make(text.version, *rest)

        @wraps(make)
        def ask(version: Any, *rest: Any) -> Any:
            return made(_Text(version.sha256, version), *rest)

        return ask

    return keep
