"""Minutes of consultations: how they spread, not only their middle."""

from dataclasses import dataclass
from uuid import UUID

from apps.accounts import queries as accounts
from apps.accounts.queries import PersonCard
from apps.facilities import live
from apps.monitoring.doubts import BUCKET_MIN, BUCKETS
from apps.monitoring.models import DoctorDay
from apps.monitoring.period import Period
from apps.monitoring.queries.ground import Ground, hospitals_of


@dataclass(frozen=True, slots=True)
class Spread:
    """Visits by minutes, of one doctor or of one hospital's doctors together."""

    patients: int
    unmeasured: int
    minutes: tuple[int, ...]
    doctors: int = 1
    days: int = 0
    person: PersonCard | None = None
    place: live.Place | None = None

    @property
    def measured(self) -> int:
        return sum(self.minutes)

    def below(self, share: float) -> int | None:
        """So many minutes were enough for this share of visits: the bucket's upper edge."""
        need, passed = share * self.measured, 0
        for n, count in enumerate(self.minutes):
            passed += count
            if need and passed >= need:
                return (n + 1) * BUCKET_MIN
        return None

    @property
    def half(self) -> int | None:
        return self.below(0.5)

    @property
    def most(self) -> int | None:
        return self.below(0.9)

    @property
    def short_pct(self) -> int | None:
        """Share of visits under two minutes."""
        return round(100 * self.minutes[0] / self.measured) if self.measured else None


def by_doctor(where: Ground, period: Period) -> list[Spread]:
    """One hospital's doctors by name, the busiest first. 2 queries."""
    rows = DoctorDay.objects.filter(
        facility_id=UUID(where.code), day__range=(period.first, period.last)
    )
    own: dict[UUID, list[DoctorDay]] = {}
    for row in rows:
        own.setdefault(row.user_id, []).append(row)
    cards = accounts.cards(own) if own else {}
    found = [_spread(days, person=cards.get(user)) for user, days in own.items()]
    return sorted(found, key=lambda spread: -spread.patients)


def by_place(where: Ground, period: Period) -> list[Spread]:
    """Each hospital's doctors together: outside a hospital no doctor is named. 2 queries."""
    places = {place.id: place for place in hospitals_of(where)}
    rows = DoctorDay.objects.filter(
        facility_id__in=list(places), day__range=(period.first, period.last)
    )
    own: dict[UUID, list[DoctorDay]] = {}
    for row in rows:
        own.setdefault(row.facility_id, []).append(row)
    found = [_spread(days, place=places[facility]) for facility, days in own.items()]
    return sorted(found, key=lambda spread: (-(spread.short_pct or 0), -spread.patients))


def _spread(
    rows: list[DoctorDay], *, person: PersonCard | None = None, place: live.Place | None = None
) -> Spread:
    minutes = tuple(sum(row.minutes[n] for row in rows) for n in range(BUCKETS))
    return Spread(
        sum(row.patients for row in rows), sum(row.unmeasured for row in rows), minutes,
        doctors=len({row.user_id for row in rows}), days=len({row.day for row in rows}),
        person=person, place=place,
    )  # fmt: skip
