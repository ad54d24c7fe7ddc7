"""The catalogues in memory: 1,600 short rows, searched at every second letter a doctor types.

Measured on two cores: a search over the 927 medicines takes under a millisecond here. The lists
are read anew when their stamp changes; a list that was never loaded through `load_terminology`
has no stamp and is read each time, so tests and hand-made rows are never stale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from apps.core.fold import fold
from apps.terminology.models import Catalogue, Code, Medication

Item = TypeVar("Item", Medication, Code)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Item]):
    """One list in the order it is shown. `keys` are the folded words of each item."""

    stamp: UUID | None
    items: Sequence[Item]
    keys: Sequence[str]
    by_code: dict[str, Item]

    @classmethod
    def of(cls, stamp: UUID | None, items: Sequence[Item]) -> "Shelf[Item]":
        keys = [f" {item.search_key}" for item in items]
        return cls(stamp, items, keys, {item.code: item for item in items})


_medicines: Shelf[Medication] | None = None
_codes: dict[str, Shelf[Code]] = {}
LIST_OF = {
    Code.System.DIAGNOSIS: "diagnoses",
    Code.System.TEST: "lab_tests",
    Code.System.DOSE: "dose_phrases",
    Code.System.VITAL: "vitals",
    Code.System.COMPLAINT: "complaints",
    Code.System.ADVICE: "advice",
    Code.System.ALLERGY: "allergies",
}


def _stamp(name: str) -> UUID | None:
    return Catalogue.objects.filter(name=name).values_list("stamp", flat=True).first()


def medicines() -> Shelf[Medication]:
    """Every medicine ever listed, commonest form first. 1 query, 2 when the list is new."""
    global _medicines
    stamp = _stamp("medicines")
    if _medicines is None or stamp is None or _medicines.stamp != stamp:
        rows = Medication.objects.order_by("generic_name", "code")
        _medicines = Shelf.of(stamp, sorted(rows, key=_commonest))
    return _medicines


def codes(system: str) -> Shelf[Code]:
    """Every code ever listed of one system, in the file's order. 1 query, 2 when it is new."""
    system = Code.System(system)
    stamp = _stamp(LIST_OF[system])
    shelf = _codes.get(system)
    if shelf is None or stamp is None or shelf.stamp != stamp:
        rows = Code.objects.filter(system=system).order_by("id")
        shelf = _codes[system] = Shelf.of(stamp, list(rows))
    return shelf


def _commonest(drug: Medication) -> tuple[bool, bool, str]:
    return (not drug.at_primary, drug.route != "Oral", drug.generic_name)


def find(shelf: Shelf[Item], text: str, limit: int, only: frozenset[str] | None) -> list[Item]:
    """Active items that hold every word of `text`, best first.

    The first word at the start of the name, then each at the start of some word, then anywhere.
    With no text: the first `limit` of the list.
    """
    words = fold(text).split()
    ranks: tuple[list[Item], ...] = ([], [], [])
    for item, key in zip(shelf.items, shelf.keys, strict=True):
        if not item.active or (only is not None and item.code not in only):
            continue
        if not all(word in key for word in words):
            continue
        if not all(f" {word}" in key for word in words):
            ranks[2].append(item)
        elif words and not key.startswith(f" {words[0]}"):
            ranks[1].append(item)
        else:
            ranks[0].append(item)
    return [item for rank in ranks for item in rank][:limit]
