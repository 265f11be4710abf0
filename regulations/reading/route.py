"""A route drawn: lanes by stage, columns of steps that may run side by side, one drawing per track."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.language import beside, listed
from regulations import routekinds, routes, wording
from regulations.reading import labels
from regulations.reading.parts import Article, Writer
from regulations.routekinds import RouteKind
from regulations.schema import Profile, Step


@dataclass(frozen=True)
class Box:
    """One step as drawn."""

    key: str
    number: int
    title: str
    kind: str
    who: str
    articles: list[Article]
    local: bool
    facts: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    public: bool = False


@dataclass(frozen=True)
class Lane:
    """One stage: columns in time; a column with several boxes = side by side."""

    title: str
    columns: list[list[Box]]


@dataclass(frozen=True)
class Drawing:
    """A route, or one track of it."""

    title: str
    lanes: list[Lane]


def drawings(writer: Writer, kind: RouteKind, steps: list[Step]) -> list[Drawing]:
    """The drawings of a route: one, or one per track that has steps of its own."""
    if not steps:
        return []
    if not any(step.tracks for step in steps):
        return [_draw(writer, kind, "", steps, steps)]
    by_track = []
    for track, title in kind.tracks(writer.profile).items():
        mine = [step for step in steps if routes.on_track(step, track)]
        if mine:
            by_track.append(_draw(writer, kind, wording.words(title), mine, steps))
    return by_track


def _draw(writer: Writer, kind: RouteKind, title: str, steps: list[Step], all_steps: list[Step]) -> Drawing:
    columns = routes.columns(steps)
    waiting = routes.waits_for(steps)
    numbers = {step.key: number for number, step in enumerate(steps, start=1)}
    titles = {step.key: wording.words(step.title) for step in all_steps}
    lanes = []
    for stage in dict.fromkeys(step.stage for step in steps):
        drawn = [
            [_box(writer, step, numbers[step.key], titles, waiting) for step in column if step.stage == stage]
            for column in columns
        ]
        lanes.append(Lane(str(kind.stages[stage]), [column for column in drawn if column]))
    return Drawing(title, lanes)


def _box(writer: Writer, step: Step, number: int, titles: dict[str, str], waiting: dict) -> Box:
    facts = []
    if step.body:
        facts.append(_("由%(body)s决定") % {"body": wording.words(step.body)})
    if step.when:
        facts.append(_("有条件：%(when)s") % {"when": condition_words(writer.profile, step.when)})
    if step.names:
        facts.append(_("由此确定负责院系"))
    if step.evidence:
        items = listed(wording.words(item.label) for item in step.evidence)
        facts.append(_("须有：%(list)s") % {"list": items})  # no case: a place in a sentence
    if step.due:
        for name, unit in (("days", "day"), ("working_days", "working_day"), ("months", "month")):
            value = getattr(step.due, name)
            if value is not None:
                facts.append(_("时限：%(n)s") % {"n": writer.number(value, wording.unit_word(unit))})
    if step.panel and step.panel.min_experts is not None:
        facts.append(
            _("专家人数（不少于）：%(n)s") % {"n": writer.number(step.panel.min_experts, wording.unit_word("person"))}
        )
    if step.paper and step.paper.seal:
        facts.append(_("盖章：%(seal)s") % {"seal": wording.words(step.paper.seal)})
    if step.by_link:
        facts.append(_link_words(writer, step))
    if step.on_negative == "reject":
        facts.append(_("不通过即终止"))
    return Box(
        key=step.key,
        number=number,
        title=wording.words(step.title),
        kind=str(routekinds.STEPS[step.kind].title),
        who=writer.role(step.unit, step.role),
        articles=writer.articles(step),
        local=step.local and not step.clause,
        facts=facts,
        waits=[titles[key] for key in waiting[step.key] if key in titles],
        public=step.public or step.kind == "notice",  # no case: a kind of step
    )


def _link_words(writer, step) -> str:
    """That somebody without an account may close the step by a link, or whose setting says whether."""
    if step.by_link is True:
        return _("没有账号的单位可凭一次性链接和验证码办理")
    setting = writer.profile.settings.get(step.by_link.setting)
    named = wording.words(setting.title) if setting else step.by_link.setting
    return _("能否凭一次性链接办理：见设定“%(setting)s”") % {"setting": named}


def condition_words(profile: Profile, condition) -> str:
    """A `when` in words: “合作方式为校外时”."""
    parts = []
    for part in condition.parts():
        if part.fact is None:
            setting = profile.settings.get(part.setting)
            name, options = (wording.words(setting.title) if setting else part.setting), {}
        else:
            name, options = wording.fact_label(profile, part.fact), wording.fact_options(profile, part.fact)
        if part.present is not None:
            parts.append(beside(name, _("已有") if part.present else _("没有")))
            continue
        for word, value in (
            (_("为"), part.equals),
            (_("不为"), part.not_equals),
            (_("为"), part.in_),
            (_("不小于"), part.gte),
            (_("不大于"), part.lte),
        ):
            if value is not None:
                parts.append(beside(beside(name, word), wording.show(value, options)))
    joint = _("且") if condition.all_ else _("或")
    text = joint.join(parts)
    return _("非（%(text)s）") % {"text": text} if condition.not_ else text


__all__ = ["Box", "Drawing", "Lane", "condition_words", "drawings", "labels"]
