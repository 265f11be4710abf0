"""Grants that a role gives a base by an act of its own, as the regulation declares them below `grants` (NM-17c, NM-18).

A grant is an effect: a sum with its aspects and its document. Each is given once to a base.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework import effects
from casework.models import Effect
from casework.records import is_actor
from casework.specs import PAPER, field, form, options, reason
from core import clock
from core.door import Act
from core.findings import Finding
from regulations import wording
from regulations.rules import holds
from regulations.schema import Grant

GRANT = "grant"
OTHER = "other"  # an aspect that is like those named, with the reason


def given_by(actor, recognition) -> dict[str, Grant]:
    """The grants of the base's regulation that an actor gives, by key."""
    declared = recognition.profile.grants
    return {key: grant for key, grant in declared.items() if is_actor(actor, recognition, grant.give)}


def gives(membership, recognition) -> bool:
    """Whether a membership gives any grant to the base."""
    return bool(given_by(membership, recognition))


def offices(recognition) -> list[tuple]:
    """Who gives the grants: organisation and roles."""
    givers = {(grant.give.unit, grant.give.role) for grant in recognition.profile.grants.values()}
    return [(getattr(recognition, unit), [role]) for unit, role in sorted(givers) if getattr(recognition, unit)]


def standing(recognition, key: str) -> Effect | None:
    """The grant of this key that the base has, or None."""
    return effects.not_lifted(recognition, GRANT, key).first()


def spec(recognition, actor, data, subject) -> dict:
    """Which grant, for what, on which document; what each grant needs is checked with its clause (`findings`)."""
    declared = given_by(actor, recognition)
    labels = {
        key: f"{wording.words(grant.title)}（{wording.show(grant.amount, unit=wording.unit_word('yuan'))}）"
        for key, grant in declared.items()
    }
    aspects = {aspect.code: wording.words(aspect.label) for grant in declared.values() for aspect in grant.aspects}
    fields = [field("grant", "choice", _("经费支持"), options=options(labels.items()))]
    if aspects:
        if any(grant.open for grant in declared.values()):
            aspects[OTHER] = _("其他（须说明理由）")
        fields.append(field("aspects", "multichoice", _("创新举措"), options=options(aspects.items()), required=False))
        fields.append(field("other", "longtext", _("其他举措的说明"), required=False, max_chars=500))
    for key, grant in declared.items():
        if grant.document:
            title = wording.words(grant.document)
            fields.append(
                field(f"document_{key}", "file", title, required=False, accept=PAPER, max_files=5),
            )
    fields += [
        field("number", "text", _("文号"), required=False, max_chars=40),
        field("decided_on", "date", _("决定日期（以文书为准）"), required=False, help=_("不填则为今天。")),
        reason(_("理由"), required=False),
    ]
    return form("give_grant", _("给予经费支持"), *fields)


def findings(recognition, act: Act) -> list[Finding]:
    """It is given for something, with its document, once, on a day that has come, where its condition holds."""
    key = act.data.get("grant") or ""
    grant = given_by(act.actor, recognition).get(key)
    if grant is None:
        return []  # the form has said that it is none of those that may be given
    clause, against = grant.clause or "", []
    aspects = _aspects(grant, act.data)
    if grant.aspects and not aspects:
        text = _("“%(grant)s”须注明所支持的创新举措。") % {"grant": wording.words(grant.title)}
        against.append(Finding(clause, "hard", text, {"aspects": []}, field="aspects"))
    if OTHER in aspects and not (act.data.get("other") or "").strip():
        against.append(Finding(clause, "hard", _("选择其他举措的，须说明理由。"), {"aspects": aspects}, field="other"))
    if grant.document and not act.data.get(f"document_{key}"):
        text = _("缺少%(file)s，不能给予。") % {"file": wording.words(grant.document)}
        against.append(Finding(clause, "hard", text, {"document": None}, field=f"document_{key}"))
    if (before := standing(recognition, key)) is not None:
        text = _("“%(grant)s”已于%(day)s给予，不重复给予。")
        words = {"grant": before.title, "day": before.from_on}
        against.append(Finding(clause, "hard", text % words, {"from_on": before.from_on.isoformat()}, field="grant"))
    if grant.when is not None:
        applies, seen = holds(recognition.profile, grant.when, recognition, clock.today())
        if not applies:
            text = _("不符合给予“%(grant)s”的条件。") % {"grant": wording.words(grant.title)}
            against.append(Finding(clause, "hard", text, seen, field="grant"))
    decided = clock.day_of(act.data.get("decided_on"))
    if decided and decided > clock.today():
        text = _("日期%(day)s晚于今天。") % {"day": decided}
        against.append(Finding(clause, "hard", text, {"decided_on": decided.isoformat()}, field="decided_on"))
    return against


def _aspects(grant: Grant, data: dict) -> list[str]:
    known = {aspect.code for aspect in grant.aspects} | ({OTHER} if grant.open else set())
    return [code for code in data.get("aspects") or [] if code in known]


def give(recognition, act: Act) -> None:
    """Lay the grant on the base, with what it is for."""
    key = act.data["grant"]
    grant = given_by(act.actor, recognition)[key]
    act.on = clock.day_of(act.data.get("decided_on")) or act.on
    parameters = {
        "aspects": _aspects(grant, act.data),
        "other": act.data.get("other") or "",
        "document": act.data.get(f"document_{key}") or [],
        "number": act.data.get("number") or "",
    }
    effects.put(
        recognition,
        GRANT,
        grant.title.zh,
        act.on,
        code=key,
        parameters=parameters,
        clause=grant.clause or "",
        source=recognition,
        amount=grant.amount,
        unit=recognition.route_unit(grant.give.unit),
        role=grant.give.role,
        decided_on=act.on,
        decided_by=act.actor.name[:80],
        decision_reason=act.reason,
    )
    act.facts |= {"grant": key, "amount": str(grant.amount)}
    effects.propose_all(recognition, grant.consequences, recognition, act)
