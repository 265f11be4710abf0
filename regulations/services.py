"""Verbs of this room: load, publish, adopt, enter a local setting; and what governs whom on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.door import Refused
from core.findings import Finding
from core.language import said
from regulations import loader, settings, vocabulary
from regulations.models import (
    DRAFT,
    IN_FORCE,
    PUBLISHED,
    SUPERSEDED,
    Adoption,
    Immutable,
    LocalSetting,
    Regulation,
    RegulationVersion,
)
from regulations.schema.values import SettingError
from regulations.wording import article, words


@transaction.atomic
def store(loaded: loader.Loaded) -> tuple[RegulationVersion, str]:
    """Keep a profile as a version: ("added", "changed" for a draft, "kept" when the content is there already).

    Raises ProfileFaults for a profile with faults, Immutable when the number is published with other content
    (RR-10: a changed value needs a new version number).
    """
    profile = loaded.require()
    regulation, _new = Regulation.objects.get_or_create(code=profile.code, defaults={"title": str(profile.head.title)})
    number = profile.head.version
    version = RegulationVersion.objects.select_for_update().filter(regulation=regulation, number=number).first()
    if version is None:
        dated = profile.head.effective.date
        return RegulationVersion.objects.create(
            regulation=regulation, number=number, content=loaded.content, effective_from=dated
        ), "added"
    if version.sha256 == loaded.sha256:
        return version, "kept"
    if version.status != DRAFT:
        raise Immutable(f"{version} is published and its content differs: give the changed profile a new head.version")
    version.content = loaded.content
    version.save()
    return version, "changed"


@transaction.atomic
def publish(version: RegulationVersion, effective_from: dt.date | None = None, by: str = "") -> RegulationVersion:
    """Publish a draft with the day from which it applies; earlier versions are superseded from then on.

    The day is the text's own where it gives one; else an administrator enters it (G-12). Raises Refused, naming the
    clause, without a day, for a version that is published already, and for a day not after the version before.
    """
    version = RegulationVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    head = version.profile.head
    clause = head.effective.clause or f"{version.profile.code}-0"
    if version.status != DRAFT:
        raise Refused(_("该版本已经生效登记，内容和日期不能再改。"), clause)
    day = head.effective.date or effective_from or version.effective_from
    if day is None:
        raise Refused(
            Finding(
                clause,
                "hard",
                _("暂不能生效登记：办法文本没有载明施行日期。依据：%(article)s。请由管理员填写施行日期。")
                % {"article": article(version.profile, clause)},
                {"effective_from": None},
                field="effective_from",
            )
        )
    before = version.regulation.versions.filter(status__in=IN_FORCE).order_by("-effective_from").first()
    if before is not None and before.effective_from >= day:
        raise Refused(
            Finding(
                clause,
                "hard",
                _("施行日期%(day)s应晚于前一版本（%(number)s）的施行日期%(before)s。")
                % {"day": day, "number": before.number, "before": before.effective_from},
                {"effective_from": day.isoformat(), "before": before.effective_from.isoformat()},
                field="effective_from",
            )
        )
    for older in version.regulation.versions.select_for_update(of=("self",)).filter(status=PUBLISHED):
        older.status = SUPERSEDED
        older.save()
    version.status = PUBLISHED
    version.effective_from = day
    version.published_at = clock.now()
    version.published_by = by
    version.save()
    return version


def adopt(
    organisation: Any, level: str, regulation: Regulation, from_on: dt.date, until_on: dt.date | None = None
) -> Adoption:
    """Enter that a regulation governs an organisation at a level from a day; the same row twice is one row."""
    row, _new = Adoption.objects.get_or_create(
        organisation=organisation,
        level=level,
        regulation=regulation,
        from_on=from_on,
        defaults={"until_on": until_on},
    )
    return row


def governing(organisation: Any, level: str, on: dt.date) -> RegulationVersion | None:
    """The version that governs an organisation at a level on a day, or None.

    The organisation's own adoption comes first, else that of the nearest one above it (college, university,
    department). It names the version, or that of the regulation in force on that day is meant.
    """
    for unit in chain(organisation):
        adopted = (
            Adoption.objects.filter(_open_on(on), organisation=unit, level=level)
            .select_related("regulation", "version__regulation")
            .order_by("-from_on", "-pk")
            .first()
        )
        if adopted is not None:
            return adopted.version or version_on(adopted.regulation, on)
    return None


def own_rules(organisation: Any, on: dt.date) -> list[RegulationVersion]:
    """The versions of every regulation that an organisation has adopted for a level whose rules are its own, in order."""
    levels = [level for level, owner in vocabulary.LEVEL_OWNERS.items() if owner == organisation.column]
    rows = Adoption.objects.filter(_open_on(on), organisation=organisation, level__in=levels)
    rows = rows.select_related("regulation", "version__regulation").order_by("from_on", "pk")
    versions = [row.version or version_on(row.regulation, on) for row in rows]
    return list({version.regulation_id: version for version in versions if version is not None}.values())


def version_on(regulation: Regulation, on: dt.date) -> RegulationVersion | None:
    """The version of a regulation in force on a day: the published one with the latest effective day until then."""
    return (
        regulation.versions.filter(status__in=IN_FORCE, effective_from__lte=on)
        .select_related("regulation")
        .order_by("-effective_from", "-pk")
        .first()
    )


def chain(organisation: Any) -> list[Any]:
    """The organisation and those above it, nearest first."""
    units = []
    while organisation is not None and len(units) < 5:
        units.append(organisation)
        organisation = organisation.parent
    return units


def _open_on(on: dt.date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gte=on))


def adopts(organisation_id: int, regulation_id: int) -> bool:
    """Whether the organisation itself adopted the regulation and has not ended that."""
    today = clock.today()
    return Adoption.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        organisation_id=organisation_id,
        regulation_id=regulation_id,
    ).exists()


def governed_by(organisation: Any, regulation_id: int) -> bool:
    """Whether the regulation was adopted by the organisation or one above it."""
    return any(adopts(unit.pk, regulation_id) for unit in chain(organisation))


@transaction.atomic
def enter_setting(
    version: RegulationVersion,
    key: str,
    organisation: Any,
    value: Any,
    from_on: dt.date,
    reason: str,
    user: Any = None,
    name: str = "",
) -> LocalSetting:
    """Add a dated row: the organisation's value of a setting that the regulation leaves open.

    `value` None takes the organisation's fill-in back to "not set". Raises Refused for a value of the regulation's
    own, a value that does not fit, an organisation that does not own the setting, or a missing reason.
    """
    profile = version.profile
    declared = profile.settings.get(key)
    if declared is None:
        raise Refused(_("办法中没有这一设定。"))
    if not declared.local:
        raise Refused(
            Finding(
                declared.clause or "",
                "hard",
                _("此值由办法本身规定（%(article)s），不能改。") % {"article": article(profile, declared.clause or "")},
            )
        )
    if organisation is None or organisation.column not in settings.owners(profile, key):
        raise Refused(Finding(declared.clause or "", "hard", _("此项不由本单位设定。"), {"key": key}))
    if not reason.strip():
        raise Refused(Finding(declared.clause or "", "hard", _("请填写理由。"), {}, field="reason"))
    try:
        cleaned = None if value is None else settings.clean(declared, value)
    except SettingError as error:
        raise Refused(
            Finding(
                declared.clause or "",
                "hard",
                said(words(declared.title), error),
                {"value": str(value)},
                field="value",
            )
        ) from None
    return LocalSetting.objects.create(
        organisation=organisation,
        regulation=version.regulation,
        key=key,
        value=str(cleaned) if declared.type in ("decimal", "money", "date") and cleaned is not None else cleaned,
        from_on=from_on,
        reason=reason.strip(),
        entered_by=user,
        entered_name=name,
    )
