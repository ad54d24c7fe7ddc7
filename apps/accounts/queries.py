"""Named reads over people and postings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import ROLES, Role, RoleRule, grants_of
from apps.accounts.practice import to_practise
from apps.accounts.reach import WIDTH, may_give, reach_of
from apps.accounts.roster import back_reason as back_reason
from apps.accounts.roster import called_back as called_back
from apps.accounts.roster import leaves_between as leaves_between
from apps.accounts.roster import on_duty as on_duty
from apps.accounts.roster import on_leave as on_leave
from apps.accounts.secrets import first_password
from apps.core.actor import Actor, Level, Permission, Scope
from apps.core.errors import Unseen
from apps.core.tenancy import in_training
from apps.facilities.live import Place, address, hospitals, region_names


@dataclass(frozen=True, slots=True)
class Duty:
    """The sum of a person's hats at one place today."""

    scope: Scope
    place: str
    roles: frozenset[str]
    grants: dict[Permission, Level]
    room: str
    department: str


def duty(user_id: UUID, *, facility_id: UUID | None) -> Duty | None:
    """Postings in force today: at this facility, or (State host) the widest office. 1 query."""
    postings = list(
        PractitionerRole.objects.in_force()
        .at(facility_id)
        .filter(user_id=user_id)
        .order_by("from_date")
    )
    if not postings:
        return None
    # Two offices in two places are never added up: the widest one counts.
    widest = max(postings, key=lambda posting: WIDTH.index(Scope(posting.scope)))
    here = [p for p in postings if (p.scope, p.place_code) == (widest.scope, widest.place_code)]
    roles = {Role(posting.role) for posting in here}
    return Duty(
        scope=Scope(widest.scope),
        place=widest.place_code,
        roles=frozenset(roles),
        grants=to_practise(grants_of(roles)) if in_training() else grants_of(roles),
        room=next((p.room for p in here if p.room), ""),
        department=next((p.department for p in here if p.department), ""),
    )


@dataclass(frozen=True, slots=True)
class PersonCard:
    """How a person signs and is named on paper."""

    name_hi: str
    name_en: str
    qualification: str
    registration_no: str
    hpr_id: str = ""


