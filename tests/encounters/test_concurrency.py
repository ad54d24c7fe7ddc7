"""Eight counters at once, for real: own connections, own transactions, all committed.

These tests cannot be rolled back, so they have a hospital of their own that is taken away after.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import Role
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions
from apps.encounters.models import Encounter, QueueToken
from apps.facilities import schema
from apps.facilities.models import Facility, NumberSeries
from apps.patients.models import Patient
from apps.persons.models import PersonLink
from tests.cast import CONFIG, Cast, forget_trail

COUNTERS = 8
SCHEMA = "f_test_hall"


class Hall(Cast):
    """The staff of the hospital where everything happens at once."""

    def __init__(self) -> None:
        self.green = self.blue = Facility.objects.create(
            schema_name=SCHEMA, register_code="TEST-HALL", facility_type="DH", name_hi="हॉल",
            name_en="Hall", prefix="HAL", slug="hall", district_code="203",
            status=Facility.Status.ACTIVE, config=CONFIG.as_json(),
        )  # fmt: skip
        self._made = {}
        self.clerk = self.member("hall_clerk", Role.REG, self.green)
        self.doctors = [
            self.member(f"hall_doctor_{n}", Role.MO, self.green) for n in range(COUNTERS)
        ]


@pytest.fixture
def hall(db) -> Iterator[Hall]:
    """`db` holds this thread in a transaction, so it touches no row at all: whatever is written,
    read or taken away is done by other threads, on connections of their own."""
    elsewhere(lambda: schema.replay(SCHEMA))
    hall = elsewhere(Hall)
    try:
        yield hall
    finally:
        elsewhere(lambda: take_away(hall))


def elsewhere(work: Callable[[], Any]) -> Any:
    """Done and committed in a thread of its own, in the public schema."""

    def one() -> Any:
        try:
            connection.set_schema_to_public()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(one).result()


def take_away(hall: Hall) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{SCHEMA}" CASCADE')
    forget_trail()
    for table in (PersonLink, NumberSeries, PractitionerRole):
        table.objects.filter(facility_id=hall.green.pk).delete()
    User.objects.filter(username__startswith="hall_").delete()
    Facility.objects.filter(pk=hall.green.pk).delete()


def at_once(hall: Hall, work: Callable[[int], Any], times: int = COUNTERS) -> list[Any]:
    """`work(n)` in that many threads, let go together; what each answered or why it was refused."""
    start = Barrier(times)

    def one(n: int) -> Any:
        try:
            with facility_context(hall.green.pk):
                start.wait(timeout=30)
                return work(n)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def seen(hall: Hall, table: Any, column: str) -> list[Any]:
    """The values of one column as everybody sees them now."""
    found = at_once(hall, lambda n: list(table.objects.values_list(column, flat=True)), 1)
    return sorted(found[0])


def register(hall: Hall, n: int, *, patient_id: UUID | None = None, visit_id: UUID | None = None):
    return actions.register_visit(
        patient={
            "id": patient_id or uuid7(), "name_hi": f"मरीज़ {n}", "sex": "female", "age": 30,
            "mobile": f"98350227{n:02d}",
        },
        visit={"id": visit_id or uuid7(), "department": "MED"},
        actor=hall.clerk.actor,
    )  # fmt: skip


def test_eight_counters_never_give_one_number_twice(hall):
    for _ in range(3):
        made = at_once(hall, lambda n: register(hall, n))
        assert all(isinstance(visit, Encounter) for visit in made)
    expected = list(range(1, 3 * COUNTERS + 1))
    year = timezone.localdate().year % 100
    assert seen(hall, QueueToken, "number") == expected
    assert seen(hall, Encounter, "number") == [f"HAL-{year:02d}-{n:06d}" for n in expected]
    assert seen(hall, Patient, "mrn") == [f"HAL-P-{n:06d}" for n in expected]


def test_paper_kits_and_live_counters_never_give_one_number_twice(hall):
    def one(n: int) -> Any:
        if n % 2:
            return int(register(hall, n).number[-6:])
        return actions.reserve_slips(10, id=uuid7(), actor=hall.clerk.actor)

    made = at_once(hall, one)
    live = [number for number in made if isinstance(number, int)]
    kits = [n for kit in made if not isinstance(kit, int) for n in range(kit.first, kit.last + 1)]
    assert len(live) + len(kits) == len(set(live) | set(kits)) == 44


def test_one_form_sent_eight_times_at_once_makes_one_row(hall):
    same = {"patient_id": uuid7(), "visit_id": uuid7()}
    made = at_once(hall, lambda n: register(hall, 0, **same))
    assert {visit.pk for visit in made} == {same["visit_id"]}
    assert seen(hall, Patient, "pk") == [same["patient_id"]]
    assert seen(hall, Encounter, "pk") == [same["visit_id"]]
    assert seen(hall, QueueToken, "number") == [1]


def test_one_patient_at_eight_counters_gets_one_token(hall):
    made = at_once(hall, lambda n: register(hall, n), 1)[0]
    patient_id = made.patient_id
    at_once(hall, lambda n: actions.cancel(made.pk, actor=hall.clerk.actor), 1)
    said = at_once(
        hall,
        lambda n: actions.start_visit(
            patient_id, id=uuid7(), department="MED", actor=hall.clerk.actor
        ),
    )
    assert Counter(type(answer).__name__ for answer in said) == {"Encounter": 1, "str": 7}
    assert {answer for answer in said if isinstance(answer, str)} == {"visit.already_open"}


def test_two_doctors_never_call_one_patient(hall):
    def to_the_door(_: int) -> None:
        for n in range(COUNTERS):
            visit = register(hall, n)
            actions.pass_on(visit.pk, to_station="doctor", actor=hall.doctors[0].actor)

    at_once(hall, to_the_door, 1)
    called = at_once(
        hall,
        lambda n: actions.call_next(
            "doctor", queue="MED", room=str(n), actor=hall.doctors[n].actor
        ),
    )
    assert sorted(token.number for token in called) == list(range(1, COUNTERS + 1))
    assert seen(hall, QueueToken, "status") == ["called"] * COUNTERS
    assert len(set(seen(hall, Encounter, "doctor_id"))) == COUNTERS


def test_eight_screens_save_one_draft_and_seven_are_told(hall):
    visit = at_once(hall, lambda n: register(hall, n), 1)[0]
    said = at_once(
        hall,
        lambda n: actions.save_draft(
            visit.pk, draft={"notes": str(n)}, version=0, actor=hall.doctors[n].actor
        ),
    )
    assert Counter(said) == {1: 1, "draft.conflict": 7}
