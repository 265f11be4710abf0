"""Who signs an agreement for a side: whom the regulation names, or of several signers the one that the school's own map
from kinds of base to signers names (CZMC-4.1a)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import clock
from core.door import Refused
from core.findings import Finding
from regulations import vocabulary, wording
from regulations.settings import setting
from tenants.models import Organisation


def signer(agreement, declared, track: str) -> tuple[str, Organisation | None]:
    """The signer's code and organisation for a side of an agreement (`declared`: the profile's party).

    `track`: the way of applying on which the base came about, "" without one; the level of the base counts where the map
    does not name it. Raises Refused, naming the clause, while the map says nothing of this kind of base, or where it names
    somebody whom the agreement does not have.
    """
    if declared.signer_setting is None:
        return declared.signers[0], getattr(agreement, vocabulary.SIGNERS[declared.signers[0]])
    profile = agreement.profile
    named = setting(profile, declared.signer_setting, agreement.university, clock.today()).value or {}
    level = profile.recognition.level.value if profile.recognition else profile.level
    code = named.get(track) or named.get(level)
    what = wording.words(profile.settings[declared.signer_setting].title)
    facts = {"track": track, "level": level, "map": named}
    if code not in declared.signers:
        kinds = {key.code: wording.words(key.label) for key in profile.settings[declared.signer_setting].keys}
        kind = kinds.get(track) or kinds.get(level) or track or level
        message = _("“%(s)s”没有写明“%(k)s”由哪一方签订，不能起草协议。") % {"s": what, "k": kind}
        fix = _("请本单位管理员先在“办法与设置”中填写该项设定。")
        raise Refused(Finding(declared.clause or "", "hard", message, facts, fix))
    unit = getattr(agreement, vocabulary.SIGNERS[code])
    if unit is None:
        message = _("按“%(s)s”本协议由%(w)s签订，但本基地没有该单位。") % {"s": what, "w": wording.term(profile, code)}
        raise Refused(Finding(declared.clause or "", "hard", message, facts))
    return code, unit
