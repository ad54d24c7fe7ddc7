"""People of the demo who told their names at the gate, and one child of a mother here."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor, Permission
from apps.demo.people import visitors
from apps.persons import actions as persons
from apps.persons.queries import Profile

GATE = Actor.of_system("demo", Permission.PATIENT_REGISTER)
SOURCES = ("gate", "home", "kiosk", "gate", "gate")


def fill(slug: str, departments: list[str], known_id: Callable[..., UUID]) -> None:
    """Five people on today's list of arrivals; made once a day."""
    today = timezone.localdate()
    for n, visitor in enumerate(visitors(5, seed=f"gate-{slug}-{today}")):
        persons.arrive(
            Profile(
                name_hi=visitor.name_hi,
                name_en=visitor.name_en,
                sex=visitor.sex,
                age=visitor.age,
                mobile=visitor.mobile,
                village=visitor.village,
            ),
            id=known_id("arrival", slug, today, n),
            source=SOURCES[n],
            department=departments[n % 2],
            actor=GATE,
        )
