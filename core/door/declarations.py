"""The moves: declared once each, attached to the kinds of case that have them, listed for everything that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from types import FunctionType
from typing import Any

from django.db.models.signals import class_prepared
from django_fsm import State
from django_fsm import transition as fsm_transition

from core.door.actors import Actor
from core.forms.spec import parse_form
from core.models import Case

STATE = "state"  # the field of every case that the moves move


@dataclass(frozen=True)
class Move:
    """The declaration of one transition, as it stands for one kind of case."""

    code: str
    label: str
    permission: str
    sources: tuple[str, ...]
    targets: tuple[str, ...] | None
    form: Any = None
    conditions: tuple[Callable, ...] = ()
    subjects: Callable | None = None
    early: Callable | None = None
    primary: bool = False
    confirm: str = ""
    help: str = ""
    icon: str = ""
    system: bool = False
    public: bool = False
    hidden: bool = False

    def spec(self, case: Case, actor: Actor, data: dict, subject: Any):
        """The form this move asks for, as a `core.forms` FormSpec, or None."""
        if self.form is None:
            return None
        spec = self.form(case, actor, data, subject) if callable(self.form) else self.form
        return _parsed(spec) if isinstance(spec, dict) else spec


def _parsed(data: dict):
    return parse_form(data)


def move(
    state_field: str = STATE,
    *,
    source: str | Iterable[str] | Callable,
    target=None,
    label: str,
    permission: str,
    form=None,
    conditions: Iterable[Callable] = (),
    subjects: Callable | None = None,
    early: Callable | None = None,
    primary: bool = False,
    confirm: str = "",
    help: str = "",
    icon: str = "",
    system: bool = False,
    public: bool = False,
    hidden: bool = False,
):
    """Declare a method as a move; `moves_of` attaches it to the kinds of case that have it.

    `source` and `target` are states (target None: an act that changes no state; a django-fsm GET_STATE where the
    profile decides). Either may be a callable of the model, for a move that several kinds of case share:
    `source=lambda model: model.STAGES`. `permission` is asked of the actor for the case, or for one of
    `subjects(case)` (its open steps, say) where the move is offered once for each; the act's data then carry the
    subject's id under "step". `early(case, actor, id)` is asked of an id that is none of them: a finding where it will be
    one of the actor's, but what comes first is not done yet.

    `form` is a form spec as data, or a callable (case, actor, data, subject) that gives
    one; the door cleans the input with it. `conditions` are callables (case, act) that return findings; any that blocks
    refuses the act. `system` moves are made only by jobs and by what follows of itself, `public` ones also by people
    without an account; `hidden` ones have no button of their own.
    """
    if state_field != STATE:
        raise TypeError(f"the moves of a case move its field {STATE!r}, not {state_field!r}")

    def attach(model: type[Case], method: Callable) -> Move:
        sources = source(model) if callable(source) else source
        sources = [str(sources)] if isinstance(sources, str) else [str(state) for state in sources]
        leads_to = target(model) if callable(target) else target
        if leads_to is None:
            targets = None
        elif isinstance(leads_to, State):
            targets = tuple(str(state) for state in leads_to.allowed_states)
        else:
            targets = (str(leads_to),)

        @wraps(method)  # django-fsm keeps its book on the function: each model has one of its own
        def made(case, act):
            return method(case, act)

        setattr(model, method.__name__, fsm_transition(field=STATE, source=sources, target=leads_to)(made))
        return Move(
            code=method.__name__,
            label=label,
            permission=permission,
            sources=tuple(sources),
            targets=targets,
            form=form,
            conditions=tuple(conditions),
            subjects=subjects,
            early=early,
            primary=primary,
            confirm=confirm,
            help=help,
            icon=icon,
            system=system,
            public=public,
            hidden=hidden,
        )

    def decorate(method: Callable) -> Callable:
        _declared[method] = attach
        return method

    return decorate


def _is_move(member: Any) -> bool:
    """Whether a member of a class was declared with `move`."""
    return isinstance(member, FunctionType) and member in _declared


_declared: dict[Callable, Callable[[type[Case], Callable], Move]] = {}  # a move's method → what attaches it to a model
_kinds: dict[str, type[Case]] = {}
_moves: dict[type[Case], dict[str, Move]] = {}


def moves_of(model: type[Case]) -> Callable[[type], type]:
    """Class decorator: the moves that a plain class and its bases declare become the moves of `model`.

        @moves_of(Application)
        class ApplicationMoves(RoutedMoves):
            @move(source="draft", target="withdrawn", label=_("放弃申报"), permission="applications.submit")
            def withdraw(self: Application, act: Act) -> None: ...

    `self` of such a method is the case. The class holds moves and nothing else: what two of them share is a function
    beside it, since a case has no other part of the class. A move declared again in a subclass takes the place of
    the inherited one. Raises TypeError for a member that is no move, and for a move that the model has already.
    """

    def decorate(declaring: type) -> type:
        declared: dict[str, Callable] = {}
        for base in reversed(declaring.__mro__[:-1]):  # without `object`
            for name, member in vars(base).items():
                if name.startswith("__"):
                    continue
                if not _is_move(member):
                    raise TypeError(f"{base.__qualname__}.{name} is no move: a function beside the class, please")
                declared[name] = member
        _attach(model, declared)
        return declaring

    return decorate


def _attach(model: type[Case], declared: dict[str, Callable]) -> None:
    has = _moves.setdefault(model, {})
    if twice := sorted(has.keys() & declared.keys()):
        raise TypeError(f"{model.__name__} has these moves already: {', '.join(twice)}")
    for name, method in declared.items():
        has[name] = _declared[method](model, method)
    model._meta.get_field(STATE)._collect_transitions(sender=model)  # django-fsm looked when the model was made


def _register(sender, **kwargs) -> None:
    if issubclass(sender, Case) and not sender._meta.abstract and not sender._meta.proxy:
        if sender.case_kind in _kinds and _kinds[sender.case_kind]._meta.label != sender._meta.label:
            raise TypeError(f"two cases of kind {sender.case_kind!r}")
        _kinds[sender.case_kind] = sender
        written_on_it = {
            name: member for base in reversed(sender.__mro__) for name, member in vars(base).items() if _is_move(member)
        }
        if written_on_it:
            _attach(sender, written_on_it)


class_prepared.connect(_register)


def kinds() -> dict[str, type[Case]]:
    """Every kind of case there is: code → model."""
    return dict(_kinds)


def case_model(kind: str) -> type[Case] | None:
    """The model of a kind of case, or None for a kind that does not exist."""
    return _kinds.get(kind)


def get_case(kind: str, pk: int) -> Case:
    """The case itself, unscoped: for the house's own work, never for an answer to a request."""
    return _kinds[kind]._base_manager.get(pk=pk)


