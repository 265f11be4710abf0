"""Answers in the database: revisions, hashes, rounds."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from core import clock
from core.door import SystemActor
from core.forms import store
from core.models import FormAnswer
from tests.forms.urls import Dossier

CLERK = SystemActor(name="方主任")


@pytest.mark.django_db
def test_saving_over_the_revision_that_was_read():
    case = Dossier()
    with clock.travel("2027-03-01T10:32:00"):
        first = store.save(case, "sample", 1, {"a": "一"}, 0, CLERK)
    assert (first.revision, first.answers, first.updated_name) == (1, {"a": "一"}, "方主任")
    assert clock.local(first.updated_at).time() >= dt.time(10, 32)
    assert case.saved == ("sample", {"a": "一"})
    second = store.save(case, "sample", 1, {"a": "二"}, 1, CLERK)
    assert second.revision == 2
    assert store.load(case, "sample").answers == {"a": "二"}
    assert store.load(case, "other") is None


@pytest.mark.django_db
def test_a_stale_save_changes_nothing_and_shows_what_stands():
    case = Dossier()
    store.save(case, "sample", 1, {"a": "一"}, 0, CLERK)
    store.save(case, "sample", 1, {"a": "二"}, 1, SystemActor(name="温老师"))
    for revision in (0, 1, 3, -1):
        with pytest.raises(store.RevisionConflict) as caught:
            store.save(case, "sample", 1, {"a": "三"}, revision, CLERK)
        assert (caught.value.current.revision, caught.value.current.answers) == (2, {"a": "二"})
        assert caught.value.current.updated_name == "温老师"
    assert store.load(case, "sample").answers == {"a": "二"}


@pytest.mark.django_db
def test_a_first_save_over_a_revision_that_never_was_leaves_no_row():
    with pytest.raises(store.RevisionConflict):
        store.save(Dossier(), "sample", 1, {"a": "一"}, 5, CLERK)
    assert not FormAnswer.objects.exists()


@pytest.mark.django_db
def test_saving_the_same_again_keeps_the_revision():
    case = Dossier()
    store.save(case, "sample", 1, {"a": "一"}, 0, CLERK)
    with clock.travel("2030-01-01"):
        again = store.save(case, "sample", 1, {"a": "一"}, 1, CLERK)
    assert (again.revision, clock.local(again.updated_at).year) == (1, clock.today().year)


@pytest.mark.django_db
def test_signs_that_databases_refuse_are_not_stored():
    row = store.save(Dossier(), "sample", 1, {"a": "x\x00\ud800y", "t": [{"b\x00": "\u202ez"}]}, 0, CLERK)
    row.refresh_from_db()
    assert row.answers == {"a": "xy", "t": [{"b": "z"}]}
    assert row.sha256 == store.content_hash(row.answers)


def test_the_hash_is_of_the_content_not_of_its_order():
    assert store.content_hash({"a": 1, "b": [1, 2]}) == store.content_hash({"b": [1, 2], "a": 1})
    assert store.content_hash({"a": "1"}) != store.content_hash({"a": 1})
    assert store.content_hash({"b": [1, 2]}) != store.content_hash({"b": [2, 1]})
    assert store.content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.django_db
def test_a_new_round_begins_with_the_answers_of_the_one_before():
    case = Dossier()
    store.save(case, "sample", 1, {"a": "一"}, 0, CLERK)
    store.copy_forward(case, "sample", 1, 2)
    store.copy_forward(case, "sample", 1, 2)
    store.copy_forward(case, "nothing", 1, 2)
    second = store.load(case, "sample", 2)
    assert (second.answers, second.revision, second.sha256) == (
        {"a": "一"},
        1,
        store.content_hash({"a": "一"}),
    )
    store.save(case, "sample", 2, {"a": "二"}, 1, CLERK)
    assert store.load(case, "sample", 1).answers == {"a": "一"}
    assert FormAnswer.objects.count() == 2


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_time_one_is_told():
    """Four writers have read the same revision: one saves, three are told, none is lost without a word."""
    store.save(Dossier(), "sample", 1, {"a": "start"}, 0, CLERK)
    barrier, outcomes = threading.Barrier(4), []

    def write(text: str) -> None:
        try:
            barrier.wait(10)
            outcomes.append(store.save(Dossier(), "sample", 1, {"a": text}, 1, CLERK).answers["a"])
        except store.RevisionConflict as conflict:
            outcomes.append(("told", conflict.current.answers["a"]))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    (winner,) = [one for one in outcomes if isinstance(one, str)]
    assert outcomes.count(("told", winner)) == 3
    row = store.load(Dossier(), "sample")
    assert (row.revision, row.answers) == (2, {"a": winner})


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_first_saves_at_the_same_time_one_is_told():
    barrier, outcomes = threading.Barrier(3), []

    def write(text: str) -> None:
        try:
            barrier.wait(10)
            outcomes.append(store.save(Dossier(), "sample", 1, {"a": text}, 0, CLERK).revision)
        except store.RevisionConflict:
            outcomes.append("told")
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert sorted(map(str, outcomes)) == ["1", "told", "told"]
    assert FormAnswer.objects.count() == 1
