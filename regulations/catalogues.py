"""Official code lists that rules compare with: code -> name.

The lists themselves are data of the forms (core); this is the one place rules read them from.
"""

from __future__ import annotations

from collections.abc import Callable

_SOURCES: dict[str, Callable[[], dict[str, str]]] = {}


def register(name: str, source: Callable[[], dict[str, str]]) -> None:
    """Add a list under a name; `source()` returns code -> name and is called when first asked."""
    _SOURCES[name] = source


def known(name: str) -> bool:
    """Whether there is a list of that name."""
    return name in _SOURCES or name in _of_the_forms()


def entries(name: str) -> dict[str, str]:
    """The list, code -> name. Raises KeyError for an unknown name."""
    if name in _SOURCES:
        return _SOURCES[name]()
    if name in _of_the_forms():
        from core.forms import catalogues

        return catalogues.entries(name)
    raise KeyError(name)


def _of_the_forms() -> set[str]:
    try:
        from core.forms import catalogues
    except ImportError:
        return set()
    return set(catalogues.names())
