"""Moves declared apart from the models, and once for several of them."""

from __future__ import annotations

import pytest
from django.db import models
from django.test.utils import isolate_apps
from django_fsm import GET_STATE, FSMField, TransitionNotAllowed

from core import door
from core.door import declarations, move, moves_of
from core.models import Case


class SharedMoves:
    @move(
        source=lambda model: model.STAGES,
        target=lambda model: GET_STATE(lambda case, act: act, states=[*model.STAGES, "over"]),
        label="下一步",
        permission="",
    )
    def advance(self, act):
        self.title = f"{self.title}→{act}"

    @move(source=lambda model: model.STAGES[0], label="说明", permission="")
    def explain(self, act):
        """Changes no state."""


@pytest.fixture
def kinds(monkeypatch):
    """Two kinds of case that share moves, and one of which nobody loads any; gone again after the test."""
    monkeypatch.setattr(declarations, "_kinds", dict(declarations._kinds))
    monkeypatch.setattr(declarations, "_moves", dict(declarations._moves))
    made = []
    with isolate_apps("core"):
        for kind, stages in (("letter", ("written", "posted")), ("parcel", ("packed",)), ("silent", ("packed",))):
            field = FSMField(default=stages[0], choices=[(state, state) for state in (*stages, "over")], protected=True)
            body = {"__module__": __name__, "case_kind": kind, "STAGES": stages, "state": field}
            body["Meta"] = type("Meta", (), {"app_label": "core"})
            made.append(type(kind.capitalize(), (Case,), body))
    return made


def test_each_model_has_the_shared_moves_with_its_own_states(kinds):
    letter, parcel, _silent = kinds

    @moves_of(letter)
    class LetterMoves(SharedMoves):
        @move(source="posted", target="written", label="退回", permission="")
        def send_back(self, act):
            self.title = "back"

    @moves_of(parcel)
    class ParcelMoves(SharedMoves):
        @move(source="packed", target="over", label="改写的说明", permission="")
        def explain(self, act):
            self.title = "mine"

    assert list(door.moves(letter)) == ["advance", "explain", "send_back"]
    assert list(door.moves(parcel)) == ["advance", "explain"]
    assert door.moves(letter)["advance"].sources == ("written", "posted")
    assert door.moves(letter)["advance"].targets == ("written", "posted", "over")
    assert door.moves(parcel)["advance"].sources == ("packed",)
    assert door.moves(parcel)["explain"].label == "改写的说明"

    case = letter(title="a")
    case.advance("posted")
    assert (case.state, case.title) == ("posted", "a→posted")
    with pytest.raises(TransitionNotAllowed):
        case.explain(None)
    case.send_back(None)
    assert (case.state, case.title) == ("written", "back")
    with pytest.raises(AttributeError):
        case.state = "over"
    other = parcel(title="b")
    other.explain(None)
    assert (other.state, other.title) == ("over", "mine")

    # django-fsm's own book, for either model
    told = {(one.name, one.source) for one in letter(title="c").get_all_state_transitions()}
    assert told == {
        ("advance", "written"), ("advance", "posted"), ("explain", "written"), ("send_back", "posted"),
    }  # fmt: skip
    assert {one.name for one in letter(title="c").get_available_state_transitions()} == {"advance", "explain"}
    assert {(one.name, one.source) for one in other.get_all_state_transitions()} == {
        ("advance", "packed"), ("explain", "packed"),
    }  # fmt: skip


def test_a_model_without_its_moves_is_an_error(kinds):
    with pytest.raises(LookupError, match="Silent has no moves"):
        door.moves(kinds[2])


def test_moves_and_nothing_else_and_each_once(kinds):
    letter = kinds[0]

    class WithHelper:
        def helper(self):
            """A case would not have it."""

    with pytest.raises(TypeError, match="helper is no move"):
        moves_of(letter)(WithHelper)
    moves_of(letter)(SharedMoves)
    with pytest.raises(TypeError, match="advance, explain"):
        moves_of(letter)(SharedMoves)


def test_a_move_on_the_model_itself_still_counts(monkeypatch):
    monkeypatch.setattr(declarations, "_kinds", dict(declarations._kinds))
    monkeypatch.setattr(declarations, "_moves", dict(declarations._moves))
    with isolate_apps("core"):

        class Note(Case):
            case_kind = "note"
            state = FSMField(default="open", choices=[("open", "open"), ("shut", "shut")], protected=True)
            text = models.TextField()

            class Meta:
                app_label = "core"

            @move("state", source="open", target="shut", label="关", permission="")
            def shut(self, act):
                self.text = "shut"

    note = Note(title="n")
    note.shut(None)
    assert note.state == "shut" and list(door.moves(Note)) == ["shut"]
