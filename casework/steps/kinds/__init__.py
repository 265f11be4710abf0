"""The kinds of step that this room knows: every module here registers one (see `casework.steps.kind`)."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Register them all; called when the app is ready."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
