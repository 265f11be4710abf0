"""What the pages of this room need, in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core import clock
from regulations import services, wording
from regulations.models import Adoption, LocalSetting, RegulationVersion


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
    today = clock.today()
    found = RegulationVersion.objects.select_related("regulation").defer("content")
    if organisation is None:
        found = found.exclude(status="draft")
    adopted = Adoption.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        organisation__in=services.chain(organisation),
        from_on__lte=today,
    )
    levels: dict[int, list[str]] = {}
    for row in adopted:
        levels.setdefault(row.regulation_id, []).append(row.get_level_display())
    rows = list(found.order_by("regulation__code", "-pk"))
    in_force: dict[int, RegulationVersion] = {}
    for version in rows:
        best = in_force.get(version.regulation_id)
        if (
            version.state != "draft"
            and version.effective_from <= today
            and (best is None or best.effective_from < version.effective_from)
        ):
            in_force[version.regulation_id] = version
    lines = [
        VersionRow(
            version,
            levels.get(version.regulation_id, []) if in_force.get(version.regulation_id) == version else [],
        )
        for version in rows
    ]
    return sorted(lines, key=lambda line: not line.governs)


def other_versions(version: RegulationVersion) -> list[RegulationVersion]:
    """The other versions of the same regulation, the newest first."""
    return list(version.regulation.versions.defer("content").exclude(pk=version.pk).order_by("-pk"))


def setting_rows(version: RegulationVersion, key: str, organisation: Any) -> list[LocalSetting]:
    """The dated rows of an organisation's setting, the newest first; `shown` is the value in words."""
    declared = version.profile.settings[key]
    options = {option.code: wording.words(option.label) for option in declared.options}
    found = LocalSetting.objects.filter(organisation=organisation, regulation=version.regulation, key=key)
    rows = list(found.order_by("-from_on", "-pk")[:100])
    for row in rows:
        value = row.value
        if isinstance(value, dict):
            value = [f"{name} → {options.get(code, code)}" for name, code in value.items()]
        row.shown = wording.show(value, options, wording.unit_word(declared.unit))
    return rows
