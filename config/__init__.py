"""Floor 10: settings, addresses, worker, and what runs the house. Imports from every room; no room imports it."""

from .celery import app as celery_app

__all__ = ["celery_app"]
