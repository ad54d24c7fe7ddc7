"""Template words of the house: icons, field errors, masked numbers."""

import json
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import barcode as symbols
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
ICONS = Path(settings.BASE_DIR) / "bhavya" / "static" / "build" / "icons.json"


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    """Name to inner SVG of the Tabler outline icons (MIT) that the build step picked from npm."""
    return json.loads(ICONS.read_text(encoding="utf-8"))


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """An inline SVG. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="bh-i" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true">{1}</svg>',
        size,
        mark_safe(_icons()[name]),  # our own build output
    )


@register.simple_tag
def barcode(text: str) -> SafeString:
    """Code 128 as an inline SVG with ten modules of quiet zone; its size comes from CSS."""
    at, paths = 10, []
    for colour, run in groupby(symbols.get("code128", text).build()[0]):
        width = len(list(run))
        if colour == "1":
            paths.append(f"M{at} 0h{width}v10h-{width}z")
        at += width
    return format_html(
        '<svg class="bh-bars" viewBox="0 0 {0} 10" preserveAspectRatio="none" role="img" '
        'aria-label="{1}"><path d="{2}"/></svg>',
        at + 10,
        text,
        "".join(paths),
    )


@register.filter
def local(thing: object, stem: str = "name") -> str:
    """`facility|local` or `region|local:"name"`: the Hindi or the Latin field, by language.

    `row|local:""` reads a pair that is named plainly "hi" and "en".
    """
    first, second = ("hi", "en") if get_language() == "hi" else ("en", "hi")
    read = thing.get if isinstance(thing, dict) else lambda key, d="": getattr(thing, key, d)
    dash = f"{stem}_" if stem else ""
    return read(f"{dash}{first}", "") or read(f"{dash}{second}", "") or ""


@register.filter
def masked(number: str) -> str:
    """9835022714 becomes 98350 •••14: enough to recognise, not enough to call."""
    digits = str(number or "")
    return f"{digits[:5]} •••{digits[-2:]}" if len(digits) == 10 else digits
