"""The user guides in docs/guides, the English ones in docs/guides/en, rendered from Markdown without any HTML of their own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

FOLDER = Path(settings.BASE_DIR) / "docs" / "guides"
NAMES = {
    "graduate_office": _("研究生处"),
    "college": _("学院"),
    "partner": _("合作单位"),
    "department": _("省教育厅"),
    "expert": _("评审专家"),
    "student": _("研究生和导师"),
}
BY_KIND = {
    "department": "department",
    "university": "graduate_office",
    "college": "college",
    "partner": "partner",
}
BY_ROLE = {"expert": "expert", "student": "student", "mentor": "student", "base_mentor": "student"}


def folder(language: str | None) -> Path:
    """Where the guides for readers of a language are."""
    return FOLDER / "en" if (language or "").startswith("en") else FOLDER


def all_guides() -> dict:
    """Name → label of the guides, in the order in which they are offered."""
    return NAMES


def for_membership(membership) -> str:
    """The guide of the reader's own role; the college's for people without a membership."""
    if membership is None:
        return "college"
    if membership.role in BY_ROLE:
        return BY_ROLE[membership.role]
    return BY_KIND.get(membership.organisation.kind, "college")


@lru_cache(maxsize=16)
def _rendered(path: Path, changed: float) -> SafeString:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    return mark_safe(reader.render(path.read_text(encoding="utf-8")))  # noqa: S308 - html is off, text escaped


def read(name: str) -> SafeString:
    """A guide as HTML, in the reader's language. `name` must be one of `all_guides`."""
    path = folder(get_language()) / f"{name}.md"
    return _rendered(path, path.stat().st_mtime)
