"""Work after the commit and by schedule."""

from __future__ import annotations

from celery import shared_task
from django.template.loader import render_to_string

from core import clock, outbox
from core.language import in_source_language
from tenants.models import ActionLink, Invitation
from tenants.services import attempts, invitations, links


@outbox.composer
def invitation_mail(pk: int, nonce: str) -> tuple[str, str] | None:
    """An invitation's mail, written when it is sent: the queue never holds the link. None where the invitation was closed
    or sent again meanwhile."""
    invitation = (
        Invitation.objects.filter(pk=pk, link__nonce=nonce)
        .select_related("link", "organisation__parent", "invited_by__user", "invited_by__organisation")
        .first()
    )
    if invitation is None or invitation.current_state != "invited" or not invitation.email:
        return None
    context = {
        "invitation": invitation,
        "link": invitations.link_of(invitation),
        "days": invitations.days_valid(),
    }
    with in_source_language():  # a mail cannot ask its reader
        return (
            render_to_string("emails/invitation_subject.txt", context),
            render_to_string("emails/invitation.txt", context),
        )


@outbox.composer
def code_mail(pk: int, nonce: str) -> tuple[str, str] | None:
    """The mail with a link's code. None where another was asked for or the link closed meanwhile; the queue never holds
    the code."""
    link = ActionLink.objects.filter(pk=pk, code_nonce=nonce).first()
    if link is None or link.state != "open" or not link.address:
        return None
    context = {"link": link, "code": links.code_of(link), "minutes": links.CODE_MINUTES}
    with in_source_language():
        return render_to_string("emails/link_code_subject.txt", context), render_to_string(
            "emails/link_code.txt", context
        )


@shared_task
def expire_invitations(date: str | None = None) -> dict:
    """Mark invitations that had run out by the end of `date` (ISO; default today). Access never waits for this."""
    return invitations.expire_due(clock.aware(date).date() if date else clock.today())


@shared_task
def clean_public_attempts() -> dict:
    """Drop what people without an account tried some time ago."""
    return attempts.clean()
