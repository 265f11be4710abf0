"""Beginning a round by hand."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bases.models import Recognition
from core.door import Forbidden, Refused
from core.findings import Finding
from core.language import in_source_language
from evaluations.models import Round
from evaluations.services import schedule
from regulations.models import RegulationVersion


def kinds_for(organisation) -> list[tuple[RegulationVersion, str]]:
    """The kinds of evaluation that an organisation organises, under the versions of its bases in force."""
    if organisation.column not in ("authority", "university"):
        return []
    rows = Recognition.objects.filter(**{organisation.column: organisation}, state="active")
    pks = rows.values_list("regulation_version", flat=True).distinct()
    versions = RegulationVersion.objects.filter(pk__in=list(pks)).select_related("regulation").order_by("pk")
    return [
        (version, key)
        for version in versions
        for key, kind in version.profile.evaluations.items()
        if kind.unit == organisation.column
    ]


def plan(actor, version: RegulationVersion, kind: str, year: int, note: str = "") -> Round:
    """Begin a round of a kind for a year. Raises Forbidden, and Refused where the organisation has one already."""
    organisation = actor.organisation
    if not actor.may("evaluations.plan_round", organisation) or (version, kind) not in kinds_for(organisation):
        raise Forbidden(_("该考核由办法规定的组织单位启动。"))
    declared = version.profile.evaluations[kind]
    try:
        with in_source_language(), transaction.atomic():
            return schedule.plan_round(actor, version, kind, organisation, str(year), note)
    except IntegrityError:
        text = _("%(y)s年%(k)s的考核批次已经建立，不能重复建立。") % {"y": year, "k": declared.title}
        raise Refused(Finding(declared.clause or "", "hard", text, {"year": year}, field="year")) from None
