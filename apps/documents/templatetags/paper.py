"""Words for papers: moments out of JSON, the check picture, the cell of a dose."""

import unicodedata
from datetime import date, datetime

import segno
from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

register = template.Library()
ZERO = frozenset({"0", "", "-"})


@register.filter
def moment(text: str) -> datetime | date | None:
    """An ISO date or time out of a document's content, in India's time; None when it is none."""
    if not text:
        return None
    found = parse_datetime(text) if "T" in text else None
    if found is not None:
        return timezone.localtime(found) if timezone.is_aware(found) else found
    return parse_date(text[:10])


@register.filter
def day(text: str) -> str:
    """23-11-2026: the way tables and papers write a date."""
    found = moment(text)
    return formats.date_format(found, "d-m-Y") if found else ""


@register.filter
def clock(text: str) -> str:
    found = moment(text)
    return formats.time_format(found.time(), "H:i") if isinstance(found, datetime) else ""


@register.simple_tag
def qr(url: str) -> SafeString:
    """The address as an inline SVG; its size comes from CSS, its quiet zone is two modules here."""
    code = segno.make(url, error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))


@register.filter
def is_zero(dose: str) -> bool:
    """True for a time of day at which nothing is taken."""
    return str(dose).strip() in ZERO


@register.filter
def in_tongue(pair: dict[str, str] | None) -> str:
    """The Hindi or English of {"hi", "en"}; the other one when this is empty."""
    if not pair:
        return ""
    first, second = ("hi", "en") if get_language() == "hi" else ("en", "hi")
    return pair.get(first) or pair.get(second) or ""


@register.filter
def days_words(line: dict[str, str]) -> str:
    """How long a medicine is taken: "30" becomes "30 days"; words stay as they were written."""
    told = str(line.get("days_hi" if get_language() == "hi" else "days_en") or "")
    if not told.isdecimal():
        return told
    return ngettext("%(n)s day", "%(n)s days", int(told)) % {"n": told}


@register.filter
def initial(name: str) -> str:
    """The first written letter with its signs: सु of सुनीता, A of Aarav."""
    end = 1
    while end < len(name) and unicodedata.category(name[end]) in ("Mn", "Mc"):
        end += 1
    return name[:end]
