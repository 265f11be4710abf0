"""The one door: every change of state of every case passes through `perform`.

A move is declared once, beside the model, with `move`: where from, where to, what it is called, who may, which
form it asks for, which conditions hold it back, what follows the commit. Buttons, bulk actions, logs, diagrams and
the table of state × move × role are read from these declarations and are never written a second time.

Lock order: a list or call before its members, a case before its recognition or agreement, members by primary key.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models.signals import class_prepared
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_fsm import transition as fsm_transition

from core import clock
from core.findings import Finding, blocking
from core.language import in_source_language
from core.models import AttemptLog, Case, TransitionLog


class DoorError(Exception):
    """An act the door did not let through. Nothing but the log of attempts has changed."""

    code = "refused"
    findings: list[Finding] = []


class Refused(DoorError):
    """A condition or the input stood against it; `findings` say which, each with its clause and the facts seen."""

    def __init__(self, findings: Iterable[Finding] | Finding | str, clause: str = ""):
        if isinstance(findings, str):
            findings = Finding(clause, "hard", findings)
        self.findings = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__("；".join(finding.message for finding in self.findings))


class Forbidden(DoorError):
    """The actor sees the case but may not do this."""

    code = "forbidden"

    def __init__(self, message: str = ""):
        self.findings = [Finding("", "hard", message)] if message else []
        super().__init__(message)


class NotFound(DoorError):
    """To this actor the case does not exist."""

    code = "not_found"


class Stale(DoorError):
    """Somebody was quicker, or the page is old: what the actor wanted to do is no longer open."""

    code = "stale"

    def __init__(self, last: TransitionLog | None, case: Case):
        self.last, self.case = last, case
        if last:
            message = _("此事项已由%(who)s于%(when)s办理“%(what)s”，您看到的是旧页面，本次操作没有改动任何内容。") % {
                "who": last.actor_name,
                "when": clock.local(last.at).strftime("%Y-%m-%d %H:%M"),
                "what": last.label,
            }
        else:
            message = _("此事项当前不在可办理该操作的环节，本次操作没有改动任何内容。")
        self.findings = [Finding("", "hard", message)]
        super().__init__(message)


class Actor(Protocol):
    """Who acts: a membership, or the system or the public below."""

    user_id: int | None
    membership_id: int | None
    organisation_id: int | None
    organisation_name: str
    role: str
    name: str

    def may(self, permission: str, obj: Any) -> bool: ...

    def sees(self, case: Case) -> bool: ...


@dataclass(frozen=True)
class SystemActor:
    """A scheduled job, or what follows of itself. May only make moves declared `system`."""

    name: str = "系统"
    role: str = "system"
    user: Any = None
    user_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""

    def may(self, permission: str, obj: Any) -> bool:
        return False

    def sees(self, case: Case) -> bool:
        return True


@dataclass(frozen=True)
class PublicActor(SystemActor):
    """A member of the public, named as they name themselves. May only make moves declared `public`."""

    name: str = "社会公众"
    role: str = "public"


@dataclass(frozen=True)
class Move:
    """The declaration of one transition."""

    code: str
    label: str
    permission: str
    sources: tuple[str, ...]
    targets: tuple[str, ...] | None
    form: Any = None
    conditions: tuple[Callable, ...] = ()
    subjects: Callable | None = None
    primary: bool = False
    confirm: str = ""
    help: str = ""
    icon: str = ""
    system: bool = False
    public: bool = False
    hidden: bool = False
    backdated: bool = True

    def spec(self, case: Case, actor: Actor, data: dict):
        """The form this move asks for, as a `core.forms` FormSpec, or None."""
        if self.form is None:
            return None
        found = self.form(case, actor, data) if callable(self.form) else self.form
        return _parsed(found) if isinstance(found, dict) else found


def _parsed(data: dict):
    from core.forms.spec import parse_form

    return parse_form(data)


def move(
    state_field,
    *,
    source: str | list[str],
    target=None,
    label: str,
    permission: str,
    form=None,
    conditions: Iterable[Callable] = (),
    subjects: Callable | None = None,
    primary: bool = False,
    confirm: str = "",
    help: str = "",
    icon: str = "",
    system: bool = False,
    public: bool = False,
    hidden: bool = False,
):
    """Declare a model method as a move.

    `source` and `target` are states (target None: an act that changes no state; a django-fsm GET_STATE where the
    profile decides). `permission` is asked of the actor for the case, or for one of `subjects(case)` (its open
    steps, say) where the move is offered once for each; the act's data then carry the subject's id under "step".
    `form` is a form spec as data, or a callable (case, actor, data) that gives one; the door cleans the input with
    it. `conditions` are callables (case, act) that return findings; any that blocks refuses the act. `system` moves
    are made only by jobs and by what follows of itself, `public` ones also by people without an account; `hidden`
    ones have no button of their own.
    """

    def decorate(method):
        sources = (source,) if isinstance(source, str) else tuple(source)
        if target is None:
            targets = None
        elif hasattr(target, "allowed_states"):
            targets = tuple(target.allowed_states or ())
        else:
            targets = (target,)
        declared = Move(
            code=method.__name__,
            label=label,
            permission=permission,
            sources=sources,
            targets=targets,
            form=form,
            conditions=tuple(conditions),
            subjects=subjects,
            primary=primary,
            confirm=confirm,
            help=help,
            icon=icon,
            system=system,
            public=public,
            hidden=hidden,
        )
        wrapped = fsm_transition(field=state_field, source=list(sources), target=target)(method)
        wrapped.move = declared
        return wrapped

    return decorate


_kinds: dict[str, type[Case]] = {}


def _register(sender, **kwargs) -> None:
    if issubclass(sender, Case) and not sender._meta.abstract and not sender._meta.proxy:
        if sender.case_kind in _kinds and _kinds[sender.case_kind]._meta.label != sender._meta.label:
            raise TypeError(f"two cases of kind {sender.case_kind!r}")
        _kinds[sender.case_kind] = sender


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
    """The moves a kind of case declares, in the order of their declaration."""
    found: dict[str, Move] = {}
    for base in reversed(model.__mro__):
        for name, value in vars(base).items():
            if hasattr(value, "move"):
                found[name] = value.move
    return found


@dataclass
class Act:
    """One act on its way through the door: what the move's method works with."""

    actor: Actor
    move: Move
    case: Case
    data: dict
    raw: dict
    on: dt.date
    now: dt.datetime
    correlation: uuid.UUID
    subject: Any = None
    reason: str = ""
    step_key: str = ""
    step_title: str = ""
    decided_by: str = ""
    facts: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    followers: list[tuple] = field(default_factory=list)

    def perform(self, case: Case, transition: str, data: dict | None = None, *, system: bool = False) -> Case:
        """Make another case's move inside this one's transaction, under the same correlation. `system` makes it
        as the portal itself, for what a regulation lets follow without anybody's decision."""
        actor = SystemActor() if system else self.actor
        return _pass(case, transition, actor, data or {}, self.on, None, self.correlation)

    def then(self, case: Case, transition: str, data: dict | None = None, *, system: bool = True) -> None:
        """Make a further move once this one has been saved, still inside its transaction."""
        self.followers.append((case, transition, data or {}, system))

    def notify(self, memberships: Iterable, title: str, body: str = "", *, case: Case | None = None) -> None:
        """Tell people in the portal and by mail, once the transaction has committed."""
        from core import outbox

        outbox.notify(memberships, title, body, (case or self.case).get_absolute_url(), key=str(uuid.uuid4()))

    def task(self, path: str, **payload) -> None:
        """Have a worker run the function at the dotted `path` with `payload`, once the transaction has committed."""
        from core import outbox

        outbox.queue_task(path, payload, key=f"{path}:{uuid.uuid4()}")


