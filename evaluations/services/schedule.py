"""Opening rounds: what the calendar brings, once, however often and by however many workers the job runs.

`plan` enters a row of the ledger for every round that has come due and lacks bases; the row's handler makes the round,
opens it through the door and enters its evaluations, in one transaction under the row's lock. A run that dies leaves the
row undone and nothing else; a second worker waits for the lock and finds the row done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bases.models import Recognition
from core import clock, door, ledger, outbox, serials
from core.calendar import add_months
from core.ledger import people
from core.models import LedgerEntry
from evaluations.models import Evaluation, Round
from evaluations.queries import due
from regulations import wording
from regulations.models import RegulationVersion
from regulations.settings import figure
from tenants.models import Organisation
from tenants.roles import COLUMNS

REPORT, ABSENT = "report", "report_absent"
SERIES = "KH"


# --- what is due -------------------------------------------------------------------------------------------------


@ledger.planner
def plan(on: dt.date) -> None:
    """Enter every round that has come due by `on` and lacks bases."""
    for version in due.versions():
        rows = due.standing(version)
        for key in version.profile.evaluations:
            for turn in due.turns(version, key, rows, on):
                _owe(version, key, turn)


def _owe(version: RegulationVersion, kind: str, turn: due.Turn) -> None:
    name = f"evaluation_round:{turn.organiser.pk}:{version.pk}:{kind}:{turn.period}"
    entry = ledger.owe(
        name,
        kind="evaluation_round",
        title=_("启动考核：%(t)s") % {"t": title_of(version, kind, turn.period)},
        due_on=turn.day - dt.timedelta(days=1),
        organisation_id=turn.organiser.pk,
        role=version.profile.evaluations[kind].role,
        clause=version.profile.evaluations[kind].clause or "",
        handler="evaluations.open_round",
        payload={
            "version": version.pk,
            "kind": kind,
            "organiser": turn.organiser.pk,
            "period": turn.period,
            "day": turn.day.isoformat(),
        },
    )
    if entry.done_at is not None:
        ledger.reopen(name)


@ledger.handler("evaluations.open_round")
def open_due(entry: LedgerEntry, on: dt.date) -> None:
    """Make and open the round that is due, with all bases that lack an evaluation for it by now."""
    version = RegulationVersion.objects.select_related("regulation").get(pk=entry.payload["version"])
    organiser = Organisation.objects.get(pk=entry.payload["organiser"])
    kind, period = entry.payload["kind"], entry.payload["period"]
    turns = [
        turn
        for turn in due.turns(version, kind, due.standing(version), on)
        if (turn.organiser.pk, turn.period) == (organiser.pk, period)
    ]
    if not turns:
        return
    in_round = Round.objects.filter(
        organiser=organiser, regulation_version=version, kind=kind, period=period
    ).first() or plan_round(door.SystemActor(), version, kind, organiser, period)
    if in_round.state == "planned":
        in_round = ledger.carry_out(entry, "open", {"by_calendar": True}, case=in_round)
    if in_round.state == "open":
        enter(in_round, turns[0].recognitions)


# --- rounds and their evaluations ----------------------------------------------------------------------------------


def title_of(version: RegulationVersion, kind: str, period: str) -> str:
    """What a round is called: the year, or the day on which its bases came due, and the kind."""
    word = str(version.profile.evaluations[kind].title)
    if not period.isdecimal():
        return f"{word}（{period}）"
    year = period if word.startswith("年") else _("%(y)s年") % {"y": period}
    return f"{year}{word}"


def plan_round(actor, version: RegulationVersion, kind: str, organiser: Organisation, period: str, note="") -> Round:
    """Begin a round of an organiser, not open yet. Logs the creation; the database refuses a second one."""
    return door.create(
        Round(
            number=serials.number("KP", clock.today().year),
            title=title_of(version, kind, period),
            regulation_version=version,
            organiser=organiser,
            kind=kind,
            period=period,
            note=note,
            authority=organiser if organiser.kind == "department" else None,
            university=organiser if organiser.kind == "university" else None,
        ),
        actor,
    )


def report_day(in_round: Round, on: dt.date) -> dt.date:
    """The last day for a self-report that is asked for on a day: the window of the kind counts from there, so that nobody
    loses days to a job that did not run."""
    window, profile = in_round.declaration.window, in_round.profile
    number = {
        name: figure(profile, getattr(window, name), in_round.organiser, on) or 0
        for name in ("days", "months", "years")
    }
    return add_months(on, number["months"] + 12 * number["years"]) + dt.timedelta(days=number["days"])


def enter(in_round: Round, recognitions: Sequence[Recognition], actor=None) -> list[Evaluation]:
    """Enter the evaluations of these bases, with what is due on each, and tell who reports. In bulk."""
    actor, kind, today = actor or door.SystemActor(), in_round.declaration, clock.today()
    last = in_round.report_due if in_round.opened_on == today else report_day(in_round, today)
    made = door.create_many(
        Evaluation,
        (
            {
                "title": f"{row.base.name}：{in_round.title}",
                "regulation_version": in_round.regulation_version,
                "in_round": in_round,
                "recognition": row,
                "kind": in_round.kind,
                "period": in_round.period,
                "report_due": last,
                **{column: getattr(row, column) for column in COLUMNS.values()},
            }
            for row in recognitions
        ),
        actor,
        permission="evaluations.run_round",
        within=in_round,
        series=SERIES,
        year=today.year,
        owes=lambda evaluation: owed(evaluation, kind),
    )
    _tell(in_round, made, last)
    return made


def owed(evaluation: Evaluation, kind) -> list[LedgerEntry]:
    """What is due on an evaluation from its birth: the self-report, and what happens the day after its last day."""
    unit, role = evaluation.reporter
    terms = {
        "due_on": evaluation.report_due,
        "case": evaluation,
        "clause": kind.clause or "",
        "remind_days": kind.remind_days,
    }
    title = wording.words(kind.title)
    return [
        ledger.row(
            f"{REPORT}:{evaluation.pk}",
            kind=REPORT,
            title=_("提交自评：%(t)s") % {"t": title},
            organisation_id=unit,
            role=role,
            **terms,
        ),
        ledger.row(
            f"{ABSENT}:{evaluation.pk}",
            kind=ABSENT,
            title=_("核实未提交自评：%(t)s") % {"t": title},
            organisation_id=None,
            handler="evaluations.note_absence",
            **terms,
        ),
    ]


def _tell(in_round: Round, evaluations: Sequence[Evaluation], last: dt.date) -> None:
    """Tell who reports that the round is open: one message for each unit, however many bases it has."""
    numbers = Counter(people.Place(*evaluation.reporter) for evaluation in evaluations)
    holders = people.directory.holders(set(numbers))
    outbox.notify_all(
        outbox.Notice(
            memberships=holders.get(place, []),
            title=_("考核通知：%(t)s") % {"t": in_round.title},
            body=_("请为%(n)s个基地提交自评，截止%(d)s。") % {"n": number, "d": last.isoformat()},
            url=in_round.get_absolute_url(),
            key=f"round:{in_round.pk}:{place.organisation_id}:{clock.today().isoformat()}",
            case_kind=in_round.case_kind,
            case_id=in_round.pk,
            organisation_id=in_round.organiser_id,
        )
        for place, number in numbers.items()
    )
