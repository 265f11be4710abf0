"""YAML read with line numbers: plain values, and where in which file each of them stands.

Stricter than YAML: keys are strings, no key twice in a mapping, booleans are `true` and `false` only (so that the
key `on` stays a key), dates become ISO text.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PathKey = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a profile: `file:line: message`."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Source:
    """Merged content of one or more files, and the place of every key and item."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[PathKey, tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: PathKey) -> tuple[str, int]:
        """File and line of a path; of its nearest known ancestor where the path itself is not in the text."""
        path = tuple(path)
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", 1))

    def fault(self, path: PathKey, message: str) -> None:
        """Add a fault at a path."""
        self.faults.append(Fault(*self.place(path), message))


class _Loader(yaml.CSafeLoader):
    """SafeLoader, of libyaml (ten times as fast), with YAML 1.2 booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_files(paths: list[Path], root: Path | None = None) -> Source:
    """Read and merge files by top-level key. Faults are collected, never raised."""
    source = Source()
    for path in paths:
        _merge(source, path, str(path.relative_to(root)) if root and path.is_relative_to(root) else str(path))
    return source


def read_text(text: str, name: str = "<text>") -> Source:
    """Read one text."""
    source = Source()
    _merge_text(source, text, name)
    return source


def _merge(source: Source, path: Path, name: str) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        source.faults.append(Fault(name, 1, f"cannot be read: {error}"))
        return
    _merge_text(source, text, name)


def _merge_text(source: Source, text: str, name: str) -> None:
    source.places.setdefault((), (name, 1))
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source.faults.append(Fault(name, line, f"not YAML: {error.problem or error.context}"))
        return
    except yaml.YAMLError as error:
        source.faults.append(Fault(name, 1, f"not YAML: {error}"))
        return
    finally:
        loader.dispose()
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        source.faults.append(Fault(name, node.start_mark.line + 1, "a profile is a mapping"))
        return
    reader = _Reader(source, name)
    for key_node, value_node in reader.pairs(node):
        key, line = key_node.value, key_node.start_mark.line + 1
        present = source.data.get(key)
        if isinstance(value_node, yaml.SequenceNode) and isinstance(present, list):
            reader.extend(present, value_node, (key,))
        elif isinstance(value_node, yaml.MappingNode) and isinstance(present, dict):
            for inner_key, inner in reader.pairs(value_node):
                before = present.get(inner_key.value)
                if isinstance(before, list) and isinstance(inner, yaml.SequenceNode):
                    reader.extend(before, inner, (key, inner_key.value))
                    continue
                if inner_key.value in present:
                    line = inner_key.start_mark.line + 1
                    source.faults.append(Fault(name, line, f"key «{key}.{inner_key.value}» stands twice"))
                    continue
                source.places[(key, inner_key.value)] = (name, inner_key.start_mark.line + 1)
                present[inner_key.value] = reader.value(inner, (key, inner_key.value))
        elif key in source.data:
            source.faults.append(Fault(name, line, f"key «{key}» stands twice"))
        else:
            source.places[(key,)] = (name, line)
            source.data[key] = reader.value(value_node, (key,))


class _Reader:
    def __init__(self, source: Source, name: str):
        self.source, self.name = source, name
        self.constructor = yaml.constructor.SafeConstructor()
        self.open: list[yaml.Node] = []

    def pairs(self, node: yaml.MappingNode) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """Keys and values of a mapping; non-text keys and repeated keys become faults."""
        kept, seen = [], set()
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.source.faults.append(Fault(self.name, line, "a key is a text"))
            elif key_node.tag == "tag:yaml.org,2002:merge":
                self.source.faults.append(Fault(self.name, line, "merge keys (<<) are not used in profiles"))
            elif key_node.value in seen:
                self.source.faults.append(Fault(self.name, line, f"key «{key_node.value}» stands twice"))
            else:
                seen.add(key_node.value)
                kept.append((key_node, value_node))
        return kept

    def value(self, node: yaml.Node, path: PathKey) -> Any:
        """The plain value of a node; records where it and everything inside it stands."""
        self.source.places.setdefault(path, (self.name, node.start_mark.line + 1))
        if any(node is outer for outer in self.open):
            self.source.fault(path, "an alias contains itself")
            return None
        self.open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                mapping = {}
                for key_node, inner in self.pairs(node):
                    inner_path = (*path, key_node.value)
                    self.source.places[inner_path] = (self.name, key_node.start_mark.line + 1)
                    mapping[key_node.value] = self.value(inner, inner_path)
                return mapping
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self.open.pop()

    def extend(self, present: list, node: yaml.SequenceNode, path: PathKey) -> None:
        """Put the items of a list of this file after those of the files before."""
        base = len(present)
        present.extend(self.value(item, (*path, base + offset)) for offset, item in enumerate(node.value))

    def _scalar(self, node: yaml.ScalarNode, path: PathKey) -> Any:
        try:
            value = self.constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.source.fault(path, f"not a value: {error}")
            return None
        if isinstance(value, dt.date | dt.datetime):
            return value.isoformat()
        if value is None or isinstance(value, str | int | float | bool):
            return value
        self.source.fault(path, f"a value of type {type(value).__name__} has no place in a profile")
        return None
