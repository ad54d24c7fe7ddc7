"""What the registration desk sees of today."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from apps.accounts.seats import Seats
from apps.core.fold import digits, fold_name
from apps.core.tenancy import current_facility_id
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.house import seats_now
from apps.encounters.queries.visits import session_now, settings_here, visit_brief
from apps.encounters.queries.words import department_names
from apps.facilities.config import FacilityConfig

Row = dict[str, Any]
TOKEN = re.compile(r"^[A-Z]?-?(\d{1,4})$")
WAITING = (QueueToken.Status.WAITING, QueueToken.Status.CALLED, QueueToken.Status.HELD)
LATEST = 10  # slips from which the pace of the windows is taken
PLAN_S = 30  # who sits where changes a few times a day; the window asks for each patient
TO_BE_SEEN = (QueueToken.Station.VITALS, QueueToken.Station.DOCTOR)


def department_waits() -> list[Row]:
    """The department buttons: names, how many wait there for a doctor now, and whether each
    room's own doctor is away (`off`, half a minute old at most). 1 query, 2 when cold."""
    config = settings_here()
    key = f"seats:{current_facility_id()}:{session_now(config)}"
    plan = cache.get_or_set(key, lambda: seats_now(config), PLAN_S) or Seats()
    waits = dict(
        QueueToken.objects.of_day()
        .filter(status__in=WAITING, station__in=TO_BE_SEEN)
        .values_list(Coalesce(NullIf("moved_to", Value("")), "queue"))
        .annotate(n=Count("pk"))
    )
    return [
        {
            "code": department.code,
            "key": place,
            "waiting": waits.get(department.code, 0),
            "off": _is_off(config, plan, department.code),
            **department_names(config, department.code),
        }
        for place, department in enumerate((d for d in config.departments if d.active), start=1)
    ]


def _is_off(config: FacilityConfig, plan: Seats, department: str) -> bool:
    """The plan names doctors for this department's rooms, and every one of them is away."""
    rooms = {room.code for room in config.rooms_of(department)}
    return bool(rooms & plan.vacant) and not rooms & set(plan.seated)


def minutes_a_slip() -> int:
    """Whole minutes from one slip to the next at the windows, over the last ten of today; 1 while
    there are fewer than two. 1 query."""
    found = _of_day(timezone.localdate()).order_by("-started_at")
    times = list(found.values_list("started_at", flat=True)[:LATEST])
    if len(times) < 2:
        return 1
    seconds = (times[0] - times[-1]).total_seconds() / (len(times) - 1)
    return max(1, round(seconds / 60))


def last_token() -> Row | None:
    """The newest slip of today in this hospital. 1 query."""
    found = _of_day(timezone.localdate()).order_by("-started_at").first()
    return visit_brief(found) if found else None


def today_counts() -> Row:
    """Slips, by scan, patients new today and without a mobile, minutes to the doctor. 2 queries."""
    today = timezone.localdate()
    found = Encounter.objects.filter(token__day=today)
    counts = found.aggregate(
        slips=Count("pk"),
        scans=Count("pk", filter=Q(token__source=QueueToken.Source.SCAN_AND_SHARE)),
        no_mobile=Count("patient", distinct=True, filter=Q(patient__mobile="")),
        new=Count("patient", distinct=True, filter=Q(patient__registered_at__date=today)),
    )
    rows = found.filter(token__times__doctor__1__isnull=False)
    waits = [
        datetime.fromisoformat(times["doctor"][1]) - started
        for times, started in rows.values_list("token__times", "started_at")
    ]
    average = sum(waits, timedelta()) / len(waits) if waits else None
    return {
        **counts,
        "scan_share": round(100 * counts["scans"] / counts["slips"]) if counts["slips"] else 0,
        "wait_min": round(average.total_seconds() / 60) if average is not None else None,
    }


def slips(day: date, *, text: str = "", limit: int = 100) -> list[Row]:
    """The slips of one day, newest first; `text` narrows by number, token or name. 1 query."""
    found = _of_day(day)
    told = digits(text).strip().upper()
    if told:
        wanted = Q(number__icontains=told)
        if token := TOKEN.match(told):
            wanted |= Q(token__number=int(token[1]))
        if key := fold_name(told):
            wanted |= Q(patient__search_key__contains=key)
        found = found.filter(wanted)
    return [visit_brief(row) for row in found.order_by("-started_at")[:limit]]


def _of_day(day: date) -> Any:
    return Encounter.objects.filter(token__day=day).select_related("patient", "token")
