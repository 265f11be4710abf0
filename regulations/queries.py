"""What the pages of this room need, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from regulations import adoptions, services, wording
from regulations.models import LocalSetting, RegulationVersion


def contents() -> Iterable[str]:
    """The content of every version, the oldest first."""
    return RegulationVersion.objects.order_by("pk").values_list("content", flat=True)


@dataclass(frozen=True)
class VersionRow:
    """One line of the list: a version, and at which levels it governs the reader's organisation today."""

    version: RegulationVersion
    levels: list[str]

    @property
    def governs(self) -> bool:
        """Whether it is in force for the reader today."""
        return bool(self.levels)


def versions(organisation: Any) -> list[VersionRow]:
    """All versions, those that govern the organisation first; drafts only for members. Three queries at most."""
    stored = RegulationVersion.objects.select_related("regulation").defer("content")
    if organisation is None:
        stored = stored.exclude(status="draft")
    levels: dict[int, list[str]] = {}
    governed: set[str] = set()
    for span in adoptions.timeline(services.chain(organisation)):  # the nearest organisation's own goes first
        if span.state != "now" or span.level in governed:
            continue
        governed.add(span.level)
        if span.version is not None:
            levels.setdefault(span.version.pk, []).append(span.level_label)
    lines = [VersionRow(version, levels.get(version.pk, [])) for version in stored.order_by("regulation__code", "-pk")]
    return sorted(lines, key=lambda line: not line.governs)


def other_versions(version: RegulationVersion) -> list[RegulationVersion]:
    """The other versions of the same regulation, the newest first."""
    return list(version.regulation.versions.defer("content").exclude(pk=version.pk).order_by("-pk"))


def setting_rows(version: RegulationVersion, key: str, organisation: Any) -> list[LocalSetting]:
    """The dated rows of an organisation's setting, the newest first; `shown` is the value in words."""
    declared = version.profile.settings[key]
    options = {option.code: wording.words(option.label) for option in declared.options}
    settings = LocalSetting.objects.filter(organisation=organisation, regulation=version.regulation, key=key)
    rows = list(settings.order_by("-from_on", "-pk")[:100])
    for row in rows:
        value = row.value
        if isinstance(value, dict):
            keys = {key.code: wording.words(key.label) for key in declared.keys}
            value = [f"{keys.get(name, name)} → {options.get(code, code)}" for name, code in value.items()]
        row.shown = wording.show(value, options, wording.unit_word(declared.unit))
    return rows
