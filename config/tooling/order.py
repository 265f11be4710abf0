"""The order inside the rooms, as `make check` holds it (docs/decisions/pages-apart-from-models.md).

- No circle of imports inside a room; an import inside a function counts as well.
- models < queries < services and papers < moves < pages < views: what stands further left reaches nothing further
  right, not even through others. A module without such a name stands where the highest that it reaches stands.
- An import inside a function says why on its line: `# noqa: PLC0415 - reason`. In `apps.py` the reason is always the
  same: a room gets ready once the models stand.
- A room names no kind of case of a higher room, as a text or, where attributes are no sections of the profile, as an
  attribute. A line that means something else by the same word says what: `# no case: a kind of list`.

Every function takes the house, which is read from the folder that holds the rooms: a test gives it a planted one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FLOORS = (
    "core",
    "tenants",
    "regulations",
    "casework",
    "bases",
    "trainees",
    "evaluations",
    "applications",
    "portal",
    "config",
)
SERVICES = 2
RANKS = {"models": 0, "queries": 1, "papers": SERVICES, "moves": 3, "pages": 4, "views": 5, "urls": 6}
NAMES = {rank: name for name, rank in RANKS.items()}
LIBRARIES = ("core.",)  # core's papers and pages are tools: they know no case
# Words that are a kind of case in a higher room and something else all over this one: a type of field, HTML's and
# Python's lists.
ORDINARY = {"core": {"organisation", "list"}, "tenants": {"list"}}
TEXTS_ONLY = ("regulations", "bases")  # their attributes are sections of the profile, and references kept as data
VOCABULARY = ("regulations.schema", "regulations.vocabulary")  # the words of profiles stand here
REASON = re.compile(r"#\s*noqa:\s*PLC0415 - \S.{3,}")
NO_CASE = re.compile(r"# no case: \S.{3,}")
ATTRIBUTES = ("call",)  # kinds whose word is also an ordinary attribute: read as a kind in texts only


@dataclass
class Module:
    """One file of a room: its name, what it imports of the house, and whether each import stands in a function."""

    name: str
    path: Path
    tree: ast.Module
    lines: list[str]
    imports: list[tuple[int, str, bool]] = field(default_factory=list)

    @cached_property
    def nodes(self) -> list[tuple[ast.AST, bool]]:
        """Every node of the file with whether it stands in a function."""
        return list(walk(self.tree))

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def rank(self) -> int | None:
        """Where its own name puts it, or None."""
        if self.name.startswith(LIBRARIES):
            return None
        return next((RANKS[part] for part in self.name.split(".") if part in RANKS), None)


class House:
    """All modules of the rooms below a folder."""

    def __init__(self, root: Path):
        self.root = root
        self.modules: dict[str, Module] = {}
        for room in FLOORS:
            for path in sorted((root / room).rglob("*.py")):
                if "migrations" in path.parts:
                    continue
                name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
                text = path.read_text(encoding="utf-8")
                self.modules[name] = Module(name, path, ast.parse(text), text.splitlines())
        for module in self.modules.values():
            module.imports = list(self._imports(module))

    def _imports(self, module: Module) -> Iterator[tuple[int, str, bool]]:
        for node, inside in module.nodes:
            for name in self._targets(module, node):
                if name != module.name:
                    yield node.lineno, name, inside

    def _targets(self, module: Module, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in self.modules)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.name.split(".")
                if module.path.name != "__init__.py":
                    package = package[:-1]
                package = package[: len(package) - node.level + 1]
                base = ".".join([*package, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in self.modules:
                    yield inner
                elif base in self.modules:
                    yield base

    def where(self, module: Module, line: int) -> str:
        return f"{module.path.relative_to(self.root)}:{line}"

    @cached_property
    def reaches(self) -> dict[str, int]:
        """The rank of every module: its own, or for one without a name the highest of what it imports."""
        ranks: dict[str, int] = {name: module.rank or 0 for name, module in self.modules.items()}
        changed = True
        while changed:
            changed = False
            for name, module in self.modules.items():
                if module.rank is None:
                    highest = max((ranks[target] for _line, target, _inside in module.imports), default=0)
                    if highest > ranks[name]:
                        ranks[name], changed = highest, True
        return ranks


def walk(tree: ast.AST, inside: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every node with whether it stands in a function; what only type checkers read is left out."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child, inside
        yield from walk(child, inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def circles(house: House) -> list[str]:
    """Circles of imports inside a room."""
    faults = []
    for room in FLOORS:
        graph = {
            name: {target for _line, target, _inside in module.imports if target.split(".")[0] == room}
            for name, module in house.modules.items()
            if module.room == room
        }
        faults += [f"{room}: {' → '.join([*circle, circle[0]])}" for circle in strongly_connected(graph)]
    return faults


def strongly_connected(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of nodes that all reach each other, by Tarjan's algorithm; single nodes are none."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            group = stack[at:]
            del stack[at:]
            if len(group) > 1:
                groups.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return groups


def upward(house: House) -> list[str]:
    """Imports that lead from what stands lower in the order to what stands higher."""
    faults = []
    for module in house.modules.values():
        if module.rank is None:
            continue
        for line, target, _inside in module.imports:
            reached = house.reaches[target]
            if reached > module.rank:
                own = NAMES[module.rank]
                faults.append(f"{house.where(module, line)}: {own} reach {NAMES[reached]} through {target}")
    return faults


def unexplained(house: House) -> list[str]:
    """Imports inside a function without a reason on their line."""
    faults = []
    for module in house.modules.values():
        if module.path.name == "apps.py":
            continue
        for node, inside in module.nodes:
            if inside and isinstance(node, ast.Import | ast.ImportFrom):
                line = module.lines[node.lineno - 1]
                if not REASON.search(line):
                    faults.append(f"{house.where(module, node.lineno)}: {line.strip()}")
    return faults


def kinds_by_room(house: House) -> dict[str, set[str]]:
    """The kinds of case that each room registers, as its models write them: `case_kind = "…"`."""
    kinds: dict[str, set[str]] = {room: set() for room in FLOORS}
    for module in house.modules.values():
        for node, inside in module.nodes:
            if inside or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
                continue
            named = any(isinstance(target, ast.Name) and target.id == "case_kind" for target in node.targets)
            if named and node.value.value and module.rank == 0:
                kinds[module.room].add(node.value.value)
    return kinds


def foreign_kinds(house: House) -> list[str]:
    """Places where a room names a kind of case of a higher room."""
    faults = []
    kinds = kinds_by_room(house)
    for number, room in enumerate(FLOORS):
        higher = (
            set().union(*(kinds[other] for other in FLOORS[number + 1 :])) - kinds[room] - ORDINARY.get(room, set())
        )
        for module in (member for member in house.modules.values() if member.room == room):
            if module.name.startswith(VOCABULARY):
                continue
            paths = places(module) if room == "regulations" else set()
            for node, _inside in module.nodes:
                word = _word(node, room in TEXTS_ONLY)
                if word in higher and id(node) not in paths and not NO_CASE.search(module.lines[node.lineno - 1]):
                    faults.append(f"{house.where(module, node.lineno)}: {word}")
    return sorted(set(faults))


def places(module: Module) -> set[int]:
    """The texts of a module that stand in tuples: places in the profile. What is compared with a tuple is none."""
    compared = {id(side) for node, _in in module.nodes if isinstance(node, ast.Compare) for side in node.comparators}
    tuples = [node for node, _inside in module.nodes if isinstance(node, ast.Tuple) and id(node) not in compared]
    return {id(part) for node in tuples for part in node.elts}


def _word(node: ast.AST, texts_only: bool) -> str:
    """The word by which a node could name a kind of case."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if texts_only:
        return ""
    if isinstance(node, ast.Attribute) and node.attr not in ATTRIBUTES:
        return node.attr
    if isinstance(node, ast.keyword) and node.arg and node.arg not in ATTRIBUTES:
        return node.arg
    return ""


CHECKS = {
    "circles of imports": circles,
    "order inside rooms": upward,
    "imports inside functions": unexplained,
    "kinds of case of higher rooms": foreign_kinds,
}


def faults(house: House) -> dict[str, list[str]]:
    """What each check finds, by its title."""
    return {title: check(house) for title, check in CHECKS.items()}
