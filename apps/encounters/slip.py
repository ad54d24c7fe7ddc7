"""What the paper slip carries besides words: the QR of its short address."""

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

DEFAULT_PORTS = {"http": 80, "https": 443}


def short_address(slug: str, code: str) -> str:
    """The slip's own page on the hospital's host: https://dh-purnia.…/s/XXXXXXXXXXXX."""
    scheme, port = settings.PUBLIC_SCHEME, settings.PUBLIC_PORT
    where = "" if DEFAULT_PORTS.get(scheme) == port else f":{port}"
    return f"{scheme}://{slug}.{settings.PARENT_DOMAIN}{where}/s/{code}"


def qr(text: str) -> SafeString:
    """Inline SVG without size, quiet zone of four modules inside; CSS gives it 24 mm."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff"
    )
    return mark_safe(svg)  # drawn by segno from modules alone, no text of ours inside
