"""The PDF of a paper.

`render_paper` prints a layout with a context on A4 pages; `render_print` prints what goes to the printer: the same
pages, imposed on A3 where the form prescribes a centre-fold booklet. Equal input gives equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override
from pypdf import PdfReader, PdfWriter

from . import fonts
from .booklet import impose_booklet
from .build import Builder
from .context import OpinionText, PaperContext
from .layout import PaperLayout, parse_layout
from .pictures import pictures_of
from .styles import Styles

__all__ = ["OpinionText", "PaperContext", "render_paper", "render_print", "version_code"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nobody mistypes them from paper


def version_code(layout_key: str, answers: Mapping[str, Any], opinions: Mapping[str, Any] | None = None) -> str:
    """The code printed in the footer: 12 characters in groups of four, computed from the content.

    Equal content gives the same code whatever the order of keys; 60 bits of SHA-256 over canonical JSON.
    """
    said = {
        key: [opinion.text, opinion.person, opinion.unit, str(opinion.date or "")]
        for key, opinion in ((key, OpinionText.read(given)) for key, given in (opinions or {}).items())
    }
    content = json.dumps(
        [layout_key, answers, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8], "big") >> 4
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(11, -1, -1))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


@cache
def _machinery() -> tuple[Any, Any]:
    """WeasyPrint with our fonts; imported late, because it reads the font configuration when first used."""
    fonts.install()
    import weasyprint  # noqa: PLC0415 - loads long
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - loads long

    return weasyprint, FontConfiguration


def footer(context: PaperContext) -> str:
    """The footer without page numbers: number and version code as far as the state has them."""
    if context.blank:
        return ""
    parts = [f"编号：{context.number}"] if context.number else []
    if context.state == "draft":
        parts.append("草稿（不得用印）")
    else:
        parts += ["送审稿"] if context.state == "review" else []
        parts += [f"版本校验码：{context.version_code}"] if context.version_code else []
    return "｜".join(parts)


def _page_rules(layout: PaperLayout) -> str:
    top, right, bottom, left = layout.margins
    size = "A4 landscape" if layout.landscape else "A4"
    return (
        f"@page {{ size: {size}; margin: {top:g}mm {right:g}mm {bottom:g}mm {left:g}mm }}\n"
        f"body {{ font-family: {fonts.stack(layout.font)}; font-size: {layout.size:g}pt }}\n"
        f".hei {{ font-family: {fonts.stack('hei')} }}\n"
        f".face-title {{ font-family: {fonts.stack('title')} }}\n"
        f".song {{ font-family: {fonts.stack('song')} }}\n"
        f".kai {{ font-family: {fonts.stack('kai')} }}\n"
    )


def _one_copy(layout: PaperLayout, context: PaperContext, holder: str) -> bytes:
    weasyprint, font_configuration = _machinery()
    from .fetcher import PaperFetcher  # noqa: PLC0415 - stands on weasyprint, which loads long

    styles = Styles()
    width = (297 if layout.landscape else 210) - layout.margins[1] - layout.margins[3]
    with override("zh-hans"):
        html = render_to_string(
            "core/papers/paper.html",
            {
                "title": context.title or layout.title,
                "elements": Builder(context, styles, width).build(layout.elements),
                "footer": footer(context),
                "holder": holder,
                "draft": context.state == "draft" and not context.blank,
                "review": context.state == "review" and not context.blank,
                "qr": context.state == "final" and bool(context.verify_url) and not context.blank,
            },
        )
    fetcher, configuration = PaperFetcher(context.verify_url, pictures_of(layout, context)), font_configuration()
    sheets = [
        weasyprint.CSS(url="paper:/static/css/papers/paper.css", url_fetcher=fetcher, font_config=configuration),
        weasyprint.CSS(string=_page_rules(layout) + styles.sheet(), url_fetcher=fetcher, font_config=configuration),
    ]
    document = weasyprint.HTML(string=html, base_url="paper:/", url_fetcher=fetcher)
    return document.write_pdf(
        stylesheets=sheets, font_config=configuration, pdf_identifier=hashlib.md5(html.encode()).digest()
    )


def render_paper(layout: PaperLayout | dict[str, Any], context: PaperContext) -> bytes:
    """The paper as a PDF on A4 pages, one after another for each holder in `context.copies`.

    User text is escaped; no address outside the project is fetched. Raises LayoutError for a bad layout,
    KeyError for a section the form does not have, ValueError for a context that does not fit its state.
    """
    layout = parse_layout(layout) if isinstance(layout, dict) else layout
    return _joined([_one_copy(layout, context, holder) for holder in (context.copies or ("",))])


def render_print(layout: PaperLayout | dict[str, Any], context: PaperContext) -> bytes:
    """What is sent to the printer: A4 pages, or A3 sheets for a booklet (each holder's copy begins a new sheet)."""
    layout = parse_layout(layout) if isinstance(layout, dict) else layout
    if layout.sheet == "A4":
        return render_paper(layout, context)
    return _joined(
        [impose_booklet(render_paper(layout, replace(context, copies=(copy,)))) for copy in context.copies or ("",)]
    )


def _joined(parts: list[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0]
    writer = PdfWriter()
    for part in parts:
        writer.append(PdfReader(io.BytesIO(part)))
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
