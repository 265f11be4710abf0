"""Bases that existed before the portal."""
