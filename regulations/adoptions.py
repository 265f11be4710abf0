"""Which version of which regulation governs whom from when: the timeline, and the act that goes on to another one.

A row that names a version governs with that version; one that names none follows the regulation's version in force.
Cases keep the version that they were begun under (RR-10), so going on changes only what begins later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.door import Forbidden, Refused, record_event
from core.findings import Finding
from core.language import in_source_language
from regulations import rights, vocabulary, wording
from regulations.models import IN_FORCE, Adoption, Regulation, RegulationVersion
from tenants.models import Organisation

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One version governing one organisation at one level, from a day until a day (None: without end)."""

    organisation: Organisation
    level: str
    regulation: Regulation
    version: RegulationVersion | None
    from_on: dt.date
    until_on: dt.date | None
    pinned: bool
    newer: RegulationVersion | None = None
    """Where a version is named for good: a later one in force or to come that nobody has gone on to yet."""

    @property
    def level_label(self) -> str:
        return str(dict(Adoption.LEVELS)[self.level])

    @property
    def state(self) -> str:
        """past, now or ahead."""
        today = clock.today()
        if self.until_on is not None and self.until_on < today:
            return "past"
        return "ahead" if self.from_on > today else "now"


def timeline(organisations: Iterable[Organisation]) -> list[Span]:
    """Who was, is and will be governed by what: per organisation in the order given, level and day. Two queries."""
    known = {organisation.pk: organisation for organisation in organisations}
    rows = list(
        Adoption.objects.filter(organisation__in=known)
        .select_related("regulation", "version__regulation")
        .defer("version__content")
        .order_by("level", "from_on", "pk")
    )
    versions: dict[int, list[RegulationVersion]] = {}
    for version in (
        RegulationVersion.objects.filter(regulation__in={row.regulation_id for row in rows}, status__in=IN_FORCE)
        .select_related("regulation")
        .defer("content")
        .order_by("effective_from", "pk")
    ):
        versions.setdefault(version.regulation_id, []).append(version)
    spans: list[Span] = []
    for pk, organisation in known.items():
        for level, _label in Adoption.LEVELS:
            own = [row for row in rows if (row.organisation_id, row.level) == (pk, level)]
            spans += _spans(organisation, level, own, versions)
    return spans


def _spans(organisation, level: str, rows: list[Adoption], versions: dict[int, list]) -> list[Span]:
    """What `services.governing` would say on every day, cut where the answer may change."""
    days = {row.from_on for row in rows} | {row.until_on + ONE_DAY for row in rows if row.until_on}
    for row in rows:
        days |= {version.effective_from for version in versions.get(row.regulation_id, [])}
    spans: list[Span] = []
    cuts = sorted(days)
    for number, start in enumerate(cuts):
        standing = [row for row in rows if row.from_on <= start and (row.until_on is None or row.until_on >= start)]
        if not standing:
            continue
        row = max(standing, key=lambda adoption: (adoption.from_on, adoption.pk))
        version = row.version
        if version is None:
            fitting = [version for version in versions.get(row.regulation_id, []) if version.effective_from <= start]
            version = fitting[-1] if fitting else None
        until = cuts[number + 1] - ONE_DAY if number + 1 < len(cuts) else None
        span = Span(organisation, level, row.regulation, version, start, until, bool(row.version_id))
        before = spans[-1] if spans else None
        if (
            before
            and before.until_on == start - ONE_DAY
            and (before.regulation, before.version, before.pinned)
            == (
                span.regulation,
                span.version,
                span.pinned,
            )
        ):
            spans[-1] = replace(before, until_on=until)
        else:
            spans.append(span)
    if spans and spans[-1].pinned and spans[-1].until_on is None:
        last = spans[-1]
        later = [
            version
            for version in versions.get(last.regulation.pk, ())
            if version.effective_from > last.version.effective_from
        ]
        spans[-1] = replace(last, newer=later[-1] if later else None)
    return spans


def has_level(organisation: Organisation, level: str) -> bool:
    """Whether the organisation has rules of its own at a level; those of the others it inherits."""
    return organisation.column == vocabulary.LEVEL_OWNERS[level]


def choices(organisation: Organisation) -> list[RegulationVersion]:
    """The published versions that an organisation may go on to: of its own levels, the latest first."""
    rows = RegulationVersion.objects.filter(status__in=IN_FORCE).select_related("regulation")
    fitting = [version for version in rows if has_level(organisation, version.profile.level)]
    return sorted(fitting, key=lambda version: (version.regulation.code, version.effective_from), reverse=True)


def named(version: RegulationVersion) -> str:
    """A version as people name it."""
    head = version.profile.head
    return _("《%(title)s》版本%(number)s") % {"title": wording.words(head.title), "number": version.number}


def _refusal(message: str, field: str = "from_on", **facts: Any) -> Refused:
    return Refused(Finding("", "hard", message, {key: str(value) for key, value in facts.items()}, field=field))


def switch(
    actor: Any, organisation: Organisation, version: RegulationVersion, from_on: dt.date, reason: str
) -> Adoption:
    """Enter that a published version governs the organisation from a day on; what governed before ends the day before.

    The level is the regulation's own. Logged on the organisation. The same entry twice is one. Raises Forbidden for
    anybody but the organisation's administrator, Refused for a version that is not published, of another level or not
    yet in force on the day, for a day that has passed where something governs already, and for a day not after the
    last change entered (RR-10).
    """
    if not actor.may(rights.ADOPT, organisation):
        raise Forbidden(_("适用办法由本单位管理员登记。"))
    level = version.profile.level
    if version.status not in IN_FORCE:
        raise _refusal(_("该版本尚未登记生效，不能适用。"), "version", version=version)
    if not has_level(organisation, level):
        raise _refusal(_("该办法不是本单位级别的办法。"), "version", level=level)
    if from_on < version.effective_from:
        raise _refusal(
            _("该版本自%(day)s起施行，适用日期%(from)s不能早于该日。")
            % {"day": version.effective_from, "from": from_on},
            effective_from=version.effective_from,
        )
    if not reason.strip():
        raise _refusal(_("请填写依据。"), "reason")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = Adoption.objects.filter(organisation=organisation, level=level).order_by("-from_on", "-pk")
        last = before.select_related("regulation").first()
        if last is not None:
            if (last.version_id, last.from_on) == (version.pk, from_on):
                return last
            if from_on < clock.today():
                raise _refusal(
                    _("本单位该级别已有适用的办法，新的适用日期%(from)s不能早于今天%(today)s。")
                    % {"from": from_on, "today": clock.today()},
                    today=clock.today(),
                )
            if from_on <= last.from_on:
                raise _refusal(
                    _("已登记自%(day)s起适用%(code)s，新的适用日期应晚于该日。")
                    % {"day": last.from_on, "code": last.regulation.code},
                    before=last.from_on,
                )
        for row in before:
            if row.until_on is None or row.until_on >= from_on:
                row.until_on = from_on - ONE_DAY
                row.save(update_fields=["until_on"])
        row = Adoption.objects.create(
            organisation=organisation, level=level, regulation=version.regulation, version=version, from_on=from_on
        )
        with in_source_language():
            record_event(
                organisation,
                "adopt",
                _("适用办法"),
                actor,
                on=min(from_on, clock.today()),
                reason=_("自%(day)s起适用%(version)s。%(reason)s")
                % {"day": from_on, "version": named(version), "reason": reason.strip()},
                data={"regulation": str(version), "level": level, "from": from_on.isoformat()},
            )
    return row
