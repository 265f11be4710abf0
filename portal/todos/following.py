"""下一件: after an act, the next to-do of the same sort, and how many are left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from casework.views.said import Acted
from core import door
from portal.todos.gather import counted, first_lines, lead_into_steps
from portal.todos.rows import Todo, column
from portal.todos.source import SOURCES, Source
from tenants.models import ScopedCase

LOOKED_AT = 20  # to-dos among which the first that the reader may open is looked for


@dataclass(frozen=True)
class Following:
    """What comes after an act: `todo` the next of the same sort, None where none is left; `left` how many there are."""

    todo: Todo | None
    left: int


def following(membership, acted: Acted) -> Following | None:
    """The to-do that comes after an act: of the sources whose to-dos such an act does, alike in what its source says, the
    oldest deadline first; never the one just done, never one whose case the reader does not see. None for an act that
    does no to-do. A fixed number of queries, whatever the number of to-dos.
    """
    sources = [source for source in SOURCES.values() if acted.code in source.acts]
    if membership is None or not sources:
        return None
    branches = [_others(rows, source, acted) for source in sources for rows in source.lines(membership)]
    judged = [todo for source in sources for todo in source.todos(membership) if _is_other(todo, source, acted)]
    left = counted(branches, judged).total
    if not left:
        return Following(None, 0)
    rows = [SOURCES[line.source].todo(line) for line in first_lines(branches, LOOKED_AT)] + judged
    rows = sorted(rows, key=lambda todo: todo.order)[:LOOKED_AT]
    open_to_reader = _seen(rows, membership)
    lead_into_steps(rows, membership)
    shown = [todo for todo in rows if (todo.case_kind, todo.case_id) in open_to_reader]
    return Following(shown[0] if shown else None, left - len(rows) + len(shown))


def _others(rows, source: Source, acted: Acted):
    """The lines alike, but for the one just done."""
    like = {column(name): getattr(acted, name) for name in source.alike}
    same = {column("case_kind"): acted.case_kind, column("case_id"): acted.case_id}
    done = Q(**same, **{f"{column('step_key')}__in": ("", acted.step_key)})
    return rows.filter(**like).exclude(done)


def _is_other(todo: Todo, source: Source, acted: Acted) -> bool:
    alike = all(getattr(todo, name) == getattr(acted, name) for name in source.alike)
    return alike and (todo.case_kind, todo.case_id) != (acted.case_kind, acted.case_id)


def _seen(rows: Iterable[Todo], membership) -> set[tuple[str, int]]:
    """The cases behind these to-dos that exist for the reader. A query for each kind."""
    by_kind: dict[str, set[int]] = {}
    for todo in rows:
        by_kind.setdefault(todo.case_kind, set()).add(todo.case_id)
    seen = set()
    for kind, ids in by_kind.items():
        model = door.case_model(kind)
        if model is not None and issubclass(model, ScopedCase):
            rows = model.objects.visible_to(membership).filter(pk__in=ids)
            seen |= {(kind, pk) for pk in rows.values_list("pk", flat=True)}
    return seen