def perform(
    case: Case,
    transition: str,
    actor: Actor,
    data: dict | None = None,
    on: dt.date | None = None,
    seen: int | None = None,
    correlation: uuid.UUID | None = None,
) -> Case:
    """Make a move, or refuse it and change nothing but the log of attempts.

    `case` is re-read under a lock; `data` is the input, cleaned by the move's own form; `on` the paper's date where
    it differs from today; `seen` the case's version on the page the actor acted from. Returns the fresh case.
    Raises NotFound, Forbidden, Stale or Refused.
    """
    correlation = correlation or uuid.uuid4()
    way = (case, transition, actor, data or {}, on, seen, correlation)
    try:
        with in_source_language(), transaction.atomic():
            return _pass(*way)
    except DoorError as error:
        _note_attempt(case, transition, actor, error, correlation)
        raise _in_readers_words(error, lambda: _pass(*way)) from None


def perform_together(acts: Iterable[tuple[Case, str, dict]], actor: Actor, on: dt.date | None = None) -> list[Case]:
    """Make several moves as one: all or nothing, one correlation, cases locked in the order given."""
    correlation = uuid.uuid4()
    acts = list(acts)
    at = 0

    def all_of_them() -> list[Case]:
        nonlocal at
        fresh = []
        for at, (case, code, data) in enumerate(acts):  # noqa: B007 - the refused one is named below
            fresh.append(_pass(case, code, actor, data, on, None, correlation))
        return fresh

    try:
        with in_source_language(), transaction.atomic():
            return all_of_them()
    except DoorError as error:
        refused, code, _data = acts[at]
        _note_attempt(refused, code, actor, error, correlation)
        error = _in_readers_words(error, all_of_them)
        error.at = refused  # whose refusal it is, for a page that asked for several
        raise error from None