def moves(model: type[Case]) -> dict[str, Move]:
    """The moves of a kind of case, in the order of their declaration.

    Raises LookupError where none are attached: its room has not imported its `moves` module.
    """
    try:
        return _moves[model._meta.concrete_model]
    except KeyError:
        raise LookupError(
            f"{model._meta.label} has no moves: its room imports its `moves` module in AppConfig.ready()"
        ) from None


def ends(model: type[Case]) -> list[str]:
    """The states in which a kind of case has come to its end: no move leads on to another."""
    leads_on = {
        source
        for declared in moves(model).values()
        for source in declared.sources
        if {*(declared.targets or ())} - {source}
    }
    if "*" in leads_on:
        return []
    return [code for code, _label in model._meta.get_field(STATE).choices if code not in leads_on]


def table(roles: Callable[[str], set[str]]) -> list[tuple[str, str, str, str, str]]:
    """Every kind × state × move, with the roles that `roles(permission)` grants it to and where it leads.

    This is what the committed table of the house is generated from and compared with.
    """
    rows = []
    for kind, model in sorted(_kinds.items()):
        states = [code for code, _label in model._meta.get_field(STATE).choices]
        for state in states:
            for code, declared in moves(model).items():
                if state not in declared.sources and "*" not in declared.sources:
                    continue
                who = {"system"} if declared.system else set()
                who |= {"public"} if declared.public else set()
                who |= roles(declared.permission) if declared.permission else set()
                targets = [state] if declared.targets is None else list(declared.targets)
                rows.append((kind, state, code, "|".join(targets), " ".join(sorted(who))))
    return rows
