"""What somebody may not know leaves no trace for them: a row is changed in place, and every page, count, mean, order, search
and export of everybody who may not know of it stays as it was, to the letter. Who may know sees the change.

Sampled over roles and addresses. Only what differs from one answer to the next by itself is masked: tokens and nonces;
the clock says the same each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from pypdf import PdfReader

from casework import panels
from casework.models import Assignment, Mark, Step
from casework.models.routed import RoutedCase
from core import clock, triggers
from core.door import record_event
from core.models import TransitionLog
from evaluations.models import Evaluation, Rectification, Round
from tenants import grants
from tenants.models import Membership, Organisation, User
from tests.crawl.addresses import ADDRESSES, At
from tests.crawl.factories import World, build
from tests.crawl.test_crawl import client_of
from tests.placing import place
from trainees.models import Placement, Student

pytestmark = pytest.mark.django_db  # each test inside its own savepoint, below the module's transaction

NOW = "2026-12-10T09:00"
Pair = tuple[str, str]
# What an answer says anew each time: the token of its forms, the nonce of its scripts.
TOKENS = re.compile(r'(csrfmiddlewaretoken" value="|nonce="|nonce-|X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9+/=_-]+')
# Kinds of case whose pages tell of panels, grades and what follows; of the others each reader takes a few.
CLOSE_BY = {"application", "evaluation", "evaluation_round", "recognition", "rectification", "placement"}
CLOSEST = {"evaluation", "evaluation_round"}  # of the other kinds each reader takes every second page
READERS: list[Pair] = [
    ("university", "expert"),  # sits on the same panels
    ("university", "student"),
    ("college", "secretary"),
    ("college", "mentor"),
    ("college", "dean"),
    ("college", "auditor"),
    ("partner", "contact"),
    ("partner", "base_mentor"),
    ("department", "officer"),
]
OFFICE: Pair = ("university", "graduate_office")


# --- the world -------------------------------------------------------------------------------------------------------


@dataclass
class Sealed:
    """Both tenants under one department; an open and a closed panel of the own one, with what was handed in there."""

    world: World
    given: list[Assignment]
    giver: Membership
    other: Membership
    before: dict[tuple[str, Pair], dict[str, object]]


def _expert(university: Organisation, name: str) -> Membership:
    user = User.objects.create(username=f"sealed.{name}", name=name, email=f"{name}@example.invalid")
    return Membership.objects.create(user=user, organisation=university, role="expert")


def _panel(case: RoutedCase, clerk: Membership, giver: Membership, silent: Membership, *, closed: bool) -> Assignment:
    """A panel with two experts: one has handed in, the other not; of a closed one both have, and all is over."""
    today, week = clock.today(), dt.timedelta(days=7)
    declared = next(step for step in case.declared_route() if step.kind == "panel")
    about = {"case_kind": case.case_kind, "case_id": case.pk, "case_title": case.title}
    step = Step.objects.create(
        **about,
        case_number=case.number,
        round=case.round,
        key=declared.key,
        title="专家评审",
        stage=declared.stage,
        kind="panel",
        position=1,
        role=clerk.role,
        unit=clerk.organisation,
        state="done" if closed else "open",
        opened_at=clock.now(),
        due_on=today + week,
    )
    rows = []
    for expert, submitted in ((giver, True), (silent, closed)):
        row = Assignment.objects.create(
            **about,
            step=step,
            expert=expert.user,
            membership=expert,
            state="submitted" if submitted else "assigned",
            opens_on=today - week,
            closes_on=today - dt.timedelta(days=1) if closed else today + week,
            promised_at=clock.now(),
            submitted_at=clock.now() if submitted else None,
            assigned_by=clerk.name,
            answers={"text": "原意见", "opinion": "原意见"} if submitted else {},
            score=Decimal(61) if submitted else None,
        )
        rows.append(row)
        if not closed:
            grants.give(expert.user, panels.VIEW, case)
    sheet = panels.sheet_for(case, step)
    if sheet is not None:
        Mark.objects.bulk_create(Mark(assignment=rows[0], indicator=leaf.key, value=1) for leaf in sheet.leaves())
    record_event(case, "give_opinion", "提交评审意见", giver, reason="原理由")
    return rows[0]


def _sealed() -> Sealed:
    """A province with two universities, each with cases of every kind in every state."""
    world = build()
    own, foreign = world.own, world.foreign
    Organisation.objects.filter(pk=foreign.units["university"].pk).update(parent=own.units["department"])
    clerk, silent, later = own.members[OFFICE], own.members["university", "expert"], own.things.in_states
    giver, other = (_expert(own.units["university"], name) for name in ("阅卷甲", "阅卷乙"))
    marking, confirmed = later["evaluation", "marking"], later["evaluation", "confirmed"]
    given = [
        _panel(marking, clerk, giver, silent, closed=False),
        _panel(later["application", "reviewing"], clerk, giver, silent, closed=False),
        _panel(confirmed, clerk, giver, other, closed=True),
    ]
    return Sealed(world, given, giver, other, {})


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Sealed]:
    """Built once for the module and rolled back at its end."""
    media = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), clock.travel(NOW):
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            made = _sealed()
            made.world.media = folder
            yield made
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            settings.MEDIA_ROOT = media


@pytest.fixture(autouse=True)
def _same_media(sealed, _media_of_this_test, settings) -> Iterator[None]:
    """The files were made with the world, before the test's own folder; the world's day is today."""
    settings.MEDIA_ROOT = sealed.world.media
    with clock.travel(NOW):
        yield


# --- what a reader is shown ------------------------------------------------------------------------------------------


def said_by(response) -> object:
    """What an answer says: where it leads, its text with what changes by itself masked, its cells."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "")
    head = (response.status_code, response.get("Location", ""))
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            cells = (name for name in archive.namelist() if name.startswith(("xl/worksheets/", "xl/sharedStrings")))
            return *head, *(line for name in cells for line in archive.read(name).decode().split("<row"))
    if "pdf" in kind:
        return *head, *(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "officedocument" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return *head, archive.read("word/document.xml").decode()
    if "text" in kind or "json" in kind:
        return *head, *TOKENS.sub(r"\1", body.decode("utf-8", "replace")).splitlines()
    return *head, hashlib.sha256(body).hexdigest()


def sampled(sealed: Sealed, tenant_name: str, pair: Pair) -> list[str]:
    """Addresses that a role reads in its own tenant: every list with its export, every search, the pages of evaluations
    in every state, half of those of the other kinds that tell of panels and grades, of everything else one in seven;
    others for each role."""
    world = sealed.world
    tenant = getattr(world, tenant_name)
    paths, rest = [], []
    turn = number = sorted(tenant.members).index(pair)
    for name, address in ADDRESSES.items():
        if address.entrance or name.startswith(("account_", "mfa_", "regulations:")) or address.at_most:
            continue
        if name in ("livez", "healthz", "session_state", "set_language", "csp_report", "tenants:memberships"):
            continue
        for path in address.build(world, tenant):
            if not address.reads(pair, path):
                continue
            what = path.what.split()[0] if isinstance(path, At) else ""
            close = name == "case" and what in CLOSE_BY or name == "case_draft" and what == "evaluation"
            if close and what not in CLOSEST:
                turn += 1
                close = turn % 2 == 0
            (paths if address.plain or close else rest).append(str(path))
    sits = [f"/cases/{row.case_kind}/{row.case_id}/" for row in sealed.given] if tenant_name == "own" else []
    return [*paths, *rest[number % 7 :: 7], *ORDERED, *sits]


# Orders and searches of lists that tell of panels and grades: what is hidden may not move what is seen.
ORDERED = [
    "/evaluations/?sort=-score",
    "/evaluations/?sort=grade",
    "/evaluations/?q=KH-",
    "/evaluations/?q=95.25",
    "/bases/?sort=-last_grade",
    "/rectifications/?sort=due_on",
    "/placements/?sort=-starts_on",
    "/search/?q=改后",
    "/search/?q=阅卷",
    "/panels/progress/?q=阅卷",
]


def taken(sealed: Sealed, tenant_name: str, pair: Pair) -> dict[str, object]:
    """By path what a role is told; whatever a page may keep is undone."""
    client: Client = client_of(getattr(sealed.world, tenant_name).members[pair].user)
    answers = {}
    for path in sampled(sealed, tenant_name, pair):
        with clock.travel(NOW), transaction.atomic():  # the clock goes on from there: set back for each
            answers[path] = said_by(client.get(path))
            transaction.set_rollback(True)
    return answers


def before(sealed: Sealed, tenant_name: str, pair: Pair) -> dict[str, object]:
    """The same before any change, asked for once for the module."""
    key = (tenant_name, pair)
    if key not in sealed.before:
        sealed.before[key] = taken(sealed, tenant_name, pair)
    return sealed.before[key]


def differing(sealed: Sealed, tenant_name: str, pair: Pair) -> list[str]:
    """The addresses that tell a role something else than before, each with the first lines that differ."""
    said, now = before(sealed, tenant_name, pair), taken(sealed, tenant_name, pair)
    assert said.keys() == now.keys()
    faults = []
    for path, old in said.items():
        if old != now[path]:
            lines = [f"{a!s:.300} -> {b!s:.300}" for a, b in zip(old, now[path], strict=False) if a != b][:2]
            faults.append(f"{'.'.join(pair)} {path}: {lines or 'longer or shorter'}")
    return faults


# --- the secrets -----------------------------------------------------------------------------------------------------


def change_marks(sealed: Sealed) -> None:
    """What an expert of an open panel gave and wrote, and what the log says of it."""
    rows = [row.pk for row in sealed.given]
    Mark.objects.filter(assignment__in=rows).update(value=Decimal("4.75"))
    Assignment.objects.filter(pk__in=rows).update(
        score=Decimal("95.25"), answers={"text": "改后意见", "opinion": "改后意见"}
    )
    with triggers.lifted(connection):
        TransitionLog.objects.filter(transition="give_opinion").update(
            reason="改后理由", data={"verdict": "reject"}, facts={"marks_sha256": "f" * 64}
        )


def change_name(sealed: Sealed) -> None:
    """Somebody else sat on the panels."""
    Assignment.objects.filter(pk__in=[row.pk for row in sealed.given[:2]]).update(
        expert=sealed.other.user, membership=sealed.other, expert_kind="改后类别"
    )
    with triggers.lifted(connection):
        TransitionLog.objects.filter(transition="give_opinion").update(
            actor_name="阅卷乙", user_id=sealed.other.user_id, membership_id=sealed.other.pk
        )


def change_foreign(sealed: Sealed) -> None:
    """Another university's evaluations with grade and score, rectifications, placements, students, rounds."""
    school = sealed.world.foreign.units["university"]
    later = sealed.world.foreign.things.in_states
    for pk, number in Round.objects.filter(university=school).values_list("pk", "number"):
        Round.objects.filter(pk=pk).update(title=f"改后批次{number}")
    rows = Evaluation.objects.filter(university=school)
    rows.update(
        title="改后考核", suggested="excellent", report_due=dt.date(2020, 1, 1), absent_since=dt.date(2020, 1, 2)
    )
    rows.filter(state="confirmed").update(grade="excellent", score=Decimal("95.25"), passed=True)
    place(later["evaluation", "checking"], "confirmed", grade="unqualified", passed=False, confirmed_on=clock.today())
    Rectification.objects.filter(university=school).update(
        title="改后整改", due_on=dt.date(2020, 1, 3), person="改后责任人", outcome_reason="改后原因"
    )
    place(later["rectification", "rechecking"], "failed", concluded_on=clock.today())
    Placement.objects.filter(university=school).update(
        title="改后实践", starts_on=dt.date(2020, 1, 4), ends_on=dt.date(2020, 1, 5)
    )
    place(sealed.world.foreign.things.cases["placement"], "cancelled")
    Student.objects.filter(university=school).update(name="改后学生")


def change_panels(sealed: Sealed) -> None:
    change_marks(sealed)
    change_name(sealed)


# The secret, how it is changed, who knows (in which tenant), and what of the change they read on some page.
SECRETS: dict[str, tuple[Callable[[Sealed], None], str, Iterable[str]]] = {
    "panels": (change_panels, "own", ("95.25", "改后意见", "阅卷乙")),
    "foreign": (
        change_foreign,
        "foreign",
        ("改后考核", "改后整改", "改后实践", "改后批次", "改后学生", "95.25", "优秀"),
    ),
}


def told_the_same(sealed: Sealed, readers: list[Pair], *changes: Callable[[Sealed], None]) -> None:
    for pair in readers:
        before(sealed, "own", pair)
    for change in changes:
        change(sealed)
    faults = [fault for pair in readers for fault in differing(sealed, "own", pair)]
    assert not faults, "\n".join(faults)


def test_who_may_not_know_is_told_the_same(sealed):
    """Marks and names of panels, and another university's cases: all changed at once, and no reader sees any of it."""
    told_the_same(sealed, READERS, change_panels, change_foreign)


def test_who_runs_panels_is_told_the_same_of_another_university(sealed):
    told_the_same(sealed, [OFFICE, ("university", "vice_president")], change_foreign)


def test_an_expert_reads_the_cases_of_open_panels_only(sealed):
    """Else the test above would compare refusals: who sits on a panel reads its case, until it has closed."""
    client = client_of(sealed.world.own.members["university", "expert"].user)
    paths = [f"/cases/{row.case_kind}/{row.case_id}/" for row in sealed.given]
    assert [client.get(path).status_code for path in paths] == [200, 200, 404]


@pytest.mark.parametrize("secret", SECRETS)
def test_who_may_know_is_told_the_change(sealed, secret):
    """So that the test above can fail: the same addresses, read by the office that runs it."""
    change, tenant_name, words = SECRETS[secret]
    said = str(before(sealed, tenant_name, OFFICE))
    change(sealed)
    now = str(taken(sealed, tenant_name, OFFICE))
    for word in words:
        assert now.count(word) > said.count(word), word


def test_the_same_is_told_twice(sealed):
    """Nothing but what is masked changes by itself."""
    assert differing(sealed, "own", OFFICE) == []
