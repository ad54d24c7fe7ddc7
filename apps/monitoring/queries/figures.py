"""From counted events to the numbers that people read; hospitals add up, so levels agree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Sum

from apps.monitoring import tally
from apps.monitoring.models import FacilityDay
from apps.monitoring.period import Period

BUCKETS = tuple(f"{tally.WAIT}{low:03d}" for low in range(0, tally.MOST + 1, tally.STEP))
EDGES = (0, *tally.REPORT_EDGES)
REPORTS = tuple(f"{tally.REPORT}{low:04d}" for low in EDGES)
KEYS = (
    "encounter.started", "encounter.started/abha", "encounter.finished", "token.issued",
    "token.issued/scan", "prescription.signed/first", "medication.dispensed/closed",
    "medication.dispensed/whole", "report.verified/tests", "care_context.linked", *BUCKETS,
    *REPORTS,
)  # fmt: skip
Sums = Counter[str]


@dataclass(frozen=True)
class Figures:
    """The numbers of one place in one period; what goes over buckets is worked out once."""

    sums: Mapping[str, int]

    def _of(self, key: str) -> int:
        return self.sums.get(key, 0)

    @property
    def registered(self) -> int:
        return self._of("encounter.started")

    @property
    def seen(self) -> int:
        return self._of("encounter.finished")

    @property
    def e_rx(self) -> int:
        return self._of("prescription.signed/first")

    @property
    def closed(self) -> int:
        """Prescriptions that are done at the counter."""
        return self._of("medication.dispensed/closed")

    @property
    def whole(self) -> int:
        return self._of("medication.dispensed/whole")

    @property
    def tests(self) -> int:
        return self._of("report.verified/tests")

    @property
    def linked(self) -> int:
        return self._of("care_context.linked")

    @property
    def abha(self) -> int:
        return self._of("encounter.started/abha")

    @property
    def scanned(self) -> int:
        return self._of("token.issued/scan")

    @cached_property
    def _waits(self) -> list[int]:
        read = self.sums.get
        return [read(bucket, 0) for bucket in BUCKETS]

    @cached_property
    def _reports(self) -> list[int]:
        read = self.sums.get
        return [read(bucket, 0) for bucket in REPORTS]

    @cached_property
    def waited(self) -> int:
        return sum(self._waits)

    @cached_property
    def wait(self) -> int | None:
        """Nine of ten were called within so many minutes: the upper edge of the bucket."""
        found = _nine_of_ten(self._waits)
        return None if found is None else (found + 1) * tally.STEP

    @property
    def timed_reports(self) -> int:
        return sum(self._reports)

    @cached_property
    def _report_at(self) -> int | None:
        return _nine_of_ten(self._reports)

    @property
    def report_min(self) -> int | None:
        """Nine of ten reports were out within so many minutes of collection: the upper edge of the
        bucket, and a day and more where the last one is reached."""
        found = self._report_at
        return None if found is None else (*EDGES[1:], EDGES[-1])[found]

    @property
    def report_min_open(self) -> bool:
        """The ninth of ten lies in the last bucket: it took longer than that."""
        return self._report_at == len(REPORTS) - 1

    @property
    def e_rx_pct(self) -> int | None:
        return percent(self.e_rx, self.seen)

    @property
    def whole_pct(self) -> int | None:
        return percent(self.whole, self.closed)

    @property
    def abha_pct(self) -> int | None:
        return percent(self.abha, self.registered)

    @property
    def scan_pct(self) -> int | None:
        return percent(self.scanned, self._of("token.issued"))


def _nine_of_ten(counts: list[int]) -> int | None:
    """In which bucket the ninth of ten lies; None of nothing."""
    need, passed = -(-9 * sum(counts) // 10), 0
    if not need:
        return None
    for place, n in enumerate(counts):
        passed += n
        if passed >= need:
            return place
    return None


def percent(part: int, whole: int) -> int | None:
    """Whole per cent, never above 100; None of nothing."""
    return min(100, round(100 * part / whole)) if whole else None


def total(parts: Iterable[Mapping[str, int]]) -> Sums:
    found: Sums = Counter()
    for part in parts:
        found.update(part)
    return found


def by_hospital(ids: set[UUID] | None, period: Period) -> dict[UUID, Sums]:
    """Sums of each hospital, added up by the database: for a file of many days. 1 query."""
    rows = FacilityDay.objects.filter(event__in=KEYS, day__range=(period.first, period.last))
    rows = rows if ids is None else rows.filter(facility_id__in=ids)
    found: dict[UUID, Sums] = {}
    for hospital, event, n in rows.values_list("facility_id", "event").annotate(n=Sum("n")):
        found.setdefault(hospital, Counter())[event] = n
    return found


def heard_on(ids: set[UUID], first: date, last: date) -> dict[UUID, set[date]]:
    """The days on which a person did something in each hospital. 1 query."""
    rows = FacilityDay.objects.filter(
        day__range=(first, last), facility_id__in=list(ids), last_at__isnull=False
    )
    found: dict[UUID, set[date]] = {}
    for facility_id, day in rows.values_list("facility_id", "day").distinct():
        found.setdefault(facility_id, set()).add(day)
    return found
