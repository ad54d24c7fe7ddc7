"""Taking people on: one with a role, or a whole list, all or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from apps.accounts import queries
from apps.accounts.actions.people import create_user
from apps.accounts.actions.postings import post_user
from apps.accounts.models import User
from apps.accounts.reach import reach_of
from apps.accounts.secrets import first_password, latin_digits
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.facilities.live import Place, hospital, hospitals

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: what it says, what is wrong with it, who came of it."""

    number: int
    values: dict[str, str]
    user: User | None = None
    password: str = ""
    problems: tuple[str, ...] = field(default=())


@transaction.atomic
def take_on(
    *,
    id: UUID,
    posting_id: UUID,
    name_hi: str,
    name_en: str,
    mobile: str,
    username: str = "",
    registration_no: str = "",
    qualification: str = "",
    role: str = "",
    facility_id: UUID | None = None,
    place_code: str = "",
    department: str = "",
    room: str = "",
    from_date: date | None = None,
    to_date: date | None = None,
    with_password: bool = True,
    actor: Actor,
) -> User:
    """A new person, and the first posting when a role is given: both or neither."""
    if done := User.objects.filter(pk=id).first():
        return done
    user = create_user(
        id=id,
        username=username or queries.free_username(name_en, mobile),
        name_hi=name_hi,
        name_en=name_en,
        mobile=latin_digits(mobile),
        password=first_password(id) if with_password else None,
        registration_no=registration_no,
        qualification=qualification,
        must_change_password=True,
        actor=actor,
    )
    if role:
        post_user(
            user.pk,
            id=posting_id,
            role=role,
            facility_id=facility_id,
            place_code=place_code,
            department=department,
            room=room,
            from_date=from_date or queries.today(),
            to_date=to_date,
            actor=actor,
        )
    return user


@transaction.atomic
def import_people(
    rows: Sequence[dict[str, str]], *, id: UUID, commit: bool = True, actor: Actor
) -> list[Line]:
    """Each line with its person or its problems. Saved only when `commit` and no line is bad.

    The preview runs the very same verbs and rolls them back, so it promises what will happen.
    Line n gets an id made from the list's `id`: the same list sent twice makes nobody twice.
    """
    actor.require(Permission.USER_CREATE)
    if not rows:
        raise Refused("import.empty")
    if len(rows) > LIMIT:
        raise Refused("import.too_long", limit=LIMIT)
    places = {place.slug: place for place in hospitals(ids=_reached(actor))}
    lines = [
        _line(number, row, id=id, places=places, commit=commit, actor=actor)
        for number, row in enumerate(rows, start=2)  # line 1 is the head
    ]
    if not commit or any(line.problems for line in lines):
        transaction.set_rollback(True)
    return lines


def _line(
    number: int,
    row: dict[str, str],
    *,
    id: UUID,
    places: dict[str, Place],
    commit: bool,
    actor: Actor,
) -> Line:
    user_id = uuid5(id, f"user:{number}")
    try:
        with transaction.atomic():
            values = _values(row, places=places, actor=actor)
            user = take_on(
                id=user_id,
                posting_id=uuid5(id, f"posting:{number}"),
                with_password=commit,
                actor=actor,
                **values,
            )
    except Refused as refusal:
        return Line(number, row, problems=(refusal.sentence,))
    return Line(number, row, user=user, password=first_password(user_id))


def _values(row: dict[str, str], *, places: dict[str, Place], actor: Actor) -> dict[str, Any]:
    """What take_on needs, from the words of one line."""
    role = row.get("role", "").upper()
    if role and not queries.is_role(role):
        raise Refused("posting.role_unknown", role=role)
    place = hospital(actor.facility_id) if actor.facility_id else None
    if place is None and (named := row.get("hospital", "").lower()):
        place = places.get(named)
        if place is None:
            raise Refused("posting.place_unknown", place=named)
    department = row.get("department", "").upper()
    if place and department and department not in {d["code"] for d in place.departments}:
        raise Refused("posting.department_unknown", department=department)
    wide = bool(role) and place is None and not actor.facility_id
    return {
        **{key: row.get(key, "") for key in ("name_hi", "name_en", "mobile")},
        **{key: row.get(key, "") for key in ("registration_no", "qualification", "room")},
        "username": row.get("username", "").lower(),
        "role": role,
        "facility_id": place.id if place and role else None,
        "place_code": row.get("office", actor.place) if wide else "",
        "department": department,
        "from_date": _date(row.get("from_date", "")),
        "to_date": _date(row.get("to_date", "")),
    }


def _date(text: str) -> date | None:
    """23-11-2026, 23/11/2026 or 2026-11-23; empty is None."""
    parts = latin_digits(text.replace("-", "/").replace(".", "/")).split("/")
    if parts == [""]:
        return None
    try:
        day, month, year = (int(part) for part in (parts if len(parts[0]) < 4 else parts[::-1]))
        return date(year, month, day)
    except ValueError:
        raise Refused("date.bad") from None


def _reached(actor: Actor) -> set[UUID] | None:
    reach = reach_of(actor)
    return None if reach.everywhere else set(reach.facility_ids)
