"""Versions, adoptions and local settings: what is kept, what cannot change, what holds on which day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import clock
from core.door import Refused
from regulations import loader, services, settings, triggers
from regulations.models import Adoption, Immutable, LocalSetting, Regulation, RegulationVersion
from tests.regulations.samples import data
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
D = dt.date.fromisoformat


def stored(number: int = 1, **changes) -> RegulationVersion:
    content = data(**changes)
    content["head"] = {**content["head"], "version": number}
    return services.store(loader.load_data(content))[0]


def published(number: int = 1, day: str = "2026-01-05", **changes) -> RegulationVersion:
    return services.publish(stored(number, **changes), D(day), by="管理员")


def test_loading_the_same_content_twice_adds_nothing():
    loaded = loader.load_data(data())
    first, what = services.store(loaded)
    assert (what, first.state, first.sha256) == ("added", "draft", loaded.sha256)
    again, what = services.store(loader.load_data(data()))
    assert (what, again.pk) == ("kept", first.pk)
    assert RegulationVersion.objects.count() == 1


def test_a_draft_may_still_change():
    first = stored()
    changed = data()
    changed["rules"] = []
    changed["settings"] = {}
    version, what = services.store(loader.load_data(changed))
    assert (what, version.pk) == ("changed", first.pk)
    assert version.profile.rules == []


def test_a_profile_with_faults_is_not_stored():
    with pytest.raises(loader.ProfileFaults):
        services.store(loader.load_data(data(banana=1)))
    assert not Regulation.objects.exists()


def test_publishing_needs_a_day_and_names_the_clause():
    version = stored()
    with pytest.raises(Refused) as refused:
        services.publish(version)
    (finding,) = refused.value.findings
    assert (finding.clause, finding.strength) == ("TT-9", "hard")
    assert "第九条" in finding.message
    version.refresh_from_db()
    assert version.state == "draft"
    done = services.publish(version, D("2026-01-05"), by="管理员")
    assert (done.state, done.effective_from, done.published_by) == ("published", D("2026-01-05"), "管理员")


def test_a_day_in_the_text_needs_nobody():
    content = data()
    content["head"] = {
        **content["head"],
        "effective": {"value": "date", "date": "2025-09-01", "source": "TT-9"},
    }
    version, _what = services.store(loader.load_data(content))
    assert services.publish(version).effective_from == D("2025-09-01")


def test_publishing_twice_is_refused():
    version = published()
    with pytest.raises(Refused):
        services.publish(version, D("2027-01-05"))


def test_a_published_version_cannot_change():
    version = published()
    for name, value in (
        ("content", "{}"),
        ("number", "7"),
        ("effective_from", D("2026-02-01")),
        ("published_by", "x"),
    ):
        again = RegulationVersion.objects.get(pk=version.pk)
        setattr(again, name, value)
        with pytest.raises(Immutable):
            again.save()
    again = RegulationVersion.objects.get(pk=version.pk)
    again.status = "draft"
    with pytest.raises(Immutable):
        again.save()
    with pytest.raises(Immutable):
        again.delete()


@pytest.mark.parametrize(
    "change",
    [
        {"content": "{}"},
        {"number": "9"},
        {"effective_from": D("2030-01-01")},
        {"status": "draft"},
        {"published_by": "x"},
    ],
)
def test_the_database_refuses_too(change):
    version = published()
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationVersion.objects.filter(pk=version.pk).delete()
    version.refresh_from_db()
    assert version.state == "published"


def test_the_database_lets_a_draft_be_changed_and_deleted():
    version = stored()
    RegulationVersion.objects.filter(pk=version.pk).update(effective_from=D("2030-01-01"))
    RegulationVersion.objects.filter(pk=version.pk).delete()
    assert not RegulationVersion.objects.exists()


def test_a_changed_value_needs_a_new_version_number():
    published()
    changed = data()
    changed["apply"]["cond"]["coop_years"]["value"] = 3
    with pytest.raises(Immutable, match="new head.version"):
        services.store(loader.load_data(changed))
    second, what = services.store(loader.load_data({**changed, "head": {**changed["head"], "version": 2}}))
    assert (what, second.number, second.state) == ("added", "2", "draft")


def test_the_older_version_is_superseded_and_still_governs_its_days():
    first, second = published(1, "2026-01-05"), published(2, "2028-01-01")
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    regulation = first.regulation
    assert services.version_on(regulation, D("2026-01-04")) is None
    assert services.version_on(regulation, D("2026-01-05")) == first
    assert services.version_on(regulation, D("2027-12-31")) == first
    assert services.version_on(regulation, D("2028-01-01")) == second
    with pytest.raises(Refused):
        services.publish(stored(3), D("2028-01-01"))


def test_governing_looks_upwards_and_at_the_day():
    department = factories.department()
    university = factories.university(department)
    college = factories.college(university)
    version = published()
    assert services.governing(college, "school", D("2026-05-01")) is None
    services.adopt(university, "school", version.regulation, D("2026-02-01"), D("2026-12-31"))
    services.adopt(university, "school", version.regulation, D("2026-02-01"), D("2026-12-31"))
    assert Adoption.objects.count() == 1
    assert services.governing(college, "school", D("2026-01-31")) is None
    assert services.governing(college, "school", D("2026-02-01")) == version
    assert services.governing(university, "school", D("2026-12-31")) == version
    assert services.governing(university, "school", D("2027-01-01")) is None
    assert services.governing(university, "provincial", D("2026-05-01")) is None
    assert services.governing(department, "school", D("2026-05-01")) is None
    assert services.governing(factories.university(department), "school", D("2026-05-01")) is None


def test_a_later_adoption_takes_over_and_an_own_one_goes_before_the_inherited():
    department = factories.department()
    university = factories.university(department)
    one = published()
    content = data()
    content["head"] = {**content["head"], "code": "TU"}
    content = loader.load_text(loader.canonical(content).replace("TT-", "TU-"))
    other = services.publish(services.store(content)[0], D("2026-01-05"))
    services.adopt(department, "school", one.regulation, D("2026-01-05"))
    services.adopt(department, "school", other.regulation, D("2027-01-01"))
    assert services.governing(university, "school", D("2026-12-31")) == one
    assert services.governing(university, "school", D("2027-01-01")) == other
    services.adopt(university, "school", one.regulation, D("2027-06-01"))
    assert services.governing(university, "school", D("2027-06-01")) == one


def test_local_settings_are_dated_rows():
    version, university = published(), factories.university()
    college = factories.college(university)
    profile, key = version.profile, "least.students"
    on = D("2026-06-01")
    default = settings.setting(profile, key, university, on)
    assert (default.value, default.local, default.source, default.row) == (5, True, "TT-2", None)
    services.enter_setting(version, key, university, "8", D("2026-03-01"), "校长办公会第3次", name="管理员")
    services.enter_setting(version, key, university, 6, D("2026-07-01"), "新学年")
    services.enter_setting(version, key, university, 9, D("2026-03-01"), "更正")
    days = {"2026-02-28": 5, "2026-03-01": 9, "2026-06-30": 9, "2026-07-01": 6}
    assert {day: settings.setting(profile, key, university, D(day)).value for day in days} == days
    assert settings.setting(profile, key, college, on).value == 9
    assert settings.setting(profile, key, None, on).value == 5
    assert settings.setting(profile, key, factories.university(), on).value == 5
    found = settings.setting(profile, key, university, on)
    assert found.stamp == {"key": key, "value": 9, "local": True, "clause": "TT-2", "from_on": "2026-03-01"}
    services.enter_setting(version, key, university, None, D("2026-09-01"), "不再设定")
    assert settings.setting(profile, key, university, D("2026-09-01")).value is None
    rows = settings.local_rows(profile, college, on)
    assert settings.setting(profile, key, college, on, rows).value == 9


def test_a_local_setting_is_neither_changed_nor_deleted():
    version, university = published(), factories.university()
    row = services.enter_setting(version, "least.students", university, 8, D("2026-03-01"), "理由")
    row.value = 9
    with pytest.raises(Immutable):
        row.save()
    with pytest.raises(Immutable):
        row.delete()
    for change in (lambda: LocalSetting.objects.update(value=9), lambda: LocalSetting.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert LocalSetting.objects.get().value == 8


@pytest.mark.parametrize(
    ("key", "value", "reason", "words"),
    [
        ("least.students", "many", "理由", "应为整数"),
        ("least.students", 0, "理由", "不得小于1"),
        ("least.students", 8, "  ", "请填写理由"),
        ("no.such", 8, "理由", "没有这一设定"),
    ],
)
def test_refused_local_settings(key, value, reason, words):
    with pytest.raises(Refused, match=words):
        services.enter_setting(published(), key, factories.university(), value, D("2026-03-01"), reason)
    assert not LocalSetting.objects.exists()


def test_a_value_of_the_regulation_itself_is_nobodys_to_change():
    content = data()
    content["settings"]["least.students"] = {"title": "t", "type": "integer", "value": 5, "clause": "TT-2"}
    version = services.publish(services.store(loader.load_data(content))[0], D("2026-01-05"))
    with pytest.raises(Refused, match="由办法本身规定"):
        services.enter_setting(version, "least.students", factories.university(), 8, D("2026-03-01"), "理由")


def test_only_the_owner_sets():
    version = published()
    for other in (factories.department(), factories.college(), factories.partner()):
        with pytest.raises(Refused, match="不由本单位设定"):
            services.enter_setting(version, "least.students", other, 8, D("2026-03-01"), "理由")


def test_settings_of_the_authority_reach_its_universities():
    content = data()
    content["head"] = {**content["head"], "level": {"value": "provincial", "source": "TT-1"}}
    version = services.publish(services.store(loader.load_data(content))[0], D("2026-01-05"))
    department = factories.department()
    university = factories.university(department)
    services.enter_setting(version, "least.students", department, 7, D("2026-03-01"), "厅务会")
    assert settings.setting(version.profile, "least.students", university, D("2026-04-01")).value == 7
    assert settings.owners(version.profile, "least.students") == {"authority"}


def test_the_command_loads_and_publishes(capsys):
    call_command("regulations", "load")
    assert capsys.readouterr().out.count(": added, draft, effective -") == 5
    call_command("regulations", "load")
    assert capsys.readouterr().out.count(": kept, draft") == 5
    with pytest.raises(CommandError, match="施行日期"):
        call_command("regulations", "load", "--publish")
    call_command("regulations", "load", "--publish", "--effective-from", "2026-01-05")
    assert RegulationVersion.objects.filter(status="published").count() == 5
    capsys.readouterr()
    call_command("regulations", "load", "--publish", "--effective-from", "2027-01-05")
    assert capsys.readouterr().out.count(": kept, published, effective 2026-01-05") == 5


def test_the_command_adopts():
    version, university = published(), factories.university()
    for _time in range(2):
        call_command("regulations", "adopt", "TT", str(university.pk), "school", "2026-02-01")
    assert Adoption.objects.count() == 1
    assert services.governing(university, "school", D("2026-02-01")) == version
    with pytest.raises(CommandError, match="no such organisation"):
        call_command("regulations", "adopt", "TT", "999999", "school", "2026-02-01")
    with pytest.raises(CommandError, match="no such regulation"):
        call_command("regulations", "adopt", "ZZ", str(university.pk), "school", "2026-02-01")


def test_the_guards_can_be_taken_off_and_put_back():
    version = published()
    triggers.remove(connection)
    RegulationVersion.objects.filter(pk=version.pk).update(published_by="x")
    triggers.install(connection)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationVersion.objects.filter(pk=version.pk).update(published_by="y")


def test_the_clock_stamps_publication():
    with clock.travel("2026-01-05T09:30"):
        version = published()
    assert clock.local(version.published_at).isoformat()[:16] == "2026-01-05T09:30"
