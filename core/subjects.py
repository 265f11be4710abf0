"""What rows may be about beside cases: a base, an organisation. Each room registers its own models under a code."""

from __future__ import annotations

from typing import Any

from django.db import models

_models: dict[str, type[models.Model]] = {}


def register(kind: str, model: type[models.Model]) -> None:
    """Enter a model under its code. Raises ValueError for a code that another one has."""
    if _models.setdefault(kind, model) is not model:
        raise ValueError(f"two subjects of kind {kind!r}")


def kind_of(subject: Any) -> str:
    """The code of what a subject is: a case's own, or the one its model is registered under. Raises LookupError."""
    if kind := getattr(subject, "case_kind", ""):
        return kind
    for kind, model in _models.items():
        if isinstance(subject, model):
            return kind
    raise LookupError(f"{type(subject).__name__} is registered as no subject")
