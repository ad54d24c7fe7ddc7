"""Which store the person in front of the screen works at: kept in the session."""

from typing import Any

from django.utils.translation import get_language

from apps.accounts import queries as accounts
from apps.core.http import Request
from apps.facilities.config import Store
from apps.pharmacy import stores

KEY = "store"


def place(request: Request, *, counter: bool = False) -> Store:
    """The chosen store, else that of the posting, else the first. 0 or 1 query."""
    chosen = request.session.get(KEY, "")
    posted = "" if chosen else _posted(request)
    return stores.work_place(chosen, posted, counter=counter)


def _posted(request: Request) -> str:
    duty = accounts.duty(request.user.pk, facility_id=request.facility.pk)
    return duty.room if duty else ""


def choose(request: Request, code: str) -> None:
    request.session[KEY] = stores.known(code).code


def choices() -> list[tuple[str, str]]:
    """Stores for a select, in the reader's language."""
    return [(store.code, name(store)) for store in stores.config().stores]


def name(store: Any) -> str:
    return str(store.name_hi if get_language() == "hi" else store.name_en)
