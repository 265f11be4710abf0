"""Things that wait for somebody, for tests of the home page."""

from __future__ import annotations

import datetime as dt

from casework.models import CaseList, Notice, Step
from core import clock
from core.models import InboxMessage, LedgerEntry
from regulations import loader, services
from regulations.models import RegulationVersion
from tests.placing import placed


def version() -> RegulationVersion:
    """A real regulation's version, as a notice needs one to know who runs it."""
    return services.store(loader.load(loader.PROFILES / "nm"))[0]


def step(unit, role: str, due: int | None, number: int, **more) -> Step:
    """An open step of a unit's role, due in `due` days."""
    today = clock.today()
    return Step.objects.create(
        case_kind="application",
        case_id=number,
        case_title=more.pop("title", f"测试大学—合作单位{number}研究生联合培养基地"),
        case_number=f"T-2026-{number:04d}",
        round=1,
        key="review",
        title=more.pop("step", "推荐单位六方面审核"),
        stage="recommending",
        kind=more.pop("kind", "endorse"),
        position=1,
        role=role,
        unit=unit,
        state="open",
        opened_at=clock.now() - dt.timedelta(days=3),
        due_on=None if due is None else today + dt.timedelta(days=due),
        **more,
    )


def entry(organisation, role: str, due: int, title: str) -> LedgerEntry:
    """Something due in `due` days."""
    day = clock.today() + dt.timedelta(days=due)
    return LedgerEntry.objects.create(
        key=f"{organisation.pk}:{title}",
        kind="agreement_end",
        title=title,
        case_title="测试大学—合作单位研究生联合培养基地",
        organisation_id=organisation.pk,
        role=role,
        due_on=day,
        remind_on=day,
    )


def notice(university, title: str, *, opens: int = -1, closes: int = 5, slug: str = "n1", **more) -> Notice:
    """A notice that runs (or is over) with two entries on its list."""
    case_list = CaseList.objects.create(
        number=f"L-{slug}",
        title=title,
        regulation_version=version(),
        context_id=1,
        key="recommended",
        kind="recommended",
        university=university,
    )
    for rank in (1, 2):
        case_list.entries.create(case_kind="application", case_id=rank, case_title=f"基地{rank}", rank=rank)
    today = clock.today()
    return placed(
        Notice,
        "publicised",
        number=f"N-{slug}",
        title=title,
        case_list=case_list,
        key="recommend",
        slug=slug,
        opens_on=today + dt.timedelta(days=opens),
        closes_on=today + dt.timedelta(days=closes),
        days=5,
        university=university,
        body="现将拟推荐名单予以公示。",
        contact="温老师",
        phone="0990-1234567",
        **more,
    )


def message(user, title: str, url: str = "/", **more) -> InboxMessage:
    return InboxMessage.objects.create(user=user, title=title, url=url, **more)
