"""Reads the reading page as a person does: label by label."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "img", "br", "hr", "use"}


class Rows(HTMLParser):
    """Collects the text of the page and the value beside each label of its description lists."""

    def __init__(self):
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.sections: dict[str, list[tuple[str, str]]] = {}
        self.ids: list[str] = []
        self.styles = 0
        self.open: list[str] = []
        self.part = ""
        self.label: list[str] | None = None
        self.value: list[str] | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("li", "p", "dd", "dt", "h2", "h3", "h4", "td"):
            self.handle_data(" ")
        if attrs.get("id"):
            self.ids.append(attrs["id"])
            if attrs["id"].startswith("part-"):
                self.part = attrs["id"]
        self.styles += "style" in attrs or any(name.startswith("on") for name in attrs)
        if tag == "dt":
            self.label = []
        elif tag == "dd":
            self.value = []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "dt":
            self.name = squeeze(self.label)
            self.label = None
        elif tag == "dd" and self.value is not None:
            self.rows.setdefault(self.name, []).append(squeeze(self.value))
            self.sections.setdefault(self.part, []).append((self.name, squeeze(self.value)))
            self.value = None
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text.append(data)
        for target in (self.label, self.value):
            if target is not None:
                target.append(data)


def squeeze(parts) -> str:
    return re.sub(r"\s+", " ", "".join(parts or [])).strip()


def read(response) -> Rows:
    """The page of a response. Asserts that it came."""
    assert response.status_code == 200, response.status_code
    rows = Rows()
    rows.feed(response.content.decode())
    rows.words = squeeze(rows.text)
    return rows
