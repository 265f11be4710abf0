"""Parsed form specs by regulation version: a published version never changes, so each is parsed once."""

from __future__ import annotations

from core.forms.spec import parse_form

_parsed: dict[tuple, object] = {}


def parsed(version, form_key: str):
    """The parsed form of a regulation version. Raises KeyError for a form the profile does not have."""
    key = (version.pk, version.sha256, form_key)
    if key not in _parsed:
        data = {"key": form_key, **version.profile.forms[form_key]}
        data.pop("paper", None)
        _parsed[key] = parse_form(data)
    return _parsed[key]
