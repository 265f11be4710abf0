"""What the database itself refuses to the table of a kind of case, on SQLite and PostgreSQL alike.

Whatever the code says, a state or version changes only where the log holds the line of a move that leads from the old
state to the new one and to the next version; a case is born in its first state; and none is deleted. So the door is
the only way, also for `update`, `bulk_update`, `__dict__` and SQL.
"""

from __future__ import annotations

from core.models import Case, TransitionLog

_LOG = TransitionLog._meta.db_table
_FUNCTION = "guard_case"


def statements(vendor: str, model: type[Case]) -> tuple[list[str], list[str]]:
    """SQL that puts the guard on the table of a kind of case, and SQL that takes it off."""
    return (_sqlite if vendor == "sqlite" else _postgresql)(model)


def _allowed(kind: str) -> str:
    """Whether the change of a row is a move that the log holds."""
    return (
        "NEW.id = OLD.id AND NEW.version = OLD.version + 1 "
        f"AND EXISTS (SELECT 1 FROM {_LOG} line WHERE line.case_kind = {kind} AND line.case_id = NEW.id "
        "AND line.position = NEW.log_lines AND line.version = NEW.version "
        "AND line.from_state = OLD.state AND line.to_state = NEW.state)"
    )


def _sqlite(model: type[Case]) -> tuple[list[str], list[str]]:
    table, first = model._meta.db_table, model._meta.get_field("state").default
    conditions = {
        "insert": f"WHEN NEW.state IS NOT '{first}' OR NEW.version IS NOT 1",
        "update": "WHEN (NEW.id IS NOT OLD.id OR NEW.state IS NOT OLD.state OR NEW.version IS NOT OLD.version) "
        f"AND NOT ({_allowed(repr(model.case_kind))})",
        "delete": "",
    }
    on = [
        f"CREATE TRIGGER {table}_door_{verb} BEFORE {verb.upper()} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} past the door'); END"
        for verb, when in conditions.items()
    ]
    return on, [f"DROP TRIGGER IF EXISTS {table}_door_{verb}" for verb in conditions]


def _postgresql(model: type[Case]) -> tuple[list[str], list[str]]:
    table, first = model._meta.db_table, model._meta.get_field("state").default
    refuse = "RAISE EXCEPTION '%: % past the door', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = '23000'; "
    function = (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_allowed('TG_ARGV[0]')} THEN RETURN NEW; END IF; END IF; "
        f"{refuse} END $$"
    )
    execute = f"EXECUTE FUNCTION {_FUNCTION}('{model.case_kind}')"
    changed = "OLD.id <> NEW.id OR OLD.state <> NEW.state OR OLD.version <> NEW.version"
    heads = {
        "insert": f"BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.state <> '{first}' OR NEW.version <> 1)",
        "update": f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed})",
        "delete": f"BEFORE DELETE ON {table} FOR EACH ROW",
        "truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
    }
    on = [function, *(f"CREATE TRIGGER {table}_door_{verb} {head} {execute}" for verb, head in heads.items())]
    return on, [f"DROP TRIGGER IF EXISTS {table}_door_{verb} ON {table}" for verb in heads]