def cards(user_ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """Cards of people, also of those who have left. 1 query."""
    people = User.objects.filter(pk__in=set(user_ids))
    return {
        u.pk: PersonCard(u.name_hi, u.name_en, u.qualification, u.registration_no, u.hpr_id)
        for u in people
    }


@dataclass(frozen=True, slots=True)
class Posting:
    """One posting with the names of its place, for lists and pages."""

    id: UUID
    user_id: UUID
    role: str
    title: str
    kind: str
    scope: str
    place: Place | None
    office: dict[str, str]
    department: str
    room: str
    from_date: date
    to_date: date | None

    @property
    def is_in_force(self) -> bool:
        return self.from_date <= today() and (self.to_date is None or self.to_date >= today())

    @property
    def is_over(self) -> bool:
        return self.to_date is not None and self.to_date < today()

    @property
    def place_names(self) -> dict[str, str]:
        """{name_hi, name_en} of the hospital or the office."""
        if self.place:
            return {"name_hi": self.place.name_hi, "name_en": self.place.name_en}
        return self.office


def today() -> date:
    return timezone.localdate()


def described(rows: Iterable[PractitionerRole]) -> list[Posting]:
    """Postings with the names of their places. 2 queries."""
    rows = list(rows)
    ids = {row.facility_id for row in rows if row.facility_id}
    places = {place.id: place for place in hospitals(ids=ids, retired=True)}
    codes = {r.place_code for r in rows if r.place_code}
    offices = region_names(codes) if codes else {}
    return [
        Posting(
            id=row.pk,
            user_id=row.user_id,
            role=row.role,
            title=role_title(row.role),
            kind=row.kind,
            scope=row.scope,
            place=places.get(row.facility_id) if row.facility_id else None,
            office=offices.get(row.place_code, {"name_hi": row.place_code, "name_en": ""}),
            department=row.department,
            room=row.room,
            from_date=row.from_date,
            to_date=row.to_date,
        )
        for row in rows
    ]


def workplaces(user_id: UUID) -> list[Posting]:
    """Every posting in force today, for the page where a person chooses where to work. 3 q."""
    rows = PractitionerRole.objects.in_force().filter(user_id=user_id).order_by("from_date")
    return described(rows)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A hospital or an office where a person works today, with its address."""

    names: dict[str, str]
    url: str
    is_open: bool
    postings: list[Posting]


def by_place(postings: Iterable[Posting]) -> list[Workplace]:
    """Postings grouped by hospital or office, for choosing where to work."""
    found: dict[object, Workplace] = {}
    for posting in postings:
        place = posting.place
        key = place.id if place else (posting.scope, posting.office["name_hi"])
        if key not in found:
            url, is_open = (place.url, place.is_open) if place else (address(), True)
            found[key] = Workplace(posting.place_names, url, is_open, [])
        found[key].postings.append(posting)
    return list(found.values())


def postings_of(user_id: UUID, *, seen_by: Actor | None = None) -> list[Posting]:
    """Postings of one person, newest first; to another, only those within reach. 3-5 queries."""
    rows = PractitionerRole.objects.filter(user_id=user_id).order_by("-from_date")
    return described(rows.within(reach_of(seen_by)) if seen_by else rows)


def absence(user_id: UUID, *, facility_id: UUID | None) -> str:
    """Why this person holds no right here, as a sentence. 1 query."""
    held = PractitionerRole.objects.filter(user_id=user_id).at(facility_id).order_by("from_date")
    begins = [p.from_date for p in held if p.from_date > today()]
    ended = [p.to_date for p in held if p.to_date and p.to_date < today()]
    if begins:
        return gettext("Your posting here starts on %(day)s.") % {"day": _day(min(begins))}
    if ended:
        return gettext("Your posting here ended on %(day)s.") % {"day": _day(max(ended))}
    return gettext("You have no posting here.")


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")


def people(
    actor: Actor, *, text: str = "", role: str = "", status: str = "", place: str = ""
) -> QuerySet[User]:
    """The people an actor reaches, by name; `status`: active (default), unposted, closed."""
    found = User.objects.within(reach_of(actor)).order_by("name_en", "pk")
    found = found.filter(is_active=status != "closed")
    if status == "unposted":
        found = found.unposted()
    for word in text.split():
        found = found.filter(
            Q(name_en__icontains=word)
            | Q(name_hi__icontains=word)
            | Q(username__icontains=word)
            | Q(mobile__startswith=word)
        )
    if role or place:
        held = PractitionerRole.objects.current()
        held = held.filter(role=role) if role else held
        held = held.filter(facility__slug=place) if place else held
        found = found.filter(pk__in=held.values("user_id"))
    return found


def with_postings(users: Iterable[User], *, seen_by: Actor) -> list[dict[str, object]]:
    """Rows of the staff list: the person and the roles within reach, now or soon. 3-5 queries."""
    users = list(users)
    rows = PractitionerRole.objects.current().filter(user__in=users).order_by("from_date")
    rows = rows.within(reach_of(seen_by))
    held: dict[UUID, list[Posting]] = {}
    for posting in described(rows):
        held.setdefault(posting.user_id, []).append(posting)
    return [{"user": u, "postings": held.get(u.pk, [])} for u in users]


def person(user_id: UUID, *, actor: Actor) -> User:
    """One person of an actor's places; Unseen (404, noted) for anybody else's."""
    found = User.objects.within(reach_of(actor)).filter(pk=user_id).first()
    if found is None:
        raise Unseen("scope")
    return found


def places_of(actor: Actor) -> list[Place]:
    """The hospitals an actor reaches. 1-3 queries."""
    reach = reach_of(actor)
    return hospitals() if reach.everywhere else hospitals(ids=set(reach.facility_ids))


@dataclass(frozen=True, slots=True)
class Post:
    """A place somebody may be posted to: `key` is f:<hospital's id>, o:<LGD code> or o: (State)."""

    key: str
    name_hi: str
    name_en: str
    departments: tuple[dict[str, str], ...] = ()

    @property
    def group(self) -> str:
        """The heading it stands under: a block and its hospital often share a name."""
        return gettext("Hospitals") if self.key.startswith("f:") else gettext("Offices")


def posts_within(actor: Actor) -> list[Post]:
    """Hospitals first, then offices, as far as the actor reaches. 1-4 queries."""
    reach = reach_of(actor)
    names = region_names(set(reach.places)) if reach.places else {}
    offices = [
        Post(f"o:{code}", name["name_hi"], name["name_en"]) for code, name in sorted(names.items())
    ]
    if reach.everywhere:
        offices.insert(0, Post("o:", gettext("State office"), gettext("State office")))
    homes = [Post(f"f:{p.id}", p.name_hi, p.name_en, p.departments) for p in places_of(actor)]
    return [*homes, *offices]


def place_of_key(key: str) -> dict[str, object]:
    """{facility_id, place_code} of a Post's key; an empty key is no place."""
    kind, _, code = key.partition(":")
    return {
        "facility_id": UUID(code) if kind == "f" else None,
        "place_code": code if kind == "o" else "",
    }


def departments_of(posts: Iterable[Post]) -> list[dict[str, str]]:
    """Every department of some places once, by code."""
    found = {d["code"]: d for post in posts for d in post.departments if d.get("active", True)}
    return [found[code] for code in sorted(found)]


def roles_to_give(actor: Actor) -> list[RoleRule]:
    """The roles an actor may give, narrow ones first."""
    return [rule for rule in ROLES.values() if may_give(actor, rule.role)]


def is_as_wide(scope: Scope, least: Scope) -> bool:
    return WIDTH.index(scope) >= WIDTH.index(least)


def role_titles() -> list[tuple[str, str]]:
    return [(str(role), str(rule.title)) for role, rule in ROLES.items()]


def is_wide(role: str) -> bool:
    return ROLES[Role(role)].scope is not Scope.FACILITY


@dataclass(frozen=True, slots=True)
class Slip:
    """What a new person carries away: address, user name, first password if it still works."""

    name_hi: str
    name_en: str
    username: str
    password: str
    address: str


def slip(user: User, *, form_id: UUID | None = None, password: str = "") -> Slip:
    """The paper for a new person. A password that was changed since is not shown. 2 queries."""
    secret = password or (first_password(form_id) if form_id else "")
    works = user.must_change_password and user.check_password(secret)
    homes = [p.place for p in postings_of(user.pk) if p.place]
    return Slip(
        name_hi=user.name_hi,
        name_en=user.name_en,
        username=user.username,
        password=secret if works else "",
        address=homes[0].url if homes else address(),
    )


def gives_roles(role: str) -> bool:
    return Permission.ROLE_ASSIGN in ROLES[Role(role)].grants


def is_role(code: str) -> bool:
    return code in Role.__members__


def free_username(name_en: str, mobile: str) -> str:
    """A user name nobody has: first name, a dot, the last four digits of the mobile."""
    words = re.findall(r"[a-z]+", name_en.lower())
    word = next((word for word in words if word not in ("dr", "md", "smt", "shri")), "staff")
    stem = f"{word[:20]}.{mobile[-4:] or '1'}"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(name for n in range(len(taken) + 2) if (name := stem + "x" * n) not in taken)


def tries_left(request: HttpRequest, username: str) -> int:
    """Tries before this name is locked at this computer. 1 query."""
    failures = AxesProxyHandler.get_failures(request, {"username": username})
    return max(0, int(settings.AXES_FAILURE_LIMIT) - failures)


def locked_until(request: HttpRequest, username: str) -> datetime:
    """When a locked name may try again. 1 query."""
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    start = last.attempt_time if last else timezone.now()
    return start + timedelta(hours=settings.AXES_COOLOFF_TIME)


def has_second_factor(user_id: UUID) -> bool:
    """An authenticator app or a passkey; recovery codes alone do not count. 1 query."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists()


def user_by_login(login: str) -> User | None:
    """By user name or by mobile number. 1 query."""
    login = login.strip().lower()
    field = "mobile" if login.isdigit() and len(login) == 10 else "username"
    return User.objects.filter(**{field: login}).first()


def user(user_id: UUID) -> User:
    return User.objects.get(pk=user_id)


def display_name(person: User) -> str:
    names = (person.name_hi, person.name_en)
    return (names[0] or names[1]) if get_language() == "hi" else (names[1] or names[0])


def role_title(role: str) -> str:
    return str(ROLES[Role(role)].title)
