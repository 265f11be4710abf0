"""Cases of one's own in the demo world: a filled-in draft, a step that waits; and what stands in the database of them."""

from __future__ import annotations

import itertools

from applications.models import Application, Call
from applications.services.starting import start_application
from bases.services import draft_agreement
from config.demo.story import Story
from config.stories import answers as written
from config.stories.hands import Attachment, fresh
from core.forms import store
from core.models import TransitionLog

_serial = itertools.count(1)


def nm(story: Story, title: str = "", login: str = "u1c.secretary", partner: str = "P4", **changed) -> Application:
    """A draft of the province's open call, filled in, its agreement on file: ready to be handed in."""
    secretary, unit = story.who(login), story.unit(partner)
    call = Call.objects.get(level="provincial", state="open")
    application = start_application(secretary, call, title=title or f"岚江大学—第{next(_serial)}号试点基地")
    answers = written.nm_application(
        application.title, unit, ("1252", "公共管理"), leader="穆青禾", since="2023-05-10", trained=8, year=call.year
    )
    story.fill(login, application, "application", {**answers, **changed})
    agreement = draft_agreement(
        secretary,
        university=application.university,
        college=application.college,
        partner=unit,
        version=call.regulation_version,
        application=fresh(application),
        type="recorded",
    )
    story.do(
        login,
        agreement,
        "record_paper",
        {
            "signed_on": "2023-06-01",
            "period": {"from": "2023-06-01", "to": "2029-06-01"},
            "signatories": "双方法定代表人",
            "scan": Attachment("联合培养协议扫描件"),
            "kept_at": "研究生处档案柜",
        },
    )
    return fresh(application)


def recommending(story: Story) -> Application:
    """A handed-in application whose review in six aspects waits for u1.clerk."""
    application = nm(story)
    return story.do("u1c.secretary", application, "submit")


def annex1(story: Story, login: str = "u4b.secretary", partner: str = "P9", **changed) -> Application:
    """A draft of the school's call, Annex 1 filled in by both sides."""
    secretary, unit = story.who(login), story.unit(partner)
    call = Call.objects.get(level="school", state="open", university=secretary.organisation.parent)
    application = start_application(secretary, call, title=f"青岐学院—第{next(_serial)}号试点基地")
    answers = written.annex1(
        application.title,
        secretary.organisation,
        unit,
        ("0854", "电子信息"),
        leader="沙马·阿牛",
        contact=secretary.user.name,
        on=story.iso("2026-11-09"),
    )
    story.fill(login, application, "annex1", {**answers, **changed})
    return fresh(application)


def answers_of(case, form: str) -> dict:
    """What is stored of a form."""
    return dict(store.load(fresh(case), form).answers)


def times(case, move: str) -> int:
    """How often a move stands in the log."""
    return TransitionLog.about(case).filter(transition=move).count()


def everything_of(case) -> tuple:
    """The case's state, version, log and forms: what no refused request may change."""
    now = fresh(case)
    log = TransitionLog.about(case).count()
    forms = tuple((key, store.load(now, key).sha256, store.load(now, key).revision) for key in now.form_keys())
    return now.state, now.version, log, forms
