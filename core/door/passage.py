"""The passage itself: lock, permission, conditions, transition, log line, all or nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import clock, outbox
from core.bounds import TooLong
from core.door.actors import Actor, LinkActor, PublicActor, SystemActor
from core.door.attempts import note_attempt
from core.door.choices import why_not
from core.door.declarations import Move, moves
from core.door.errors import DoorError, Forbidden, NotFound, Refused, Stale
from core.door.log import last_line, log_move
from core.findings import Finding, blocking
from core.forms.clean import clean
from core.language import in_source_language
from core.models import Case


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
    labels: dict[str, str] = field(default_factory=dict)

    def perform(self, case: Case, transition: str, data: dict | None = None, *, system: bool = False) -> Case:
        """Make another case's move inside this one's transaction, under the same correlation. `system` makes it
        as the portal itself, for what a regulation lets follow without anybody's decision."""
        actor = SystemActor() if system else self.actor
        return _pass(case, transition, actor, data or {}, self.on, None, self.correlation)

    def then(self, case: Case, transition: str, data: dict | None = None, *, system: bool = True) -> None:
        """Make a further move once this one has been saved, still inside its transaction."""
        self.followers.append((case, transition, data or {}, system))

    def notify(
        self,
        memberships: Iterable,
        title: str,
        body: str = "",
        *,
        case: Case | None = None,
        asks: str = "",
        url: str = "",
    ) -> None:
        """Tell people in the portal and by mail, once the transaction has committed. `asks` names what they are asked
        for, as the ledger names it; `core.ledger.settle` with that name makes the message read. `url` is where they do it, the
        case's page where nothing is said."""
        about = case or self.case
        key = str(uuid.uuid4())
        url = url or about.get_absolute_url()
        outbox.notify(memberships, title, body, url, key=key, by=self.actor, case=about, asks=asks)

    def task(self, path: str, **payload) -> None:
        """Have a worker run the function at the dotted `path` with `payload`, once the transaction has committed."""
        outbox.queue_task(path, payload, key=f"{path}:{uuid.uuid4()}", by=self.actor, case=self.case)


# Set by the ledger: makes what is due on a case before a move on it; gives the version to compare the move with.
before_passage: Callable[[Case, str, int | None], int | None] = lambda case, code, seen: seen  # noqa: E731


_of_persons: Callable[[Case, Actor], Finding | None] = lambda case, actor: None  # noqa: E731


def ask_of_persons(question: Callable[[Case, Actor], Finding | None]) -> None:
    """Say what the door asks of every person who acts on a case, whatever the move: a finding that refuses, or None."""
    global _of_persons
    _of_persons = question


_arrivals: list[Callable[[Case, Act], None]] = []


def on_arrival(listener: Callable[[Case, Act], None]) -> None:
    """Have `listener(case, act)` called, inside the transaction, whenever a move has brought a case to another state:
    the one place where a case says how far it is."""
    if listener not in _arrivals:
        _arrivals.append(listener)


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
    seen = before_passage(case, transition, seen)
    way = (case, transition, actor, data or {}, on, seen, correlation)
    try:
        with in_source_language(), transaction.atomic():
            return _pass(*way)
    except DoorError as error:
        note_attempt(case, transition, actor, error, correlation)
        raise _in_readers_words(error, lambda: _pass(*way)) from None


def perform_together(acts: Iterable[tuple[Case, str, dict]], actor: Actor, on: dt.date | None = None) -> list[Case]:
    """Make several moves as one: all or nothing, one correlation, cases locked in the order given."""
    correlation = uuid.uuid4()
    acts = list(acts)
    at = 0
    for case, code, _data in acts:
        before_passage(case, code, None)

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
        note_attempt(refused, code, actor, error, correlation)
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
        points = [
            [(finding.rule, finding.clause, finding.field) for finding in refusal.findings]
            for refusal in (error, second)
        ]
        if type(second) is type(error) and points[0] == points[1]:
            return second
    return error


def _pass(case, code, actor, data, on, seen, correlation) -> Case:
    declared = moves(type(case)).get(code)
    if declared is None:
        raise NotFound(code)
    fresh = type(case).locked(case.pk)
    if fresh is None or not actor.sees(fresh):
        raise NotFound(code)
    now = clock.now()
    paper_date = _paper_date(on, now)
    old = seen is not None and int(seen) != fresh.version
    subject = _allowed(fresh, declared, actor, data, old)
    if old:
        raise Stale(last_line(fresh), fresh, actor)
    if "*" not in declared.sources and fresh.state not in declared.sources:
        raise Stale(last_line(fresh), fresh, actor)
    if not isinstance(actor, SystemActor) and (stands_against := _of_persons(fresh, actor)) is not None:
        raise Refused(stands_against)
    act = Act(actor, declared, fresh, {}, data, paper_date, now, correlation, subject)
    act.reason = str(data.get("reason") or "").strip()
    _clean(fresh, act)
    for condition in declared.conditions:
        answer = condition(fresh, act)
        act.findings += [answer] if isinstance(answer, Finding) else list(answer or [])
    if stopped := blocking(act.findings):
        raise Refused(stopped)
    before = fresh.state
    try:
        getattr(fresh, code)(act)
    except TooLong as error:
        raise error.of_answer(act.data, act.labels) from None
    fresh.version += 1
    fresh.changed_at = now
    log_move(fresh, act, before)
    fresh.save(update_fields=[field.name for field in fresh._meta.concrete_fields if not field.primary_key])
    if fresh.state != before:
        for listener in _arrivals:
            listener(fresh, act)
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
    subjects = {str(subject.pk): subject for subject in declared.subjects(case)}
    if chosen not in subjects:
        if not old and declared.early is not None and (first := declared.early(case, actor, chosen)) is not None:
            raise Refused(first)
        held = old or isinstance(actor, LinkActor)  # the one subject of a link's holder is closed: somebody was quicker
        if not held and not any(actor.may(declared.permission, subject) for subject in subjects.values()):
            raise Forbidden(why_not(case, declared, list(subjects.values())))
        raise Stale(last_line(case), case, actor)
    if not actor.may(declared.permission, subjects[chosen]):
        raise Forbidden(why_not(case, declared, [subjects[chosen]]))
    return subjects[chosen]


def _clean(case, act: Act) -> None:
    spec = act.move.spec(case, act.actor, act.raw, act.subject)
    if spec is None:
        return

    resolver = case.resolver(act.actor)
    act.labels = {key: str(asked.label) for key, asked in spec.index.items()}
    act.data, findings = clean(spec, act.raw.get("answers", act.raw), resolver=resolver)
    act.findings += findings
    act.reason = act.reason or str(act.data.get("reason") or "").strip()
