"""Words of the pouch label: the three pictures, and before or after food."""

from typing import Any

from django import template
from django.utils.translation import get_language

from apps.prescriptions import sentences

register = template.Library()


@register.filter
def dose_parts(line: Any) -> list[str]:
    """ "1-0-1" as three parts for the three pictures; empty for a dose of another rhythm."""
    head = (line.dosage.get("shorthand") or "").split()
    parts = head[0].split("-") if head else []
    return parts if len(parts) == 3 and all(0 < len(part) <= 3 for part in parts) else []


@register.filter
def when_words(line: Any) -> str:
    """Before or after food, in the reader's language; "" when it does not matter."""
    words = sentences.WHEN_HI if get_language() == "hi" else sentences.WHEN_EN
    return words.get(line.dosage.get("when") or "", "")


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """A word of a table by its code; the code itself when the table has none."""
    return mapping.get(key, key) if hasattr(mapping, "get") else key


@register.filter
def typed_at(form: Any, name: str) -> str:
    """What was typed into a field, when a form comes back."""
    return str(form.get(name, "")) if hasattr(form, "get") else ""
