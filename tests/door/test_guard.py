"""The door is the only way: the database itself refuses every other, for every kind of case."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from bases.models import Recognition
from core import checks, clock, door, triggers
from core.door import perform
from core.models import TransitionLog
from tests.placing import place
from tests.scenarios import house

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def later(case) -> str:
    """A state of the case other than its first and its own."""
    field = case._meta.get_field("state")
    return next(code for code, _label in field.choices if code not in (case.state, field.default))


def sql(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def by_keyword(case):
    type(case).objects.filter(pk=case.pk).update(**{"state": later(case)})


def by_a_queryset_in_a_variable(case):
    rows = type(case)._default_manager.all()
    change = {"state": later(case), "version": F("version") + 1}
    rows.filter(number=case.number).update(**change)


def by_the_base_manager(case):
    type(case)._base_manager.filter(pk=case.pk).update(state=later(case))


def by_the_dictionary_of_an_instance(case):
    case.__dict__["state"] = later(case)
    case.version += 1
    case.save()


def by_bulk_update(case):
    case.__dict__["state"] = later(case)
    type(case).objects.bulk_update([case], ["state"])


def by_sql(case):
    sql(f"UPDATE {case._meta.db_table} SET state = %s WHERE id = %s", later(case), case.pk)


def by_replacing(case):
    """A whole row again, in another state: REPLACE on SQLite, an upsert on PostgreSQL."""
    columns = [field.column for field in case._meta.concrete_fields]
    taken = ", ".join("%s" if column == "state" else column for column in columns)
    table = case._meta.db_table
    if connection.vendor == "sqlite":
        sql(f"INSERT OR REPLACE INTO {table} SELECT {taken} FROM {table} WHERE id = %s", later(case), case.pk)
    else:
        sql(
            f"INSERT INTO {table} SELECT * FROM {table} WHERE id = %s ON CONFLICT (id) DO UPDATE SET state = %s",
            case.pk,
            later(case),
        )


def by_replacing_with_a_birth(case):
    """The first state again, as if nothing had ever happened to the case."""
    first = case._meta.get_field("state").default
    case = place(case, later(case))
    columns = [field.column for field in case._meta.concrete_fields]
    given = {"state": first, "version": 1}
    taken = ", ".join("%s" if column in given else column for column in columns)
    table = case._meta.db_table
    values = [given[column] for column in columns if column in given]
    if connection.vendor == "sqlite":
        sql(f"INSERT OR REPLACE INTO {table} SELECT {taken} FROM {table} WHERE id = %s", *values, case.pk)
    else:
        sql(f"UPDATE {table} SET state = %s, version = 1 WHERE id = %s", first, case.pk)


def back_to_an_earlier_line(case):
    """A state that the log holds a line for, but not as the next."""
    first, second = case.state, later(case)
    place(place(case, second), first)
    type(case)._base_manager.filter(pk=case.pk).update(state=second, version=2)


def by_its_version_alone(case):
    type(case)._base_manager.filter(pk=case.pk).update(version=F("version") + 1)


def by_moving_it_to_another_number(case):
    type(case)._base_manager.filter(pk=case.pk).update(id=case.pk + 100_000)


def by_deleting(case):
    sql(f"DELETE FROM {case._meta.db_table} WHERE id = %s", case.pk)


def by_a_birth_in_a_later_state(case):
    twin = twin_of(case)
    twin.__dict__["state"] = later(case)
    twin.save()


def by_a_bulk_birth_in_a_later_state(case):
    twin = twin_of(case)
    twin.__dict__["state"] = later(case)
    type(case).objects.bulk_create([twin])


def by_a_birth_with_a_past(case):
    twin = twin_of(case)
    twin.version = 7
    twin.save()


def twin_of(case):
    twin = type(case)()
    for field in case._meta.concrete_fields:
        if not field.primary_key and field.name not in ("state", "version", "log_lines"):
            setattr(twin, field.attname, getattr(case, field.attname))
    twin.number = "T-1"
    if case.case_kind == "notice":
        twin.slug = "t-1"
    if case.case_kind == "recognition":
        twin.level = "school"
    if case.case_kind in ("evaluation", "evaluation_round"):
        twin.period = "T-1"
    if case.case_kind == "base_office":  # one of an organisation
        twin.university_id = None
    if case.case_kind == "rectification":
        twin.key = "t-1"
        effect = type(case.effect).objects.get(pk=case.effect_id)  # one effect, one rectification: a copy of it
        effect.pk = None
        effect.save()
        twin.effect = effect
    if (
        case.case_kind == "withdrawal"
    ):  # one at a time for a recognition: that of the recognition's twin, once it is saved
        other = Recognition.objects.exclude(pk=case.recognition_id).first()
        twin.recognition_id = other.pk if other else case.recognition_id
    return twin


ATTACKS = [value for name, value in list(globals().items()) if name.startswith(("by_", "back_"))]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_state_changes_past_the_door(scene, attack):
    cases, _people = scene
    for kind, case in cases.items():
        table = case._meta.db_table
        case = type(case)._base_manager.get(pk=case.pk)
        before = list(type(case)._base_manager.order_by("pk").values())
        with pytest.raises(DatabaseError, match=f"{table}: \\w+ past the door"), transaction.atomic():
            attack(case)
        assert list(type(case)._base_manager.order_by("pk").values()) == before, kind


def test_a_related_manager_is_no_way_either(scene):
    cases, _people = scene
    for rows in (cases["call"].applications, cases["list"].notices, cases["recognition"].base.recognitions):
        with pytest.raises(DatabaseError, match="update past the door"), transaction.atomic():
            rows.update(state=later(rows.first()))


def test_a_move_called_past_the_door_is_not_saved(scene):
    cases, _people = scene
    notice = cases["notice"]
    notice.post(None)
    assert notice.state == "publicised"
    with pytest.raises(DatabaseError, match="update past the door"), transaction.atomic():
        notice.save()


def test_what_is_no_state_may_be_saved(scene):
    cases, _people = scene
    for case in cases.values():
        case = type(case)._base_manager.get(pk=case.pk)
        case.title = "另一个名称"
        case.save()
        assert type(case)._base_manager.get(pk=case.pk).title == "另一个名称"
        twin = twin_of(case)
        twin.save()
        assert (twin.state, twin.version) == (case._meta.get_field("state").default, 1)


def test_a_log_line_is_not_replaced(scene):
    cases, _people = scene
    place(cases["call"], "open")
    line = TransitionLog.objects.last()
    columns = [field.column for field in TransitionLog._meta.concrete_fields]
    quoted = ", ".join(f'"{column}"' for column in columns)
    taken = ", ".join("'别人'" if column == "actor_name" else f'"{column}"' for column in columns)
    table = "core_transitionlog"
    attack = (
        f"INSERT OR REPLACE INTO {table} ({quoted}) SELECT {taken} FROM {table} WHERE id = %s"
        if connection.vendor == "sqlite"
        else f"INSERT INTO {table} ({quoted}) SELECT {quoted} FROM {table} WHERE id = %s "
        "ON CONFLICT (id) DO UPDATE SET actor_name = '别人'"
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(attack, line.pk)
    assert TransitionLog.objects.get(pk=line.pk).actor_name == line.actor_name


def test_the_line_is_there_before_the_state():
    """A move that fails at its last step leaves neither; one that goes through leaves both, with the same version."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call)
        application = perform(application, "submit", region.secretary.membership)
    line = TransitionLog.objects.get(case_kind="application", case_id=application.pk, transition="submit")
    assert (line.version, line.to_state) == (2, "recommending") == (application.version, application.state)
    assert (
        application.log_lines == TransitionLog.objects.filter(case_kind="application", case_id=application.pk).count()
    )


def test_every_kind_and_every_log_is_guarded():
    guarded = triggers.guarded(connection.vendor)
    assert {model._meta.db_table for model in door.kinds().values()} | set(triggers.APPEND_ONLY) <= set(guarded)
    assert triggers.unguarded(connection) == []
    assert checks.tables_are_guarded(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_the_check_names_a_table_without_its_guard():
    triggers.remove(connection, ["applications_application"])
    try:
        assert [error.id for error in checks.tables_are_guarded(databases=["default"])] == ["core.E002"]
    finally:
        triggers.install(connection, ["applications_application"])
    assert checks.tables_are_guarded(databases=["default"]) == []
