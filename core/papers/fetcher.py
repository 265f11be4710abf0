"""The only addresses a paper may load: the project's own style sheets and pictures for papers, its QR code, and the
pictures that it was filled with."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import segno
from django.contrib.staticfiles import finders
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core.papers.pictures import SCHEME

TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
FOLDERS = ("css/papers", "img/papers")


class RefusedAddress(FatalURLFetchingError):
    """A paper asked for an address outside the project. Rendering stops: no template of ours does that."""


def qr_svg(text: str) -> bytes:
    """QR code of `text` (error correction M) as an SVG file without quiet zone."""
    target = BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=0, xmldecl=False, svgns=True)
    return target.getvalue()


class PaperFetcher(URLFetcher):
    """Answers `paper:/static/<file>`, `paper:/qr.svg` and the paper's own pictures; every other address raises
    RefusedAddress.

    No handler of the parent is used, so there is nothing that could open a network connection or a file address.
    """

    def __init__(self, verify_url: str = "", pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)
        self.verify_url, self.pictures = verify_url, pictures or {}

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = PurePosixPath(unquote(parts.path))
        if parts.scheme != SCHEME or parts.netloc or parts.query or ".." in path.parts:
            raise RefusedAddress(f"refused: {url[:200]}")
        if str(path) == "/qr.svg" and self.verify_url:
            return URLFetcherResponse(url, qr_svg(self.verify_url), {"Content-Type": "image/svg+xml"}, 200)
        if str(path) in self.pictures:
            return URLFetcherResponse(url, self.pictures[str(path)], {"Content-Type": "image/jpeg"}, 200)
        if path.parts[:2] == ("/", "static") and path.suffix in TYPES:
            name = str(PurePosixPath(*path.parts[2:]))
            place = finders.find(name) if name.startswith(tuple(f"{folder}/" for folder in FOLDERS)) else None
            if place:
                with open(place, "rb") as file:
                    return URLFetcherResponse(url, file.read(), {"Content-Type": TYPES[path.suffix]}, 200)
        raise RefusedAddress(f"refused: {url[:200]}")
