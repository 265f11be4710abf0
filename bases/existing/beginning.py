"""Who may enter bases under which regulation, and how a backfill begins."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bases.models import Backfill
from core import clock, serials
from core.door import Forbidden, create
from core.language import in_source_language
from regulations import services, vocabulary
from regulations.models import RegulationVersion
from tenants.models import Organisation
from tenants.services.acts import one_at_a_time

WHO = gettext_noop("存量基地由学校研究生处、省教育厅各自补录本级认定的基地。")


def versions_for(organisation: Organisation) -> list[RegulationVersion]:
    """The regulations under which an organisation recognises bases of its own today, one version each."""
    rows = services.own_rules(organisation, clock.today()) if organisation.column in ("authority", "university") else []
    return [
        version
        for version in rows
        if version.profile.recognition is not None
        and vocabulary.LEVEL_OWNERS.get(version.profile.recognition.level.value) == organisation.column
    ]


def may_begin(membership: Any) -> bool:
    """Whether the membership enters bases for its organisation."""
    return membership.kind in ("university", "department") and membership.may(
        "bases.begin_backfill", membership.organisation
    )


def begin(actor: Any, version: RegulationVersion, *, by_sheet: bool) -> Backfill:
    """Begin a form or a sheet. Pressed twice it is one: whoever has a form or sheet that nothing stands in yet goes on with
    that. Raises Forbidden."""
    if not may_begin(actor) or version not in versions_for(actor.organisation):
        raise Forbidden(_(WHO))
    own = {actor.organisation.column: actor.organisation}
    with in_source_language(), one_at_a_time(actor.organisation):
        empty = Backfill.objects.filter(**own, regulation_version=version, by_sheet=by_sheet, state="draft", version=1)
        for row in empty.order_by("-pk")[:5]:
            if by_sheet or not row.form_answers(Backfill.FORM):
                return row
        made = blank(actor.organisation, version, by_sheet=by_sheet)
        made.number = serials.number("BL", clock.today().year)
        return create(made, actor)


def blank(organisation: Organisation, version: RegulationVersion, *, by_sheet: bool) -> Backfill:
    """A backfill without a number: what one begins as, and what a template is made for."""
    today = clock.today()
    title = _("存量补录（表格）%(d)s") if by_sheet else _("存量补录 %(d)s")
    return Backfill(
        title=title % {"d": today.isoformat()},
        regulation_version=version,
        by_sheet=by_sheet,
        **{organisation.column: organisation},
    )
