"""Steps that somebody without an account may close by a one-time link: where it is offered, and what becomes of a link.

A link is an `ActionLink` of the purpose `step`: about a step's row, bound to a verified address and to the hash of the
content that the step confirms. Every way in which the step or its content goes on makes it useless, and whether it is
good is asked anew whenever it is used: an old link never confirms a changed text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casework.steps.covered import content_of
from casework.steps.kind import kind_of
from core import clock
from core.door import Act, LinkActor
from core.text import hidden_address
from regulations.settings import figure
from tenants.models import ActionLink, User
from tenants.persons import same_person
from tenants.services import links

if TYPE_CHECKING:
    from casework.models import Step

PURPOSE = "step"
FACT = "link"  # what the log's facts and a step's call the link that it was done by

links.purpose(PURPOSE, "/q/{}/", short=True)


def allowed(case, declared) -> bool:
    """Whether the regulation, or the school where it leaves it open, lets a step be closed by a link. Asked once of a case
    that was read: one page asks several times."""
    if not declared.by_link:
        return False
    answers = case.__dict__.setdefault("links_allowed", {})
    if declared.key not in answers:
        answers[declared.key] = figure(case.profile, declared.by_link, case.university, clock.today()) is True
    return answers[declared.key]


def offered(case, step: Step) -> bool:
    """Whether a link may be sent for the step as it stands: open, allowed, and of a unit that does not keep to paper."""
    if step.state != "open" or not kind_of(step).by_link or step.unit is None or step.unit.paper_only:
        return False
    return allowed(case, case.step_declaration(step.key))


def of(step: Step):
    """The links of a step, the newest first."""
    rows = ActionLink.objects.filter(purpose=PURPOSE, about_id=step.pk)
    return rows.select_related("contact", "made_by__user", "made_by__organisation").order_by("-pk")


def open_of(steps: Iterable[Step]):
    """The links of these steps that nobody has used or closed; some may have run out."""
    return ActionLink.objects.filter(
        purpose=PURPOSE, about_id__in=[step.pk for step in steps], used_at=None, closed_at=None
    )


def standing(link: ActionLink, case, step: Step | None) -> str:
    """How the link stands, by everything that can end it: "open", "used", "expired", or a word of `ActionLink.CLOSED`."""
    if link.state == "used":
        return "used"
    if link.state == "closed":
        return link.closed_why or "withdrawn"
    if step is None or step.state != "open" or case.state not in case.STAGES or step.round != case.round:
        return "acted" if step is not None and step.state in ("done", "negative") else "ended"
    declared = case.step_declaration(step.key)
    if link.content != content_of(case, declared):
        return "changed"
    if link.state == "expired":
        return "expired"
    if link.contact is None or not link.contact.usable or not offered(case, step):
        return "withdrawn"
    return "open"


def actor_of(link: ActionLink, step: Step) -> LinkActor:
    """Who acts by the link, for the door."""
    contact = link.contact
    return LinkActor(contact.name, step.unit, "casework.act_on_step", step, contact.as_user(), link.pk)


def facts_of(link: ActionLink) -> dict:
    """What the log keeps of the link by which somebody acted: its number, the address as others may see it, who sent it
    and who had verified the address, and the hash of the text that was read."""
    return {
        "id": link.pk,
        "number": link.number,
        "address": hidden_address(link.address),
        "sent_by": link.made_by.name,
        "verified_by": link.contact.verified_by.name,
        "content": link.content,
    }


def closed(case, step: Step, act: Act) -> None:
    """A step has closed: the link that did it is used up, every other one of it is dead. Raises Refused where it was used
    up a moment ago."""
    if not case.step_declaration(step.key).by_link:
        return
    if isinstance(act.actor, LinkActor):
        link = of(step).select_related("contact__verified_by__user").get(pk=act.actor.link_id)
        links.spend(link)
        act.facts[FACT] = facts_of(link)
        step.facts = {**step.facts, FACT: link.pk}
        step.save(update_fields=["facts"])
    end(case, [step], act, "acted")


def end(case, steps: Iterable[Step], act: Act, why: str) -> None:
    """Close the open links of steps that can be acted on no more, or not on this text."""
    steps = [step for step in steps if case.step_declaration(step.key).by_link]
    by = None if act.actor.membership_id is None else act.actor
    for link in open_of(steps) if steps else ():
        links.close(link, by, why)


def text_changed(case, act: Act) -> None:
    """The content has changed: links that were made for another one are dead, and whoever sent them is told to send anew."""
    steps = {step.pk: step for step in case.steps() if case.step_declaration(step.key).by_link}
    for link in open_of(steps.values()).select_related("made_by__user", "made_by__organisation") if steps else ():
        step = steps[link.about_id]
        if link.content == content_of(case, case.step_declaration(step.key)):
            continue
        links.close(link, None if act.actor.membership_id is None else act.actor, "changed")
        title = _("内容已改动，办理链接作废，请重新发送：%(c)s") % {"c": case.title}
        act.notify([link.made_by], title, _("原发给%(who)s的链接%(n)s已作废。") % {"who": link.name, "n": link.number})


def titles_of(user: User, steps: Iterable[Step]) -> set[str]:
    """Titles of those of these steps that the person closed by a link."""
    by_link = {step.facts[FACT]: step.title for step in steps if FACT in step.facts}
    rows = ActionLink.objects.filter(pk__in=by_link).select_related("contact") if by_link else ()
    return {by_link[link.pk] for link in rows if link.contact is not None and same_person(user, link.contact.as_user())}


def was_by_link(step: Step) -> bool:
    """Whether the step was closed by somebody without an account."""
    return FACT in step.facts
