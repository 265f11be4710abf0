"""The account of a simulation: what happened to each base, in order, with the clause, and what the portal refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bases.timeline import timeline
from casework.pages import kinds
from casework.prefetched import Prefetched
from config.simulation.people import Keeper, hand_of
from config.simulation.play import Played
from core import clock
from core.language import in_source_language
from core.papers import fonts
from evaluations.models import Evaluation
from regulations import wording
from trainees.models import Placement


@dataclass(frozen=True)
class Event:
    """One line of a base's account."""

    day: str
    what: str
    text: str = ""
    clause: str = ""
    refused: bool = False


def write(played: Played, folder: Path) -> tuple[Path, Path]:
    """Write simulation.html and simulation.pdf into a folder; returns both. The HTML is the same for the same seed."""
    with in_source_language(), clock.travel(f"{played.last.isoformat()}T18:00"):
        page = html(played)
    folder.mkdir(parents=True, exist_ok=True)
    text, paper = folder / "simulation.html", folder / "simulation.pdf"
    text.write_text(page, encoding="utf-8")
    paper.write_bytes(_pdf(page))
    return text, paper


def html(played: Played) -> str:
    """The account as one page."""
    bases = [_base(keeper) for beginning in played.beginnings for keeper in _keepers(played, beginning)]
    context = {"played": played, "bases": bases, "title": _("联合培养基地推演记录"), "fonts": fonts.stack("song")}
    return render_to_string("simulation/years.html", context)


def _keepers(played: Played, beginning: Any) -> list[Keeper]:
    return [played.keepers[recognition.pk] for recognition in beginning.bases]


def _base(keeper: Keeper) -> dict:
    base = keeper.base
    evaluations = Evaluation.objects.filter(recognition=base)
    return {
        "name": base.base.name,
        "regulation": wording.words(base.profile.head.short or base.profile.head.title),
        "university": base.university.name,
        "college": base.college.name,
        "partner": base.partner.name,
        "state": base.get_state_display(),
        "evaluations": evaluations.filter(state__in=("confirmed", "missed")).count(),
        "failed": evaluations.filter(passed=False).count() + evaluations.filter(state="missed").count(),
        "students": Placement.objects.filter(recognition=base, entered_on__isnull=False).count(),
        "years": _years(keeper, base),
    }


def _years(keeper: Keeper, base: Any) -> list[tuple[int, list[Event]]]:
    reader = hand_of(base.authority or base.university, "officer" if base.authority_id else "graduate_office")
    base.prefetched = Prefetched(base, base.round)
    page = kinds.for_case(base)(base, reader.membership)
    told = [
        (entry.on, Event("" if entry.year else entry.on.isoformat(), entry.what, entry.text, str(entry.clause)))
        for _year, entries in timeline(page)
        for entry in entries
        if not entry.ahead
    ]
    told += [
        (day, Event(day.isoformat(), _("未能办理：%(what)s") % {"what": what}, "；".join(sentences), refused=True))
        for day, what, sentences in keeper.refused
    ]
    told.sort(key=lambda row: (row[0], row[1].refused))
    return [(year, [event for _day, event in rows]) for year, rows in groupby(told, key=lambda row: row[0].year)]


def _pdf(page: str) -> bytes:
    fonts.install()
    import weasyprint  # noqa: PLC0415 - loads long
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - loads long

    return weasyprint.HTML(string=page).write_pdf(font_config=FontConfiguration())
