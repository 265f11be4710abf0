"""What happens to a round: opened with its bases, urged, closed with its results."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.models import Step
from casework.models.regulated import with_regulation
from core import clock, door, ledger, outbox
from core.door import Act, Forbidden, Refused, record_event
from core.findings import Finding
from core.language import in_source_language, listed
from core.ledger import people
from core.models import TransitionLog
from evaluations.models import Evaluation, Round
from evaluations.models.evaluation import ENDED
from evaluations.queries import due
from evaluations.services import grading, schedule

CHUNK = 100  # members settled in one run of the task
_BEHIND = lazy("尚有%(n)s个基地未到评定环节：%(who)s。请先办结，或取消其考核。")
_UNDECIDED = lazy("尚有%(n)s个基地未评定等次：%(who)s。请先逐个评定。")


# --- opening -----------------------------------------------------------------------------------------------------


def open_findings(in_round: Round, act: Act) -> list[Finding]:
    """The day for the reports is still to come."""
    given = act.data.get("report_due")
    if given and dt.date.fromisoformat(given) <= clock.today():
        text = _("自评截止日%(d)s应晚于今天。") % {"d": given}
        return [Finding("", "hard", text, {"report_due": given}, field="report_due")]
    return []


def open_round(in_round: Round, act: Act) -> None:
    """Open it. By the calendar the bases are those that came due, entered by the schedule; by hand those that the kind is
    about today."""
    in_round.opened_on = clock.today()
    given = act.data.get("report_due")
    in_round.report_due = dt.date.fromisoformat(given) if given else schedule.report_day(in_round, in_round.opened_on)
    if act.raw.get("by_calendar"):
        return
    version, kind = in_round.regulation_version, in_round.declaration
    rows = due.wanted(version, kind, due.missing(in_round), in_round.organiser, in_round.opened_on)
    if not rows:
        text = _("没有需要参加%(k)s的基地，不能启动。") % {"k": kind.title}
        raise Refused(Finding(kind.clause or "", "hard", text, {"bases": 0}))
    schedule.enter(in_round, rows, act.actor)


def add_base(in_round: Round, act: Act) -> None:
    """Enter one more base by hand."""
    chosen = [row for row in due.missing(in_round) if str(row.pk) == str(act.data["recognition"])]
    if not chosen:
        raise Refused(_("所选基地已在本批次中，或不由本单位考核。"))
    act.facts["recognition"] = chosen[0].number
    schedule.enter(in_round, chosen, act.actor)


# --- urging ------------------------------------------------------------------------------------------------------


def silent(in_round: Round) -> list[Evaluation]:
    """The evaluations whose report has not come."""
    rows = in_round.evaluations.filter(state="draft", reported_on=None)
    return list(with_regulation(rows).select_related("partner", "recognition__base").order_by("pk"))


def to_urge(in_round: Round, only: list[int] | None = None) -> dict[people.Place, int]:
    """Whose report is missing and who has not been urged today, with the number of their bases; `only`: of these
    evaluations."""
    asked = [row for row in silent(in_round) if only is None or row.pk in only]
    lines = TransitionLog.about(in_round).filter(transition="urge", on=clock.today())
    told = set(lines.values_list("facts__unit", flat=True))
    numbers = Counter(people.Place(*row.reporter) for row in asked)
    return {place: number for place, number in numbers.items() if place.organisation_id not in told}


def urge(in_round: Round, actor, only: list[int] | None = None) -> int:
    """Tell everybody whose report is missing, in the portal and by mail, each unit once a day at most. Returns how many
    units were told: none while the round is not open. Changes no state; stands in the round's log. Raises Forbidden."""
    if not actor.may("evaluations.run_round", in_round):
        raise Forbidden(_("催报由%(o)s的经办人办理。") % {"o": in_round.organiser})
    today = clock.today()
    with transaction.atomic():
        Round.objects.select_for_update().filter(pk=in_round.pk).first()
        if in_round.state != "open":
            return 0
        places = to_urge(in_round, only)
        holders = people.directory.holders(set(places))
        with in_source_language():
            outbox.notify_all(
                outbox.Notice(
                    memberships=holders.get(place, []),
                    title=_("催报：%(t)s") % {"t": in_round.title},
                    body=_("尚有%(n)s个基地未提交自评，截止%(d)s。请尽快提交。")
                    % {"n": number, "d": in_round.report_due.isoformat()},
                    url=in_round.get_absolute_url(),
                    key=f"urge:{in_round.pk}:{place.organisation_id}:{today.isoformat()}",
                    case_kind=in_round.case_kind,
                    case_id=in_round.pk,
                    organisation_id=actor.organisation_id,
                    membership_id=actor.membership_id,
                    user_id=actor.user_id,
                )
                for place, number in places.items()
            )
            for place, number in places.items():
                facts = {"unit": place.organisation_id, "bases": number}
                record_event(in_round, "urge", _("催报"), actor, facts=facts)
    return len(places)


