"""What everybody may know of a hospital before the way is made: counts and medicines, no person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from apps.facilities import live
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig, Session
from apps.monitoring import period as periods
from apps.monitoring.models import HospitalNow
from apps.monitoring.queries.board import looks, session_began
from apps.monitoring.queries.days import of_hospitals
from apps.monitoring.queries.figures import Figures
from apps.supply import queries as supply
from apps.terminology import queries as terminology


@dataclass(frozen=True, slots=True)
class Open:
    """One hospital for everybody. `now` is None when nobody has looked in the last minutes."""

    place: live.Place
    works: bool
    sessions: tuple[Session, ...]
    now: HospitalNow | None
    today: Figures


@dataclass(frozen=True, slots=True)
class OpenHospital:
    """The page of one hospital. `here` and `gone`: names of medicines, by the alphabet."""

    open: Open
    district: dict[str, str]
    here: list[str]
    gone: list[str]
    stock_at: datetime | None


def districts_open() -> list[dict[str, object]]:
    """Districts with hospitals on board, by name, and how many. 1 query."""
    count: dict[str, int] = {}
    for place in live.hospitals():
        if place.is_open:
            count[place.district_code] = count.get(place.district_code, 0) + 1
    return [{"place": d, "n": count[d.code]} for d in facilities.districts() if d.code in count]


def hospitals_open(district: str) -> list[Open]:
    """A district's hospitals by name. 3 queries."""
    places = [place for place in live.hospitals(district=district) if place.is_open]
    return _opened(places)


def hospital_open(slug: str) -> OpenHospital | None:
    """One hospital, None when it is not on board. 6 queries."""
    row = facilities.by_slug(slug)
    place = live.hospital(row.pk) if row else None
    if place is None or not place.is_open:
        return None
    stock = supply.shelf_of(place.id)
    known = terminology.medications([code for code, _ in stock.levels])
    names = [(f"{known[c].generic_name} {known[c].strength}".strip(), has)
             for c, has in stock.levels if c in known]  # fmt: skip
    return OpenHospital(
        _opened([place])[0],
        facilities.place_name("", place.district_code),
        sorted({name for name, has in names if has}, key=str.lower),
        sorted({name for name, has in names if not has}, key=str.lower),
        stock.at,
    )


def _opened(places: list[live.Place]) -> list[Open]:
    ids: set[UUID] = {place.id for place in places}
    sums = of_hospitals(ids, periods.last_days("today"))
    now, moment = looks(ids), timezone.localtime()
    return [
        Open(
            place,
            session_began(place, moment) is not None,
            tuple(Session(**row) for row in place.sessions) or FacilityConfig().sessions,
            now.get(place.id),
            Figures(sums.get(place.id, {})),
        )
        for place in places
    ]
