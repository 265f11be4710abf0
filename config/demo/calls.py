"""Calls of the demo, planned and opened by who runs them."""

from __future__ import annotations

from applications.models import Call
from applications.services.starting import plan_call
from config.demo.story import Story
from config.stories.hands import fresh
from core import clock
from regulations import services


def planned(
    story: Story,
    login: str,
    *,
    level: str,
    on: str,
    title: str,
    year: int,
    opens: str,
    closes: str | None,
    paper_by: str | None = None,
) -> Call:
    """A call planned by somebody who runs it; days are those of the story. Without `closes` it takes applications at any
    time."""
    actor = story.who(login)
    with story.at(on):
        return plan_call(
            actor,
            version=services.governing(actor.organisation, level, clock.today()),
            title=title,
            year=year,
            opens_at=clock.aware(f"{story.iso(opens)}T08:00"),
            closes_at=clock.aware(f"{story.iso(closes)}T17:00") if closes else None,
            paper_by=story.day(paper_by) if paper_by else None,
            contact=actor.user.name,
            phone="19900001000",
        )


def opened(story: Story, login: str, call: Call, on: str, quotas: dict[str, int]) -> Call:
    """The call opened, with the quotas of its units."""
    with story.at(on):
        story.do(login, call, "open")
        for unit, number in quotas.items():
            story.do(login, call, "set_quota", {"organisation": str(story.unit(unit).pk), "number": number})
    return fresh(call)
