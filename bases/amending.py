"""Changing an agreement before it is signed, correcting whom to reach, and going back to the last signed text.

What is signed is changed by a further agreement only (a revision, a supplement, a replacement); contacts at any time.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bases import agreements, drafttext, parties
from bases.models import Agreement
from casework import amendments
from casework.specs import form, reason
from core.door import Act, Refused
from core.findings import Finding, blocking
from core.forms import content, store
from core.forms.content import Change
from tenants.models import Membership

FORM = "agreement"


def amend_form(agreement: Agreement, actor, data, subject) -> dict:
    return amendments.form_of(agreement, FORM, _("修改协议"))


def contacts_form(agreement: Agreement, actor, data, subject) -> dict:
    return amendments.form_of(agreement, FORM, _("更正联系方式"), holds="contact")


def changes(agreement: Agreement, act: Act) -> list[Change]:
    """What the answers that came in change."""
    before, after = drafttext.answers_of(agreement), amendments.answers_in(agreement, FORM, act)
    return content.differences(drafttext.form_spec(agreement), before, after, agreement.resolver(act.actor))


def findings(agreement: Agreement, act: Act) -> list[Finding]:
    """Something changes, and whoever saves it knows whose confirmations it voids."""
    return amendments.findings(agreement, FORM, changes(agreement, act), act)


def amend(agreement: Agreement, act: Act) -> str:
    """Change the text that is being checked, confirmed or signed. The final text, where one was issued, is void with the
    confirmations. Raises Refused where the changed text could not have been handed in."""
    made = changes(agreement, act)
    after = amendments.answers_in(agreement, FORM, act)
    stage = amendments.amend(agreement, act, "change", FORM, made, lambda: _save(agreement, act, after))
    if stopped := blocking(agreements.submit_findings(agreement, act)):
        raise Refused(stopped)
    return stage


def correct(agreement: Agreement, act: Act) -> None:
    """Correct whom to reach: nobody confirms again, everybody concerned is told."""
    made = changes(agreement, act)
    _save(agreement, act, amendments.answers_in(agreement, FORM, act))
    amendments.keep(agreement, act, "contact", FORM, made)
    people = Membership.objects.filter(
        organisation_id__in=agreement.parties.values("organisation"),
        role__in=("contact", "partner_leader", "secretary", "graduate_office"),
        state="active",
    ).select_related("user")
    words = "\n".join(f"{change.label}：{change.new}" for change in made)
    act.notify(people, _("协议联系方式有更正：%(a)s") % {"a": agreement.title}, words)


def _save(agreement: Agreement, act: Act, answers: dict) -> None:
    row = store.load(agreement, FORM)
    store.save(agreement, FORM, agreement.round, answers, row.revision if row else 0, act.actor)


# --- back to the last signed text ------------------------------------------------------------------------------------


def signed_before(agreement: Agreement) -> Agreement | None:
    """The agreement whose signed text this one changes, or None for one that changes none."""
    before = agreement.previous
    return before if before is not None and before.state == "signed" and not before.was_on_paper else None


def since_signed(agreement: Agreement, actor=None) -> list[Change]:
    """What the text changes of the one that was signed last and still stands; nothing where there is none."""
    return since_last(agreement, actor) if signed_before(agreement) is not None else []


def since_last(agreement: Agreement, actor=None) -> list[Change]:
    """What the text changes of the one before, field by field; parties too."""
    before = agreement.previous
    if before is None or before.was_on_paper or agreement.was_on_paper:
        return []
    spec, resolver = drafttext.form_spec(agreement), agreement.resolver(actor)
    old, new = (drafttext.readable(text, drafttext.answers_of(text)) for text in (before, agreement))
    made = content.differences(spec, old, new, resolver)
    sides = [
        [party.name for party in text.parties.select_related("organisation__parent")] for text in (before, agreement)
    ]
    if sides[0] != sides[1]:
        made.insert(0, Change("parties", "parties", _("签约方"), "term", "\n".join(sides[0]), "\n".join(sides[1])))
    return made


def revert_form(agreement: Agreement, actor, data, subject) -> dict:
    return form("revert", _("恢复到上次签订的版本"), reason())


def revert_findings(agreement: Agreement, act: Act) -> list[Finding]:
    """There is a signed text before it, and this one says something else."""
    if signed_before(agreement) is None:
        return [Finding("", "hard", _("本协议没有上一份已签订的文本，无从恢复。"), {})]
    return [] if since_signed(agreement) else [Finding("", "hard", _("本协议文本与上次签订的版本一致，无需恢复。"), {})]


def revert(agreement: Agreement, act: Act) -> str:
    """Put the text back as it was signed last. Whatever was confirmed of the changed text is void: a new round begins."""
    before, made = signed_before(agreement), since_signed(agreement, act.actor)
    if agreement.state != "draft":
        agreements.new_round(agreement, act, _("恢复到上次签订的版本"))
    _save(agreement, act, drafttext.answers_of(before))
    parties.put_back(agreement, before)
    amendments.keep(agreement, act, "revert", FORM, made)
    return "draft"
