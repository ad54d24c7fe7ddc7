"""Named reads over the catalogues."""

from collections.abc import Iterable

from apps.core.fold import fold
from apps.terminology.models import Code


def search_codes(system: str, text: str, *, limit: int = 12) -> list[Code]:
    """Codes of a list by name; without text the first of the list. 1 query."""
    found = Code.objects.filter(system=system, active=True, search_key__contains=fold(text))
    return list(found.order_by("code")[:limit])


def codes(system: str, codes: Iterable[str]) -> dict[str, Code]:
    """Codes of a list by code; unknown ones are left out. 1 query."""
    return {c.code: c for c in Code.objects.filter(system=system, code__in=list(codes))}
