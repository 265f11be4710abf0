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
    return [row for declared in writer.profile.rectifications.values() for row in _rows(writer, declared)]


def _rows(writer: Writer, declared) -> list[Row]:
    evaluations = writer.profile.evaluations
    values = [
        _("由%(who)s下达") % {"who": writer.role(declared.unit, declared.role)},
        _("整改责任人：%(who)s")
        % {"who": listed(writer.role(actor.unit, actor.role) for actor in declared.responsible)},
        _period(declared),
    ]
    if declared.before is not None:
        values.append(_("整改期限早于下一次%(what)s") % {"what": wording.words(evaluations[declared.before].title)})
    if declared.reevaluation is not None:
        values.append(_("期满后进行%(what)s") % {"what": wording.words(evaluations[declared.reevaluation].title)})
    made = [Row(wording.words(declared.title), values, writer.articles(declared), local=declared.local)]
    for word, following in ((_("整改合格的"), declared.passed), (_("整改后仍不合格的"), declared.failed)):
        made += [replace(row, label=said(word, row.label)) for row in consequences.rows(writer, following)]
    return made


def _period(declared) -> str:
    if declared.period is None:
        return _("期限：办法未规定，由下达单位确定")
    number, unit = (declared.period.years, "year") if declared.period.years else (declared.period.months, "month")
    return _("期限：%(n)s（不能变更）") % {"n": wording.show(number, unit=wording.unit_word(unit))}
