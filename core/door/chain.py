"""The lines of a case as a chain: each holds a hash of its content and of the hash before it.

The database keeps the portal from rewriting a line (`core.triggers`); who owns the database can do it all the same.
This says so afterwards: a line that was changed, taken out, put in or moved no longer fits the next one, and one
taken away at the end is missed by the case's own count. A chain for each case, since one for all would put everybody
who acts in one queue. Whoever rewrites a whole chain and the case besides is found out by an earlier `digest` that
was kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models

from core import clock
from core.models import Case, Logged, TransitionLog

CHUNK = 2000
UNSEALED = {"id", "hash"}  # given by the database; the hash itself


def sealed_hash(line: TransitionLog, before: str) -> str:
    """The hash of a line that follows the one whose hash is `before` ("" for the first): SHA-256 as hexadecimal."""
    content = {
        field.attname: _plain(field.to_python(getattr(line, field.attname)))
        for field in TransitionLog._meta.concrete_fields
        if field.attname not in UNSEALED
    }
    text = json.dumps([before, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as either database gives it back: JSON numbers lose what tells 1.0 from 1, times their zone."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)  # a date, a UUID, a lazy text


@dataclass(frozen=True)
class Break:
    """The first place at which the lines of one case do not fit."""

    kind: str
    pk: int
    number: str
    position: int
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.number}, line {self.position}: {self.what}"


def breaks() -> Iterator[Break]:
    """The first broken line of every case whose chain does not hold; nothing where all hold."""
    for model in logged_models():
        yield from _breaks_of(model)
    known = [model.case_kind for model in logged_models()]
    strays = TransitionLog.objects.exclude(case_kind__in=known).order_by("id")
    for kind, pk in strays.values_list("case_kind", "case_id").distinct():
        yield Break(kind, pk, "", 1, "there is no such kind of case")


def logged_models() -> list[type[Logged]]:
    """Everything that has lines in the log."""
    return [model for model in apps.get_models() if issubclass(model, Logged)]


def _breaks_of(model: type[Logged]) -> Iterator[Break]:
    kind = model.case_kind
    lines = TransitionLog.objects.filter(case_kind=kind).order_by("case_id", "position", "id")
    chains = groupby(lines.iterator(chunk_size=CHUNK), key=lambda line: line.case_id)
    pk, chain = next(chains, (None, ()))
    for subject in model._base_manager.order_by("pk").iterator(chunk_size=CHUNK):
        while pk is not None and pk < subject.pk:
            yield Break(kind, pk, next(iter(chain)).case_number, 1, "its case is gone")
            pk, chain = next(chains, (None, ()))
        if pk == subject.pk:
            fault = _break_in(subject, chain)
            pk, chain = next(chains, (None, ()))
        else:
            fault = (1, "there are no lines, the case counts some") if subject.log_lines else None
        if fault:
            yield Break(kind, subject.pk, getattr(subject, "number", ""), *fault)
    while pk is not None:
        yield Break(kind, pk, next(iter(chain)).case_number, 1, "its case is gone")
        pk, chain = next(chains, (None, ()))


def _break_in(subject: Logged, chain: Iterator[TransitionLog]) -> tuple[int, str] | None:
    before, last_id, position, acts = "", 0, 0, None
    for line in chain:
        position += 1
        if line.position > position:
            return position, "is missing"
        if line.position < position:
            return line.position, "stands there twice"
        if line.hash != sealed_hash(line, before):
            return position, "was changed, or the one before it was"
        if line.id < last_id:
            return position, "was entered before the one that it follows"
        if line.version is not None:
            if acts is not None and line.version != acts.version + 1:
                return position, f"is act {line.version} of the case, after act {acts.version}"
            acts = line
        before, last_id = line.hash, line.id
    if subject.log_lines > position:
        return position + 1, f"is missing: the case counts {subject.log_lines}"
    if subject.log_lines < position:
        return subject.log_lines + 1, f"was put in: the case counts {subject.log_lines}"
    if (
        isinstance(subject, Case)
        and acts is not None
        and (acts.version, acts.to_state)
        != (
            subject.version,
            subject.state,
        )
    ):
        return position, f"leads to {acts.to_state} {acts.version}; the case is {subject.state} {subject.version}"
    return None


def digest(before: dt.date) -> tuple[int, str]:
    """How many lines were entered before that day, by the real clock, and one hash over all of their hashes.

    It never changes again for a day in the past: compared with one that was kept outside the portal, it tells whether
    anything up to that day was rewritten, by whomever.
    """
    lines = TransitionLog.objects.filter(real_at__lt=clock.aware(f"{before.isoformat()}T00:00"))
    count, total = 0, hashlib.sha256()
    for seal in lines.order_by("case_kind", "case_id", "position").values_list("hash", flat=True).iterator():
        total.update(seal.encode())
        count += 1
    return count, total.hexdigest()


def next_place(subject: Logged) -> tuple[int, str]:
    """The place of the next line of a locked case: its position, and the hash before it."""
    before = (
        TransitionLog.objects.filter(case_kind=subject.case_kind, case_id=models.OuterRef("pk"))
        .order_by("-position")
        .values("hash")[:1]
    )
    rows = type(subject)._base_manager.filter(pk=subject.pk)
    lines, seal = rows.values_list("log_lines", models.Subquery(before)).get()
    return lines + 1, seal or ""
