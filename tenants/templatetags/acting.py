"""The portal's own `{% csrf_token %}`, in place of Django's: a form carries its token and who it was opened as."""

from __future__ import annotations

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from tenants.middleware import ACTING_AS, acting_as

register = template.Library()


class FormOriginNode(CsrfTokenNode):
    """The token, and account and membership of the page (checked by config.middleware.SameMembership)."""

    def render(self, context) -> str:
        token = super().render(context)
        request = context.get("request")
        if not token or request is None:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', ACTING_AS, acting_as(request))


@register.tag
def csrf_token(parser, token) -> FormOriginNode:
    """Stands in every form that is posted."""
    return FormOriginNode()
