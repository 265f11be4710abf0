"""Fixtures for the whole suite. The plugin (tests/plugin.py) prepares environment and databases."""

from __future__ import annotations