def _in_readers_words(error: DoorError, again: Callable) -> DoorError:
    """The refusal as the reader's language says it. What an act writes is kept in Chinese, so the refusal came in
    Chinese too; for another reader the act is tried once more and undone whatever comes of it."""
    language = get_language()
    if language in (None, settings.LANGUAGE_CODE):
        return error
    try:
        with override(language), transaction.atomic():
            again()
            transaction.set_rollback(True)
    except DoorError as second:
        points = [[(one.rule, one.clause, one.field) for one in found.findings] for found in (error, second)]
        if type(second) is type(error) and points[0] == points[1]:
            return second
    return error


def _pass(case, code, actor, data, on, seen, correlation) -> Case:
    declared = moves(type(case)).get(code)
    if declared is None:
        raise NotFound(code)
    fresh = type(case)._base_manager.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if fresh is None or not actor.sees(fresh):
        raise NotFound(code)
    now = clock.now()
    paper_date = _paper_date(on, now)
    old = seen is not None and int(seen) != fresh.version
    subject = _allowed(fresh, declared, actor, data, old)
    if old:
        raise Stale(_last(fresh), fresh)
    if "*" not in declared.sources and fresh.state not in declared.sources:
        raise Stale(_last(fresh), fresh)
    act = Act(actor, declared, fresh, {}, data, paper_date, now, correlation, subject)
    act.reason = str(data.get("reason") or "").strip()
    _clean(fresh, act)
    for condition in declared.conditions:
        found = condition(fresh, act)
        act.findings += [found] if isinstance(found, Finding) else list(found or [])
    if stopped := blocking(act.findings):
        raise Refused(stopped)
    before = fresh.state
    getattr(fresh, code)(act)
    fresh.version += 1
    fresh.changed_at = now
    fresh.save()
    _log(fresh, act, before)
    for follower, next_code, next_data, system in act.followers:
        target = fresh if follower.pk == fresh.pk and type(follower) is type(fresh) else follower
        fresh_follower = _pass(
            target, next_code, SystemActor() if system else actor, next_data, paper_date, None, correlation
        )
        if target is fresh:
            fresh = fresh_follower
    return fresh


def _paper_date(on: dt.date | None, now: dt.datetime) -> dt.date:
    if on is not None and on > now.date():
        raise Refused(
            Finding(
                "",
                "hard",
                _("文书日期%(on)s晚于今天%(today)s，不能登记将来的日期。")
                % {"on": on.isoformat(), "today": now.date().isoformat()},
                {"on": on.isoformat(), "today": now.date().isoformat()},
                field="on",
            )
        )
    return on or now.date()


def _allowed(case, declared: Move, actor, data, old: bool = False):
    """The subject the actor acts on: the case, or the step named in the data. Raises where it may not."""
    if isinstance(actor, PublicActor):
        if not declared.public:
            raise Forbidden(_("此操作需要登录后办理。"))
        return case
    if isinstance(actor, SystemActor):
        if not declared.system:
            raise Forbidden(_("此操作须由有权限的人员办理，系统不能代办。"))
        return case
    if declared.system and declared.hidden:
        raise Forbidden(_("此操作由系统自动办理。"))
    if declared.subjects is None:
        if not actor.may(declared.permission, case):
            raise Forbidden(why_not(case, declared))
        return case
    chosen = str(data.get("step") or "")
    found = {str(subject.pk): subject for subject in declared.subjects(case)}
    if chosen not in found:
        if not old and not any(actor.may(declared.permission, subject) for subject in found.values()):
            raise Forbidden(why_not(case, declared, list(found.values())))
        raise Stale(_last(case), case)
    if not actor.may(declared.permission, found[chosen]):
        raise Forbidden(why_not(case, declared, [found[chosen]]))
    return found[chosen]


