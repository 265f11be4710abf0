"""Work after the commit and by schedule."""

from __future__ import annotations

import hashlib

from celery import shared_task
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from core import clock, outbox
from core.language import in_source_language
from tenants.models import Invitation
from tenants.services import invitations


@outbox.task
def send_invitation(pk: int, nonce: str) -> None:
    """Mail an invitation's link, unless it was closed or sent again meanwhile. The queue never holds the
    link.
    """
    invitation = (
        Invitation.objects.filter(pk=pk, nonce=nonce)
        .select_related("organisation__parent", "invited_by__user", "invited_by__organisation")
        .first()
    )
    if invitation is None or invitation.current_state != "invited" or not invitation.email:
        return
    context = {
        "invitation": invitation,
        "link": invitations.link_of(invitation),
        "days": invitations.days_valid(),
    }
    digest = hashlib.sha256(f"invitation:{pk}:{nonce}".encode()).hexdigest()[:32]
    with in_source_language():  # a mail cannot ask its reader
        subject = " ".join(render_to_string("emails/invitation_subject.txt", context).split())
        body = render_to_string("emails/invitation.txt", context)
    EmailMessage(
        subject,
        body,
        to=[invitation.email],
        headers={"Message-ID": f"<{digest}@lianpei>"},
    ).send()


@shared_task
def expire_invitations(date: str | None = None) -> dict:
    """Mark invitations that had run out by the end of `date` (ISO; default today). Access never waits for this."""
    return invitations.expire_due(clock.aware(date).date() if date else clock.today())
