"""Whose registrations need care: signers without a number, or with one that ends soon or has ended.

Only told: nobody is kept from signing by it, for a late renewal must not stop a hospital.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import ROLES
from apps.accounts.reach import reach_of
from apps.core.actor import WRITES, Actor
from apps.core.permission import Permission
from apps.facilities.registry import SOON, standing

SIGNS = (Permission.CONSULT_SIGN, Permission.LAB_VERIFY)
SIGNERS = frozenset(
    role for role, rule in ROLES.items() if any(rule.grants.get(one) in WRITES for one in SIGNS)
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a person. `which`: registration, hpr. `standing`: missing, ended, 7, 30, 90 (so
    many days left at most), or "" when nothing is to be done."""

    which: str
    value: str
    until: date | None
    standing: str


def numbers(user: User, today: date | None = None) -> list[Number]:
    """Both numbers of a person and how they stand. No query."""
    day = today or timezone.localdate()
    both = (
        ("registration", user.registration_no, user.registration_until),
        ("hpr", user.hpr_id, user.hpr_until),
    )
    return [
        Number(which, value, until, standing(until, day) if value else "missing")
        for which, value, until in both
    ]


def signers(actor: Actor) -> QuerySet[User]:
    """Everybody within reach whose present postings let them sign."""
    held = PractitionerRole.objects.current().within(reach_of(actor)).filter(role__in=SIGNERS)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def needing(found: QuerySet[User], what: str, today: date | None = None) -> QuerySet[User]:
    """Those of `found` with an id that has ended, ends soon or is missing, or one of all three."""
    day = today or timezone.localdate()
    ended = Q(registration_until__lt=day) | Q(hpr_until__lt=day)
    last = day + timedelta(days=SOON[-1])
    soon = Q(registration_until__range=(day, last)) | Q(hpr_until__range=(day, last))
    missing = Q(registration_no="") | Q(hpr_id="")
    wanted = {"ended": ended, "soon": soon, "missing": missing}.get(what, ended | soon | missing)
    return found.filter(wanted).order_by("name_en", "pk")


def with_hpr() -> dict[str, UUID]:
    """HPR ids and whose they are, of everybody with an account, for the nightly check. 1 query."""
    rows = User.objects.filter(is_active=True).exclude(hpr_id="")
    return dict(rows.values_list("hpr_id", "pk"))


def ending(today: date) -> QuerySet[User]:
    """Who works, signs, and has an id that ends within ninety days or ended in the last ninety."""
    held = PractitionerRole.objects.current().filter(role__in=SIGNERS)
    span = (today - timedelta(days=SOON[-1]), today + timedelta(days=SOON[-1]))
    return User.objects.filter(
        Q(registration_until__range=span) | Q(hpr_until__range=span),
        is_active=True,
        pk__in=held.values("user_id"),
    )
