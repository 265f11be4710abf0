"""The database's own guard: a published version changes nothing but its status, a local setting or wording nothing at
all."""

from __future__ import annotations

from core import triggers

VERSIONS = "regulations_regulationversion"
LOCAL = ["regulations_localsetting", "regulations_localwording"]  # tables of dated rows

_KEPT = ("regulation_id", "number", "content", "sha256", "effective_from", "published_at", "published_by")
_MESSAGE = "a published version is immutable"


def _changed(vendor: str) -> str:
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _KEPT)
    back = "NEW.status = 'draft' OR (OLD.status = 'superseded' AND NEW.status <> 'superseded')"
    return f"OLD.status <> 'draft' AND ({changed} OR {back})"


triggers.guard(
    VERSIONS,
    sqlite=(
        [
            f"CREATE TRIGGER {VERSIONS}_keep_update BEFORE UPDATE ON {VERSIONS} "
            f"WHEN {_changed('sqlite')} BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END",
            f"CREATE TRIGGER {VERSIONS}_keep_delete BEFORE DELETE ON {VERSIONS} "
            f"WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END",
        ],
        [f"DROP TRIGGER IF EXISTS {VERSIONS}_keep_{verb}" for verb in ("update", "delete")],
    ),
    postgresql=(
        [
            "CREATE OR REPLACE FUNCTION keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' AND ({_changed('postgresql')}) THEN RAISE EXCEPTION '{_MESSAGE}'; END IF; "
            f"IF TG_OP = 'DELETE' AND OLD.status <> 'draft' THEN RAISE EXCEPTION '{_MESSAGE}'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {VERSIONS}_keep BEFORE UPDATE OR DELETE ON {VERSIONS} "
            "FOR EACH ROW EXECUTE FUNCTION keep_published_version()",
            "CREATE OR REPLACE FUNCTION keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{_MESSAGE}'; END $$",
            f"CREATE TRIGGER {VERSIONS}_keep_all BEFORE TRUNCATE ON {VERSIONS} "
            "FOR EACH STATEMENT EXECUTE FUNCTION keep_versions()",
        ],
        [
            f"DROP TRIGGER IF EXISTS {VERSIONS}_keep ON {VERSIONS}",
            f"DROP TRIGGER IF EXISTS {VERSIONS}_keep_all ON {VERSIONS}",
        ],
    ),
)

triggers.APPEND_ONLY += [table for table in LOCAL if table not in triggers.APPEND_ONLY]


def install(connection) -> None:
    """Put the guards on this room's tables."""
    triggers.install(connection, [VERSIONS, *LOCAL])


def remove(connection) -> None:
    """Take the guards off this room's tables."""
    triggers.remove(connection, [VERSIONS, *LOCAL])