def why_not(case: Case, declared: Move, subjects: Iterable | None = None) -> str:
    """One sentence for somebody who may not make this move: whose business it is, on the case or on its `subjects`."""
    holder = case.who_may(declared, [case] if subjects is None else subjects)
    return _("“%(label)s”由%(who)s办理。") % {"label": declared.label, "who": holder or _("其他角色")}


def _clean(case, act: Act) -> None:
    spec = act.move.spec(case, act.actor, act.raw | {"_subject": act.subject})
    if spec is None:
        return
    from core.forms.clean import clean

    resolver = case.resolver(act.actor) if hasattr(case, "resolver") else None
    act.data, findings = clean(spec, act.raw.get("answers", act.raw), resolver=resolver)
    act.findings += findings
    act.reason = act.reason or str(act.data.get("reason") or "").strip()


def _last(case) -> TransitionLog | None:
    """The last line of the case; where the system made it on somebody's act, that act's own line."""
    last = TransitionLog.objects.filter(case_kind=case.case_kind, case_id=case.pk).order_by("-id").first()
    if last is not None and last.membership_id is None:
        return TransitionLog.objects.filter(correlation=last.correlation).order_by("id").first()
    return last


def _line(case, declared_code: str, label: str, actor, correlation) -> dict:
    return {
        "at": clock.now(),
        "real_at": clock.real_now(),
        "case_kind": case.case_kind,
        "case_id": case.pk,
        "case_number": case.number,
        "case_title": case.listed_title[:200],
        "round": case.round,
        "transition": declared_code,
        "label": label,
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "organisation_id": actor.organisation_id,
        "organisation_name": actor.organisation_name,
        "role": actor.role,
        "actor_name": actor.name,
        "regulation": case.regulation_label(),
        "correlation": correlation,
    }


def _log(case, act: Act, before: str) -> None:
    TransitionLog.objects.create(
        **_line(case, act.move.code, str(act.move.label), act.actor, act.correlation),
        from_state=before,
        to_state=case.state,
        on=act.on,
        reason=act.reason,
        step_key=act.step_key,
        step_title=act.step_title,
        decided_by=act.decided_by,
        data=act.data,
        facts=act.facts | {"findings": [finding.as_dict() for finding in act.findings]},
    )


def record_event(case: Case, code: str, label: str, actor: Actor, **more) -> None:
    """Write a line for something that is no move: a case's creation, an upload, a look into a restricted file."""
    TransitionLog.objects.create(
        **_line(case, code, label, actor, more.pop("correlation", None) or uuid.uuid4()),
        from_state=more.pop("from_state", case.state),
        to_state=case.state,
        on=more.pop("on", None) or clock.today(),
        **more,
    )


def _note_attempt(case, code, actor, error: DoorError, correlation) -> None:
    current = type(case)._base_manager.filter(pk=case.pk).first() or case
    declared = moves(type(case)).get(code)
    with in_source_language():
        AttemptLog.objects.create(
            **_line(current, code[:60], str(declared.label) if declared else "", actor, correlation),
            from_state=current.state,
            error=error.code,
            findings=[finding.as_dict() for finding in error.findings],
        )


@dataclass(frozen=True)
class Choice:
    """One move on the case page: open to the actor now, or why not."""

    move: Move
    allowed: bool
    why_not: str = ""
    subject: Any = None


def available(case: Case, actor: Actor) -> list[Choice]:
    """The moves declared for the case's state: those open to the actor, and the others with the reason.

    Conditions are not evaluated here; the page shows their findings beside the buttons.
    """
    choices: list[Choice] = []
    seen_subjects: dict[Callable, list] = {}  # several moves are about the same steps: asked for once
    for declared in moves(type(case)).values():
        if declared.hidden or (case.state not in declared.sources and "*" not in declared.sources):
            continue
        if declared.subjects is None:
            allowed = actor.may(declared.permission, case)
            choices.append(Choice(declared, allowed, "" if allowed else why_not(case, declared)))
            continue
        if declared.subjects not in seen_subjects:
            seen_subjects[declared.subjects] = list(declared.subjects(case))
        for subject in seen_subjects[declared.subjects]:
            if actor.may(declared.permission, subject):
                choices.append(Choice(declared, True, "", subject))
    return choices


def table(roles: Callable[[str], set[str]]) -> list[tuple[str, str, str, str, str]]:
    """Every kind × state × move, with the roles that `roles(permission)` grants it to and where it leads.

    This is what the committed table of the house is generated from and compared with.
    """
    rows = []
    for kind, model in sorted(_kinds.items()):
        states = [code for code, _label in model._meta.get_field("state").choices]
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
