"""What a base has to repair after a failed evaluation, as rows of the reading page."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from core.language import listed, said
from regulations import wording
from regulations.reading import consequences
from regulations.reading.parts import Row, Writer


def rows(writer: Writer) -> list[Row]:
    """Every rectification: who orders it, who repairs, by when, how it is rechecked; then what follows of each."""
    return [row for one in writer.profile.rectifications.values() for row in _rows(writer, one)]


def _rows(writer: Writer, one) -> list[Row]:
    evaluations = writer.profile.evaluations
    values = [
        _("由%(who)s下达") % {"who": writer.role(one.unit, one.role)},
        _("整改责任人：%(who)s") % {"who": listed(writer.role(actor.unit, actor.role) for actor in one.responsible)},
        _period(one),
    ]
    if one.before is not None:
        values.append(_("整改期限早于下一次%(what)s") % {"what": wording.words(evaluations[one.before].title)})
    if one.reevaluation is not None:
        values.append(_("期满后进行%(what)s") % {"what": wording.words(evaluations[one.reevaluation].title)})
    made = [Row(wording.words(one.title), values, writer.articles(one), local=one.local)]
    for word, following in ((_("整改合格的"), one.passed), (_("整改后仍不合格的"), one.failed)):
        made += [replace(row, label=said(word, row.label)) for row in consequences.rows(writer, following)]
    return made


def _period(one) -> str:
    if one.period is None:
        return _("期限：办法未规定，由下达单位确定")
    number, unit = (one.period.years, "year") if one.period.years else (one.period.months, "month")
    return _("期限：%(n)s（不能变更）") % {"n": wording.show(number, unit=wording.unit_word(unit))}