# --- closing -----------------------------------------------------------------------------------------------------


def unfinished(in_round: Round) -> list[Evaluation]:
    """The evaluations that have not ended."""
    rows = in_round.evaluations.exclude(state__in=ENDED)
    return list(with_regulation(rows).select_related("in_round__organiser", "recognition__base").order_by("pk"))


def grade_steps(rows: list[Evaluation]) -> dict[int, Step]:
    """By evaluation the open step at which its grade is given. One query."""
    rounds = {row.pk: row.round for row in rows}
    steps = Step.objects.filter(case_kind=Evaluation.case_kind, case_id__in=list(rounds), kind="grade", state="open")
    return {step.case_id: step for step in steps if step.round == rounds[step.case_id]}


def under_way(in_round: Round) -> list[Finding]:
    """That evaluations have not come to where they are graded: nothing is wrong with the round, it is not over yet."""
    rows = unfinished(in_round)
    steps = grade_steps(rows)
    return _named(in_round, [row for row in rows if row.pk not in steps], _BEHIND)


def close_findings(in_round: Round, act: Act) -> list[Finding]:
    """A round closes when every evaluation has ended or has a grade that follows from its sheets and facts."""
    rows = unfinished(in_round)
    steps = grade_steps(rows)
    findings = grading.day_findings(rows, (act.data or {}).get("decided_on"))
    findings += _named(in_round, [row for row in rows if row.pk not in steps], _BEHIND)
    undecided = [row for row in rows if row.pk in steps and grading.computed(row).code is None]
    return findings + _named(in_round, undecided, _UNDECIDED)


def _named(in_round: Round, rows: list[Evaluation], text: Any) -> list[Finding]:
    """One sentence about these evaluations with the names of the first; none where there are none."""
    if not rows:
        return []
    who = listed(row.recognition.base.name for row in rows[:5]) + ("……" if len(rows) > 5 else "")
    facts = {"evaluations": [row.number for row in rows]}
    return [Finding(in_round.declaration.clause or "", "hard", str(text) % {"n": len(rows), "who": who}, facts)]


def close(in_round: Round, act: Act) -> None:
    """Fix all results at once; the evaluations follow in chunks."""
    given = act.data.get("decided_on")
    act.on = in_round.closed_on = dt.date.fromisoformat(given) if given else act.on
    in_round.results = {str(row.pk): grading.computed(row).plain() for row in unfinished(in_round)}
    act.facts["results"] = {pk: result["code"] for pk, result in in_round.results.items()}
    ledger.settle_case(in_round)
    if in_round.results:
        act.task("evaluations.tasks.settle_round", round_id=in_round.pk)


def settle_some(round_id: int) -> int:
    """Bring the fixed results to the next evaluations that lack them, each through the door. Returns how many are left.

    It may run twice, and in several workers: whose grade step is closed is passed over.
    """
    in_round = Round.objects.get(pk=round_id)
    rows = [row for row in unfinished(in_round) if str(row.pk) in in_round.results]
    steps = grade_steps(rows)
    waiting = [row for row in rows if row.pk in steps]
    for row in waiting[:CHUNK]:
        data = {"settle": steps[row.pk].pk, "answers": {"result": in_round.results[str(row.pk)]}}
        door.perform(row, "settle_step", door.SystemActor(), data, on=in_round.closed_on)
    return max(len(waiting) - CHUNK, 0)
