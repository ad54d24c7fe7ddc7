"""Hospitals that are made to be measured and taken away again: `bench` alone uses them."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.core.ids import uuid7
from apps.facilities import schema, tenants
from apps.facilities.models import Domain, Facility
from apps.facilities.templates_by_level import template_for

CODE, LEVEL = "BENCH-", "PHC"
Told = Callable[[int, int], None]


def make_scratch(n: int) -> Facility:
    """The n-th one: a row and an address; `create_schema` does the rest."""
    slug = f"bench-{n}"
    made = Facility.objects.create(
        id=uuid7(), schema_name=f"f_bench_{n}", register_code=f"{CODE}{n}", facility_type=LEVEL,
        name_en=f"Bench {n}", name_hi=f"बेंच {n}", prefix=f"Z{n:04}"[:5], slug=slug,
        district_code="0", is_demo=True, config=template_for(LEVEL).as_json(),
    )  # fmt: skip
    Domain.objects.create(domain=f"{slug}.{settings.PARENT_DOMAIN}", tenant=made, is_primary=True)
    return made


def set_scratch_back(ids: list[UUID], version: str) -> None:
    """They stand before a release."""
    own = Facility.objects.filter(pk__in=ids, register_code__startswith=CODE)
    own.update(schema_version=version)


def scratch_behind(ids: list[UUID]) -> int:
    """How many a release did not reach."""
    return Facility.objects.filter(pk__in=ids).exclude(schema_version=schema.version()).count()


def left_scratch() -> list[Facility]:
    """What a run that was cut off left behind."""
    return list(Facility.objects.filter(register_code__startswith=CODE))


def clear_scratch(made: list[Facility], told: Told = lambda done, of: None) -> None:
    """Schemas, addresses, numbers and rows; the trail keeps what happened. Safe to be cut off: a
    hospital is gone with its schema or still there."""
    own = [row for row in made if row.register_code.startswith(CODE)]
    for done, row in enumerate(own, 1):
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{row.schema_name}" CASCADE')
            cursor.execute(
                "DELETE FROM public.facilities_numberseries WHERE facility_id = %s", [row.pk]
            )
        Domain.objects.filter(tenant=row).delete()
        Facility.objects.filter(pk=row.pk).delete()
        told(done, len(own))
    tenants.forget()
