"""Invented content for the component gallery: every piece of every page in every state it can have.

The gallery shows how pages are built and is what the browser tests of the frame run over. Nothing here reads the
database.
"""

from __future__ import annotations

from portal.gallery.dossier import case
from portal.gallery.overview import PAGES, context, page
from portal.gallery.pieces import findings

__all__ = [
    "PAGES",
    "case",
    "context",
    "findings",
    "page",
]
