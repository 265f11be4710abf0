"""Reads plain data (out of YAML) into frozen dataclasses and refuses what it does not know.

The annotations of the dataclass say what is allowed: `str`, `bool`, `int`, `float`, `Literal[...]`, `tuple[X, ...]`,
another dataclass, or `X | None`. A `str` takes a plain string or `{zh: ..., en: ...}` (papers print zh).
"""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from typing import Any


class LayoutError(ValueError):
    """A paper layout that cannot be used. The message starts with the place, e.g. `elements[2].grid.rows[0]`."""


class Shorthand:
    """Base of dataclasses that may be written shorter."""

    @staticmethod
    def shorthand(data: Any) -> Any:
        """The mapping that other data stand for."""
        raise NotImplementedError


class Parsed:
    """Base of what reads its data itself."""

    @classmethod
    def parse(cls, data: Any, where: str) -> Any:
        """What the data say. Raises LayoutError."""
        raise NotImplementedError


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def text_of(data: Any, where: str) -> str:
    """A text leaf: a string, a number, or `{zh: …}` of which zh is taken. Raises LayoutError."""
    if isinstance(data, dict):
        if set(data) - {"zh", "en"} or not isinstance(data.get("zh"), str):
            raise LayoutError(f"{where}: a text is a string or {{zh: …, en: …}}")
        return data["zh"]
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        raise LayoutError(f"{where}: text expected, got {data!r} (quote yes, no, on, off)")
    return str(data)


def build(cls: type, data: Any, where: str) -> Any:
    """One dataclass from a mapping, or from what a `Shorthand` turns into one.

    Raises LayoutError for unknown keys, missing keys and wrong types, naming the place.
    """
    if not isinstance(data, dict) and issubclass(cls, Shorthand):
        data = cls.shorthand(data)
    if not isinstance(data, dict):
        raise LayoutError(f"{where}: a mapping expected, got {type(data).__name__}")
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}
    if unknown := sorted(str(key) for key in data if key not in fields):
        raise LayoutError(f"{where}: unknown {', '.join(unknown)}; known: {', '.join(sorted(fields))}")
    hints, values = _hints(cls), {}
    for name, field in fields.items():
        if name in data:
            values[name] = convert(hints[name], data[name], f"{where}.{name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise LayoutError(f"{where}: {name} is missing")
    try:
        return cls(**values)
    except LayoutError as error:
        raise LayoutError(f"{where}: {error}") from None


def convert(hint: Any, data: Any, where: str) -> Any:
    """Read `data` as `hint` says. Raises LayoutError."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [argument for argument in typing.get_args(hint) if argument is not type(None)]
        return None if data is None else convert(inner[0], data, where)
    if origin is tuple:
        if not isinstance(data, list | tuple):
            raise LayoutError(f"{where}: a list expected, got {type(data).__name__}")
        return tuple(convert(typing.get_args(hint)[0], item, f"{where}[{at}]") for at, item in enumerate(data))
    if origin is typing.Literal:
        if data not in typing.get_args(hint):
            raise LayoutError(f"{where}: one of {', '.join(map(str, typing.get_args(hint)))} expected, got {data}")
        return data
    if hint is str:
        return text_of(data, where)
    if hint is bool:
        if not isinstance(data, bool):
            raise LayoutError(f"{where}: yes or no expected")
        return data
    if hint in (int, float):
        if isinstance(data, bool) or not isinstance(data, int | float) or (hint is int and data != int(data)):
            raise LayoutError(f"{where}: a number expected")
        return hint(data)
    if issubclass(hint, Parsed):
        return hint.parse(data, where)
    return build(hint, data, where)
