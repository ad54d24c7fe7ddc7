"""The hospitals of the soak: staff, PINs, shelves; made before and taken away after."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts import actions as accounts
from apps.core.ids import uuid7
from apps.core.tenancy import connection, facility_context
from apps.demo import world
from apps.demo.bench_bar import bar
from apps.demo.seed import SYSTEM
from apps.facilities import actions as facilities
from apps.facilities.actions import scratch
from apps.pharmacy import actions as pharmacy

STEM = "bench.soak"
POSTS = ("REG", "NUR", "MO", "PHM", "LAB", "PATH")
MEDICINES = ("MED0046", "MED0704")
AWAY = (
    "DELETE FROM public.accounts_practitionerrole WHERE user_id IN "
    "(SELECT id FROM public.accounts_user WHERE username LIKE %s)",
    "DELETE FROM public.accounts_login WHERE user_id IN "
    "(SELECT id FROM public.accounts_user WHERE username LIKE %s)",
    "DELETE FROM public.accounts_user WHERE username LIKE %s",
)
# Shared tables that hold rows of a hospital; the trail's are kept.
OF_HOSPITALS = """
SELECT quote_ident(c.relname) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'facility_id' AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relname NOT LIKE 'audit_event%'
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One hospital and its people: post and the row of its user."""

    facility_id: UUID
    slug: str
    schema_name: str
    staff: dict[str, Any]


def build(hospitals: int) -> tuple[list[Place], Any]:
    """The hospitals and one person of the State."""
    remove()
    told, places = bar("hospitals, staff"), []
    for n in range(hospitals):
        row = scratch.make_scratch(n)
        facilities.create_schema(row.pk)
        staff = {post: _person(f"{STEM}.{post.lower()}{n}", post, row.pk) for post in POSTS}
        with facility_context(row.pk):
            _shelves()
        places.append(Place(row.pk, row.slug, row.schema_name, staff))
        told(n + 1, hospitals)
    connection.set_schema_to_public()
    return places, _person(f"{STEM}.state", "SHQ", None)


def _person(username: str, post: str, facility_id: UUID | None) -> Any:
    user = accounts.create_user(
        id=uuid7(), username=username, name_hi="मापन", name_en="Measuring", mobile="",
        actor=SYSTEM,
    )  # fmt: skip
    doctor = post == "MO"
    accounts.post_user(
        user.pk, id=uuid7(), role=post, facility_id=facility_id, actor=SYSTEM,
        department="MED" if doctor else "", room="1" if doctor else "", from_date=date(2026, 1, 1),
    )  # fmt: skip
    accounts.set_pin(user.pk, world.PIN, actor=SYSTEM)
    return user


def _shelves() -> None:
    for code in MEDICINES:
        pharmacy.receive(
            id=uuid7(), medication_code=code, batch_no="BENCH1", quantity=Decimal(90_000),
            expiry=timezone.localdate() + timedelta(days=400), unit="", store="counter-1",
            source="bench", actor=SYSTEM,
        )  # fmt: skip


def remove() -> None:
    """Nothing is left but rows in the trail, which nobody can take away."""
    connection.set_schema_to_public()
    left = scratch.left_scratch()
    with connection.cursor() as cursor:
        cursor.execute(OF_HOSPITALS)
        for (table,) in cursor.fetchall():
            ids = [row.pk for row in left]
            cursor.execute(f"DELETE FROM public.{table} WHERE facility_id = ANY(%s)", [ids])
        for statement in AWAY:
            cursor.execute(statement, [f"{STEM}.%"])
    scratch.clear_scratch(left, bar("taking away"))
