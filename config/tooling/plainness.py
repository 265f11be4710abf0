"""Plain names and short files, as `make check` holds them.

- A variable says what it holds: none is called `found` or `one`, neither by assignment, loop, comprehension nor parameter.
- A file of more than about 400 lines becomes a package with one file per idea.

Every function takes the house that `config.tooling.order` reads: the rooms without their migrations. Tests are no rooms.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.tooling.order import House

EMPTY = ("found", "one")  # would fit every variable
MOST = 420  # lines: some way above 400, so that a correction need not become a split


def empty_names(house: House) -> list[str]:
    """Variables whose name says nothing."""
    return [
        f"{house.where(module, node.lineno)}: {name}"
        for module in house.modules.values()
        for node, _inside in module.nodes
        if (name := _bound(node)) in EMPTY
    ]


def _bound(node: ast.AST) -> str | None:
    """The name that a node binds; None for a node that binds none."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return node.id
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return node.name
    return node.asname if isinstance(node, ast.alias) else None


def long_files(house: House) -> list[str]:
    """Files that hold more than one idea."""
    return [
        f"{module.path.relative_to(house.root)}: {len(module.lines)} lines, at most {MOST}"
        for module in house.modules.values()
        if len(module.lines) > MOST
    ]


CHECKS = {"names that say nothing": empty_names, "long files": long_files}


def faults(house: House) -> dict[str, list[str]]:
    """What each check finds, by its title."""
    return {title: check(house) for title, check in CHECKS.items()}
