"""Fixtures of the forms' tests."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest


@pytest.fixture
def own_templates(settings) -> None:
    """The pages of these tests lie beside them."""
    own = copy.deepcopy(settings.TEMPLATES)
    own[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = own
