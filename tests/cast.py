"""The cast: Ravi (clerk), Rita (nurse), Dr Rao (doctor), Meena (pharmacist) at Green PHC;
Dr Khan at Blue CHC in another district, who must see nothing; Neha, admin of Green's district."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import Role, grants_of
from apps.core.actor import Actor, Scope
from apps.facilities.config import Department, FacilityConfig, Room
from apps.facilities.models import Domain, Facility

PASSWORD = "test-password-1"
CONFIG = FacilityConfig(
    departments=(
        Department("MED", "सामान्य चिकित्सा", "General Medicine", "M"),
        Department("GYN", "स्त्री एवं प्रसूति", "Women's Health", "G"),
    ),
    rooms=(Room("7", "MED", "कमरा 7", "Room 7"), Room("3", "GYN", "कमरा 3", "Room 3")),
)
GREEN = {"slug": "green-phc", "prefix": "GRN", "district_code": "203", "name_en": "Green PHC"}
BLUE = {"slug": "blue-chc", "prefix": "BLU", "district_code": "212", "name_en": "Blue CHC"}


def make_facilities(make_schema: Callable[[str], bool]) -> None:
    """Schemas are kept between runs (--reuse-db): drop them first, they may be stale."""
    # Without a test that needs the database pytest-django makes none: spare the real one then.
    assert str(connection.settings_dict["NAME"]).startswith("test_"), "not the test database"
    Domain.objects.all().delete()
    Facility.objects.all().delete()
    for fields in (GREEN, BLUE):
        name = f"f_test_{fields['prefix'].lower()}"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        make_schema(name)
        facility = Facility.objects.create(
            schema_name=name,
            register_code=f"TEST-{fields['prefix']}",
            facility_type="PHC" if fields is GREEN else "CHC",
            name_hi="हरित पीएचसी" if fields is GREEN else "नील सीएचसी",
            status=Facility.Status.ACTIVE,
            config=CONFIG.as_json(),
            is_demo=True,
            **fields,
        )
        host = f"{fields['slug']}.{settings.PARENT_DOMAIN}"
        Domain.objects.create(domain=host, tenant=facility, is_primary=True)


def forget_trail() -> None:
    """What was audited outside a test's transaction. The program itself may not delete it."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON audit_event TO CURRENT_USER")
        cursor.execute("DELETE FROM audit_event")
        cursor.execute("REVOKE DELETE ON audit_event FROM CURRENT_USER")


@dataclass
class Member:
    """One person of the cast: the row, the Actor, and a browser that is logged in."""

    user: User
    actor: Actor
    facility: Facility | None

    def client(self, host: str | None = None) -> Client:
        slug = self.facility.slug if self.facility else ""
        default = f"{slug}.{settings.PARENT_DOMAIN}" if slug else settings.PARENT_DOMAIN
        client = Client(headers={"host": host or default})
        client.force_login(self.user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client


class Cast:
    """Everybody is made on first use, inside the test's own transaction."""

    def __init__(self) -> None:
        self.green = Facility.objects.get(slug=GREEN["slug"])
        self.blue = Facility.objects.get(slug=BLUE["slug"])
        self._made: dict[str, Member] = {}

    def member(
        self, name: str, role: Role, facility: Facility | None, place: str = "", **fields: Any
    ) -> Member:
        """A posted member of staff; `place` is a district, block or "" for the State."""
        if name in self._made:
            return self._made[name]
        user = User.objects.create_user(
            name, PASSWORD, name_en=name.replace("_", " ").title(), name_hi=name, **fields
        )
        wide = Scope.DISTRICT if place else Scope.STATE
        scope = Scope.FACILITY if facility else wide
        PractitionerRole.objects.create(
            user=user,
            role=role,
            scope=scope,
            facility=facility,
            place_code=place,
            department="MED" if facility else "",
            room="7" if facility else "",
            from_date=date(2026, 1, 1),
        )
        actor = Actor(
            user_id=user.pk,
            facility_id=facility.pk if facility else None,
            scope=scope,
            place=place,
            roles=frozenset({role}),
            grants=MappingProxyType(grants_of({role})),
        )
        self._made[name] = Member(user, actor, facility)
        return self._made[name]

    @property
    def ravi(self) -> Member:
        return self.member("ravi", Role.REG, self.green)

    @property
    def rita(self) -> Member:
        return self.member("rita", Role.NUR, self.green)

    @property
    def dr_rao(self) -> Member:
        return self.member("dr_rao", Role.MO, self.green, registration_no="DEMO-0001")

    @property
    def meena(self) -> Member:
        return self.member("meena", Role.PHM, self.green)

    @property
    def arun(self) -> Member:
        return self.member("arun", Role.STK, self.green)

    @property
    def ds(self) -> Member:
        return self.member("ds", Role.DS, self.green)

    @property
    def district_store(self) -> Member:
        return self.member("district_store", Role.DSTK, None, GREEN["district_code"])

    @property
    def other_store(self) -> Member:
        return self.member("other_store", Role.DSTK, None, BLUE["district_code"])

    @property
    def manager(self) -> Member:
        return self.member("manager", Role.HM, self.green)

    @property
    def dr_khan(self) -> Member:
        return self.member("dr_khan", Role.MO, self.blue)

    @property
    def neha(self) -> Member:
        return self.member("neha", Role.DPM, None, GREEN["district_code"])

    @property
    def other_admin(self) -> Member:
        return self.member("other_admin", Role.DPM, None, BLUE["district_code"])
