"""Hospitals that are made to be measured and taken away again: `bench tenants` alone uses them."""

from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.core.ids import uuid7
from apps.facilities import schema, tenants
from apps.facilities.models import Domain, Facility

CODE = "BENCH-"


def make_scratch(n: int) -> Facility:
    """The n-th one: a row and an address; `create_schema` does the rest."""
    slug = f"bench-{n}"
    made = Facility.objects.create(
        id=uuid7(), schema_name=f"f_bench_{n}", register_code=f"{CODE}{n}", facility_type="PHC",
        name_en=f"Bench {n}", name_hi=f"बेंच {n}", prefix=f"Z{n:04}"[:5], slug=slug,
        district_code="0", is_demo=True, config={},
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


def clear_scratch(made: list[Facility]) -> None:
    """Schemas, addresses and rows; the trail keeps what happened."""
    own = [row for row in made if row.register_code.startswith(CODE)]
    for row in own:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{row.schema_name}" CASCADE')
    Domain.objects.filter(tenant__in=own).delete()
    Facility.objects.filter(pk__in=[row.pk for row in own]).delete()
    tenants.forget()
