"""The states that something can be in: code, word, colour and icon, declared once where the thing is (ui-guide §7).

A field of such states gives its member, which is the code (a str) and knows the rest; so what draws a state needs
nothing but the state. A code that is no member is drawn grey with a dot: readable before it has a colour.

    class State(States):
        DRAFT = "draft", GREY, "edit", _("草稿")

    state = CaseStateField(_("状态"), states=State, default=State.DRAFT, protected=True)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django_fsm import FSMField

from core.state_styles import GREY


class States(models.TextChoices):
    """Base of all states. A member is written `code, tone, icon, word`; tones are those of `core.state_styles`."""

    tone: str
    icon: str

    def __new__(cls, code: str, tone: str = GREY, icon: str = "dot") -> Self:
        member = str.__new__(cls, code)
        member._value_, member.tone, member.icon = code, tone, icon
        return member

    @classmethod
    def named(cls, code: str) -> Self | str:
        """The member of a code; the code itself where there is none."""
        return cls._value2member_map_.get(code, code)


def pairs(states: Iterable[States]) -> list[tuple[str, Any]]:
    """(code, word) of some of the states, as choices are given."""
    return [(state.value, state.label) for state in states]


def style_of(state: str) -> tuple[str, str]:
    """(tone, icon) of a state; grey with a dot for a plain code."""
    return (state.tone, state.icon) if isinstance(state, States) else (GREY, "dot")


class StatesMixin:
    """A field whose values are members of `states`. Migrations see the field beneath it: what is stored are codes."""

    beneath = ""

    def __init__(self, *args: Any, states: type[States] | None = None, **kwargs: Any):
        self.states = states
        if states is not None:
            kwargs.setdefault("choices", states.choices)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, _path, args, kwargs = super().deconstruct()
        return name, self.beneath, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if self.states is None else self.states.named(value)


class CaseStateField(StatesMixin, FSMField):
    """The state of a case, which only its moves change."""

    beneath = "django_fsm.FSMField"

    def set_state(self, instance: Any, state: str) -> None:
        super().set_state(instance, state if self.states is None else self.states.named(state))


class StateField(StatesMixin, models.CharField):
    """The state of a row that is no case."""

    beneath = "django.db.models.CharField"
