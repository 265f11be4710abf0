"""Form fields, masked telephone numbers, the demo's accounts. Load with `{% load tenants %}`."""

from __future__ import annotations

from django import forms, template

from core import text
from tenants import roles
from tenants.demo import accounts, load

register = template.Library()


@register.inclusion_tag("tenants/parts/field.html")
def form_field(field, label: str = "", help_text: str = "") -> dict:
    """A bound field with its label, help and errors; label and help replace the form's own."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        look, check = "form-check-input", True
    else:
        look, check = ("form-select" if isinstance(widget, forms.Select) else "form-control"), False
    attrs = {"class": f"{look} is-invalid" if field.errors else look, "placeholder": ""}
    if help_text:
        field.help_text = help_text
    return {
        "field": field,
        "drawn": field.as_widget(attrs=attrs),
        "label": label or field.label,
        "check": check,
        "hidden": field.is_hidden,
    }


@register.filter
def mask_phone(number: str) -> str:
    """13812340000 → 138****0000; anything shorter than seven digits is left out whole."""
    bare = "".join(str(number or "").split())
    return f"{bare[:3]}****{bare[-4:]}" if len(bare) >= 7 else ("****" if bare else "")


@register.filter
def hidden_address(address: str) -> str:
    """han@example.cn → h***@example.cn; "" stays ""."""
    return text.hidden_address(address)


@register.filter
def role_name(code: str) -> str:
    """A role's name for people."""
    return roles.role_label(code)


@register.simple_tag
def demo_accounts() -> list[dict]:
    """The demo's accounts for the log-in page: the named ones first, then the others; empty without a demo."""
    by_login = {account["login"]: account for account in accounts()}
    if not by_login:
        return []
    shown = [by_login[login] for login in load()["shown"] if login in by_login]
    for account in shown:
        account["shown"] = True
    return shown + [account for account in by_login.values() if "shown" not in account]
