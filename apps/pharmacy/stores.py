"""Which stores this hospital has, and which one a person works at."""

from typing import Any

from apps.core.errors import Refused
from apps.core.tenancy import current_facility
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig, Store


def config() -> FacilityConfig:
    """How the hospital we stand in works. No query."""
    facility: Any = current_facility()
    return facilities.config(facility)


def known(code: str) -> Store:
    """The store of this code here. Refused: stock.unknown_store."""
    store = config().store(code)
    if store is None:
        raise Refused("stock.unknown_store")
    return store


def counter_codes() -> list[str]:
    return [store.code for store in config().medicine_counters]


def main() -> Store:
    """The store where what arrives is put: the first of its kind."""
    return next(store for store in config().stores if store.kind == "store")


def work_place(chosen: str, posted: str, *, counter: bool) -> Store:
    """The store that was chosen, else the one of the posting's room, else the first that fits."""
    here = config()
    fits = [s for s in here.stores if s.kind == "counter"] if counter else list(here.stores)
    for code in (chosen, posted):
        if found := next((s for s in fits if s.code == code), None):
            return found
    return fits[0]
