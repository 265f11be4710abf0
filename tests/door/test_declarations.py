"""The door and its declarations: one table. That there is no other way in, `test_guard` shows."""

from __future__ import annotations

import pytest

from applications.models import Application
from config.management.commands import moves as command
from core import door
from tenants import permissions, roles


def test_the_committed_table_is_what_the_declarations_say():
    """state × move × role, exhaustive: a changed declaration changes the committed table, which somebody reads."""
    assert command.TABLE.read_text(encoding="utf-8") == command.table()
    assert command.DIAGRAMS.read_text(encoding="utf-8") == command.diagrams()


def test_the_table_knows_every_state_and_move():
    rows = door.table(permissions.roles_with)
    for kind, model in door.kinds().items():
        states = {code for code, _label in model._meta.get_field("state").choices}
        declared = door.moves(model)
        assert declared, kind
        for code, move in declared.items():
            assert set(move.sources) <= states, (kind, code)
            assert set(move.targets or ()) <= states, (kind, code)
            assert {row[1] for row in rows if row[0] == kind and row[2] == code} == set(move.sources)


def test_every_move_is_somebodys():
    """A move that no role, job or member of the public may make is dead code; a role that does not exist is a fault."""
    known = {f"{kind}.{role}" for kind, named in roles.ROLES.items() for role in named} | {"system", "public"}
    for kind, _state, code, _target, who in door.table(permissions.roles_with):
        assert who, (kind, code)
        assert set(who.split()) <= known, (kind, code)


def test_a_protected_state_cannot_be_assigned():
    application = Application(title="x")
    with pytest.raises(AttributeError):
        application.state = "approved"
