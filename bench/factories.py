"""The bench's world: one application walked through the door into review, and copies of it, 20,000 in all.

The copies are made by the database itself (INSERT … SELECT of whole rows with new keys), so that they stand in the
state, with the steps, the answers and the log lines of the one that was walked.

    python -m bench.factories COUNT      prints {"list": address, "case": address, "cookie": …, "count": …}
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402

from core import triggers  # noqa: E402


def copy_rows(model: type[models.Model], where: str, parameters: list, copies: int, **changed: str) -> None:
    """Copy the rows that `where` selects `copies` times. `changed`: column → SQL over the old row `o` and the number
    `n` of the copy (1…). The primary key is the database's own unless changed."""
    columns = [
        field.column for field in model._meta.concrete_fields if not field.primary_key or field.column in changed
    ]
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changed.get(column, f'o."{column}"') for column in columns)
    table = model._meta.db_table
    with triggers.lifted(connection), connection.cursor() as cursor:  # no door would let a copy in
        cursor.execute(
            f'INSERT INTO "{table}" ({quoted}) SELECT {values} FROM "{table}" o, generate_series(1, %s) n WHERE {where}',
            [copies, *parameters],
        )


def build(count: int) -> dict:
    """Make the world in an empty PostgreSQL; returns what the bench needs to ask for its pages."""
    from core import clock  # noqa: PLC0415 - Django is set up first
    from core.models import FormAnswer, TransitionLog  # noqa: PLC0415 - Django is set up first
    from tests.scenarios import house  # noqa: PLC0415 - Django is set up first

    call_command("migrate", verbosity=0)
    with clock.travel("2026-02-20T09:00"):
        school = house.xcu_school()
    with clock.travel("2026-03-02T09:00"):
        call = house.open_xcu_call(school)
        application = house.xcu_submitted(school, call)
    house.xcu_opinions(school, application)
    application = house.xcu_panel(school, application)

    from applications.models import Application  # noqa: PLC0415 - Django is set up first
    from casework.models import Step  # noqa: PLC0415 - Django is set up first

    copies = count - 1
    first = application.pk
    copy_rows(
        Application,
        "o.id = %s",
        [first],
        copies,
        id=f"{first} + n",
        number="o.number || '-' || n",
        title="o.title || n",
        created_at="o.created_at + n * interval '1 minute'",
    )
    same_case = "o.case_kind = 'application' AND o.case_id = %s"
    for model in (Step, FormAnswer, TransitionLog):
        changed = {"case_id": f"{first} + n"}
        if any(field.column == "uid" for field in model._meta.concrete_fields):
            changed["uid"] = "gen_random_uuid()"
        copy_rows(model, same_case, [first], copies, **changed)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM applications_application))",
            [Application._meta.db_table],
        )
        cursor.execute("ANALYZE")
    assert Application.objects.visible_to(school.office.membership).count() == count
    return {
        "count": count,
        "list": "/applications/",
        "case": application.get_absolute_url(),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={school.office.client.cookies[settings.SESSION_COOKIE_NAME].value}",
    }


if __name__ == "__main__":
    print(json.dumps(build(int(sys.argv[1]))))
