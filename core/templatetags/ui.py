"""The small pieces of every page: icons, badges, dates, clauses. Load with `{% load ui %}`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import clock, language, state_styles
from core.states import style_of

register = template.Library()


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("img/icons.svg")


@lru_cache(maxsize=512)
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        _sprite(),
        name,
    )


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the house's sprite; the word beside it carries the meaning."""
    return _icon(name or "dot", css)


def badge(tone: str, label: Any, icon_name: str = "", title: str = "") -> SafeString:
    """A coloured label with icon and word, for templates and for list cells rendered in Python."""
    return _badge(
        tone,
        conditional_escape(label),
        icon_name or state_styles.TONE_ICON.get(tone, "dot"),
        conditional_escape(title),
    )


@lru_cache(maxsize=1024)
def _badge(tone: str, label: str, icon_name: str, title: str) -> SafeString:
    """`label` and `title` are escaped."""
    hover = f' title="{title}"' if title else ""
    return mark_safe(f'<span class="tag tag-{tone}"{hover}>{_icon(icon_name, "")}{label}</span>')


@register.simple_tag
def state_badge(code: str, label: Any = "", title: str = "") -> SafeString:
    """`{% state_badge case.state case.get_state_display %}`: colour and icon of the state, the word by label."""
    tone, icon_name = style_of(code)
    return badge(tone, label or code, icon_name, title)


@register.simple_tag
def tone_badge(tone: str, label: Any, icon_name: str = "") -> SafeString:
    """`{% tone_badge "orange" "退回修改" %}` where no state code exists."""
    return badge(tone if tone in state_styles.TONES else state_styles.GREY, label, icon_name)


@register.simple_tag
def outcome_badge(passed: bool | None, label: Any) -> SafeString:
    """What something came to, in its own word: green where it passed, red where it did not, grey where neither was said."""
    tone, icon_name = state_styles.of_outcome(passed)
    return badge(tone, label, icon_name) if label else mark_safe("")


@register.simple_tag
def due_badge(due: dt.date | None, done: bool = False) -> SafeString:
    """The four-colour warning of a due date: 逾期/7日内 red, 30日内 orange, 60日内 yellow, 90日内 blue."""
    style = None if done else state_styles.of_due(due)
    if style is None:
        return mark_safe("")
    tone, icon_name, words = style
    return badge(tone, words, icon_name)


@register.simple_tag
def estimated_mark(estimated: bool) -> SafeString:
    """“预计” behind a last day that was counted through a year without a table of working days; else nothing."""
    if not estimated:
        return mark_safe("")
    title = _("所在年度节假日安排未录入，按周末推算")
    return format_html('<span class="muted small" title="{}">{}</span>', title, _("预计"))


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """2026-11-20; "" for None."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    return value.isoformat()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """2026-11-20 09:05, on Shanghai's clock; "" for None."""
    return clock.local(value).strftime("%Y-%m-%d %H:%M") if value else ""


@register.filter
def file_size(value: int | None) -> str:
    """Bytes as KB or MB with one decimal."""
    size = int(value or 0)
    if size < 1024 * 1024:
        return f"{max(size, 1) / 1024:.0f} KB" if size >= 1024 else f"{size} B"
    return f"{size / 1024 / 1024:.1f} MB"


@register.filter
def sentence(text: Any) -> str:
    """The text with a full stop at its end, unless it has a mark there already."""
    return language.sentence(text)


@register.filter
def shown(kept: Any) -> str:
    """`{{ step.title|shown }}`: words that are kept in Chinese, in the reader's language where it is known."""
    return language.shown(kept)


@register.simple_tag
def sign(mark: str) -> str:
    """`{% sign "：" %}`: a mark of punctuation as the reader's language writes it."""
    return language.sign(mark)


@register.simple_tag
def clause(value: Any) -> SafeString:
    """依据：… as a link to the reading page where the value knows one; nothing for an empty value."""
    text = str(value or "")
    if not text:
        return mark_safe("")
    url = getattr(value, "url", "")
    inner = format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)
    return format_html('<span class="clause">{}{}</span>', _("依据："), inner)


@register.filter
def here(findings: Any) -> list:
    """The findings that the reader can mend."""
    return [finding for finding in findings or () if not finding.filled_by]


@register.filter
def elsewhere(findings: Any) -> list:
    """The findings in parts that somebody else fills in."""
    return [finding for finding in findings or () if finding.filled_by]


@register.filter
def attr(value: Any, name: str) -> Any:
    """An attribute or key by name; "" where there is none."""
    if isinstance(value, dict):
        return value.get(name, "")
    return getattr(value, name, "")


@register.filter
def keyed(value: str) -> str:
    """An id that an anchor can use: letters, digits, hyphen, underscore."""
    return "".join(ch if ch.isalnum() or ch in "-_" else "-" for ch in str(value))
