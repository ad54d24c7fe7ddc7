"""HTML to PDF without a network. The stylesheet and the fonts are parsed once per process.

Parsing them anew costs four fifths of a page's time. The fonts are ONE merged file a weight: a
family split by script made WeasyPrint print every digit, doses included, as a Devanagari sign.
"""

import gc
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from apps.core.tenancy import in_training

BODY, WATERMARK = re.compile(r"<body[^>]*>"), "documents/_training.html"
STATIC = Path(settings.BASE_DIR) / "bhavya" / "static"
STYLESHEET = STATIC / "css" / "print.css"
BASE = STATIC / "css" / "print-base.css"
FONTS = STATIC / "build" / "fonts"
# Nine lines of progress a page drown a worker's log.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
# Pango's font map is not safe to share between threads that draw at the same time.
_pen = threading.Lock()


@dataclass(frozen=True, slots=True)
class Paper:
    """A drawn document: its bytes and its number of pages."""

    data: bytes
    pages: int


class FontsOnly(URLFetcher):
    """Everything a page may load is one of our own fonts; anything else ends the drawing."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        name = url.rsplit("/", 1)[-1]
        if url != (FONTS / name).as_uri():
            raise FatalURLFetchingError(f"A document may not load {url.split(':')[0]}:…")
        return super().fetch(url, headers)


@cache
def _base() -> CSS:
    return CSS(filename=str(BASE))


class Page(HTML):
    """A page on our short base sheet. WeasyPrint's own gives every element the styles of all
    kinds of notes and markers that no paper has: a tenth of the time again."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_base()]


@cache
def _kit() -> tuple[FontConfiguration, CSS, FontsOnly]:
    fonts, fetcher = FontConfiguration(), FontsOnly(allowed_protocols={"file"})
    style = CSS(filename=str(STYLESHEET), font_config=fonts, url_fetcher=fetcher)
    return fonts, style, fetcher


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: what a page makes lives until it is drawn, so that the
    search costs a tenth of the time and finds little."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def draw(template: str, content: dict[str, Any], *, language: str, size: str) -> Paper:
    """Draw `documents/<template>.html` from `content` alone, in `language`, on "a5" or "a4".

    Raises whatever the template or the drawing raises; nothing is written.
    """
    context = {"doc": content, "size": size, "language": language}
    with translation.override(language):
        html = str(render_to_string(f"documents/{template}.html", context))
        if in_training():  # here and not in each template: a new paper cannot forget it
            html = BODY.sub(lambda found: found[0] + render_to_string(WATERMARK), html, count=1)
    with _pen, _uncollected():
        fonts, style, fetcher = _kit()
        page = Page(string=html, url_fetcher=fetcher)
        document = page.render(font_config=fonts, stylesheets=[style])
        data = document.write_pdf()
    return Paper(data=bytes(data or b""), pages=len(document.pages))
