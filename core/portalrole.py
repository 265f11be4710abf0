"""What the portal's own PostgreSQL role may do, where another role owns the tables.

Who owns a table can switch its triggers off; who is superuser can do it for a whole session. So in production the
portal logs in as a role that is neither: it adds to the logs and reads them, and no more. `manage.py migrate`, run by
the owner, grants this role what it needs after every migration (`PORTAL_DATABASE_ROLE`).
"""

from __future__ import annotations

from django.db import transaction
from psycopg import sql

from core import triggers
from core.door import kinds


def grant(connection, role: str) -> None:
    """Give the role the tables to work with, and the logs to add to. The connection's user owns them."""
    kept = sql.SQL(", ").join(sql.Identifier(table) for table in triggers.APPEND_ONLY)
    cases = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in kinds().values())
    name = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
        sql.SQL("REVOKE UPDATE, DELETE ON {kept} FROM {role}"),
        sql.SQL("REVOKE DELETE ON {cases} FROM {role}"),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"),
    ]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(role=name, kept=kept, cases=cases))
