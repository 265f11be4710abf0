"""Signposts lead somewhere: every entry of a menu has its page, and every word of the portal that a guide quotes is there.

In the guides (docs/guides/, English ones in docs/guides/en/) “…” quotes the portal: a button, a menu, a page, a heading,
a state, as it stands there.
“申报管理 → 通知批次” is a way through a menu of the guide's readers. Other people's words stand in 「…」.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, override

from portal import guides, menus
from regulations import loader

QUOTED = re.compile("“([^”]+)”")
WAY = " → "
PYTHON = re.compile(r'\b(?:_|lazy|gettext|gettext_lazy)\(\s*"((?:[^"\\]|\\.)+)"')
TEMPLATE = re.compile(r'{%-?\s*translate\s+"([^"]+)"|{%-?\s*blocktranslate[^%]*%}(.*?){%-?\s*endblocktranslate', re.S)
# Whose menus a guide's readers have: of their kind of organisation, or of their role.
READERS = {
    **{guide: [menus.BY_KIND[kind]] for kind, guide in guides.BY_KIND.items()},
    "expert": [menus.EXPERT],
    "student": [menus.STUDENT, menus.MENTOR],
}


def _every_menu() -> Iterator[tuple[str, menus.Entry]]:
    for owner, menu in {**menus.BY_KIND, **menus.BY_ROLE}.items():
        for entry in menu:
            yield owner, entry


def menu_faults(entries: Iterable[tuple[str, menus.Entry]]) -> Iterator[str]:
    """The entries, each with whose menu it is in, that lead to no page."""
    for owner, entry in entries:
        try:
            reverse(entry.page)
        except NoReverseMatch:
            yield f"menu of {owner}: «{entry.label}» leads to {entry.page!r}, which is no page"
        yield from menu_faults((owner, below) for below in entry.below)


def words(language: str = "zh") -> set[str]:
    """What the portal says in a language: every text of its sources that goes to the reader, and what the regulations
    call things."""
    texts: set[str] = set()
    for room in (*settings.ROOMS, "config", "templates"):
        for path in Path(settings.BASE_DIR, room).rglob("*"):
            if path.suffix == ".py":
                texts.update(PYTHON.findall(path.read_text(encoding="utf-8")))
            elif path.suffix == ".html":
                for plain, block in TEMPLATE.findall(path.read_text(encoding="utf-8")):
                    texts.add(plain or block.strip())
    if language != "zh":
        with override(language):
            texts = {gettext(word) for word in texts}
    for path in loader.all_profiles():
        texts.update(_texts(loader.load(path).source.data, language))
    return texts


def _texts(value: object, language: str) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get(language), str):
            yield value[language]
        for inner in value.values():
            yield from _texts(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, language)


def guide_faults(name: str, text: str, known: set[str], path: Path | str = "") -> Iterator[str]:
    """The quoted words of a guide that the portal does not say, and ways that its readers' menus do not have, in the
    language that is active; `path` is where the guide stands."""
    path = path or f"{name}.md"
    ways = {str(entry.label): {str(below.label) for below in entry.below} for menu in READERS[name] for entry in menu}
    for number, line in enumerate(text.splitlines(), 1):
        for word in QUOTED.findall(line):
            first, arrow, second = word.partition(WAY)
            if arrow and first not in ways:
                yield f"{path}:{number}: “{word}”: no menu «{first}» of these readers"
            elif arrow and second not in ways[first] | known:
                yield f"{path}:{number}: “{word}”: nothing called «{second}» under «{first}»"
            elif not arrow and word not in known:
                yield f"{path}:{number}: “{word}” stands nowhere on the portal"


def faults() -> list[str]:
    """Everything that leads nowhere, and guides that readers of a language do not have."""
    lines = list(menu_faults(_every_menu()))
    for language, code in (("zh", settings.LANGUAGE_CODE), ("en", "en")):
        known = words(language)
        with override(code):
            for name in guides.NAMES:
                path = guides.folder(code) / f"{name}.md"
                if path.is_file():
                    lines += guide_faults(
                        name, path.read_text(encoding="utf-8"), known, path.relative_to(guides.FOLDER)
                    )
                else:
                    lines.append(f"{path.relative_to(guides.FOLDER)} is missing")
    return lines
