"""Shared computers and log-ins, read: the cookie, who may come back by PIN, who is in where."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.cached_db import SessionStore
from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from apps.accounts.models import Badge, LogIn, PractitionerRole, User, Workstation
from apps.accounts.queries import role_title
from apps.accounts.reach import reach_of
from apps.core.actor import Actor
from apps.core.errors import Unseen
from apps.core.ids import ALPHABET, keyed_hash

COOKIE, SALT = "bhavya_pc", "workstation"
LOGIN_KEY, LOCK_KEY, LOCKED_KEY, SEEN_KEY = "login", "lock_s", "locked", "seen_at"
MARK = "BHV-"  # what a badge's QR starts with
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("Windows", "Windows"), ("Mac OS", "Mac"),
           ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def cookie_of(workstation: Workstation) -> str:
    """What the enrolled browser keeps: signed, and worth nothing on another hospital's host."""
    secret = workstation_secret(workstation.pk)
    return signing.Signer(salt=SALT).sign(f"{workstation.pk}.{secret}")


def workstation_secret(workstation_id: UUID) -> str:
    """Made from the row's id, so that an enrolment sent twice gives the same cookie."""
    return keyed_hash("workstation-secret", str(workstation_id))[:40]


def workstation_of(request: HttpRequest) -> Workstation | None:
    """The shared computer that this browser is, in this hospital and not revoked. 0-1 query."""
    raw, facility = request.COOKIES.get(COOKIE, ""), getattr(request, "facility", None)
    if not raw or facility is None:
        return None
    try:
        number, secret = signing.Signer(salt=SALT).unsign(raw).split(".")
        found = Workstation.objects.filter(
            pk=UUID(number), facility_id=facility.pk, revoked_at=None
        ).first()
    except (signing.BadSignature, ValueError):
        return None
    kept = keyed_hash("workstation", secret)
    return found if found and constant_time_compare(kept, found.secret_hash) else None


def proof_of(user: User) -> str:
    """Changes with the password."""
    return keyed_hash("face", f"{user.pk}:{user.password}")


def badge_secret(badge_id: UUID) -> str:
    """Sixteen letters of 5 bits, made from the form's id: a badge sent twice prints the same."""
    number, letters = int(keyed_hash("badge-secret", str(badge_id)), 16), ""
    for _n in range(16):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return MARK + letters


@dataclass(frozen=True, slots=True)
class Face:
    """One person who may come back to a shared computer by PIN."""

    user_id: UUID
    name_hi: str
    name_en: str
    title: str


def faces(workstation: Workstation) -> list[Face]:
    """Who logged in fully here within the hours, is posted here today, and still has that
    password; the last one first. 2 queries."""
    rows = LogIn.objects.full().filter(workstation=workstation, user__is_active=True)
    people: dict[UUID, User] = {}
    for row in rows.select_related("user").order_by("-started_at"):
        if constant_time_compare(row.proof, proof_of(row.user)):
            people.setdefault(row.user_id, row.user)
    duties = PractitionerRole.objects.in_force().at(workstation.facility_id)
    roles = dict(duties.filter(user_id__in=people).values_list("user_id", "role"))
    return [
        Face(u.pk, u.name_hi, u.name_en, role_title(roles[u.pk]))
        for u in people.values()
        if u.pk in roles
    ]


def is_face(workstation: Workstation, user_id: UUID) -> bool:
    return any(face.user_id == user_id for face in faces(workstation))


def badge_of(secret: str) -> Badge | None:
    """The badge in force with this text. 1 query."""
    kept = keyed_hash("badge", secret.strip().upper())
    return Badge.objects.filter(secret_hash=kept, revoked_at=None).first()


def own_badge(user_id: UUID) -> Badge | None:
    return Badge.objects.filter(user_id=user_id, revoked_at=None).order_by("-issued_at").first()


@dataclass(frozen=True, slots=True)
class Session:
    """A row of the list of log-ins."""

    id: UUID
    where: str
    browser: str
    how: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def open_sessions(user_id: UUID, *, this: str = "") -> list[Session]:
    """Where a person is logged in now, newest first; `this` is the id of the asking one. 1 q."""
    rows = LogIn.objects.open().filter(user_id=user_id).select_related("workstation")
    living = [row for row in rows.order_by("-started_at") if _lives(row)]
    return [
        Session(
            id=row.pk,
            where=row.workstation.name if row.workstation else "",
            browser=row.browser,
            how=row.how,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_this=str(row.pk) == this,
        )
        for row in living
    ]


def _lives(row: LogIn) -> bool:
    """A session that ran out by itself leaves its row behind."""
    return bool(SessionStore().exists(row.session_key))


def workstations(actor: Actor) -> QuerySet[Workstation]:
    """The shared computers of the actor's places, with how many people are in. 1 query."""
    reach = reach_of(actor)
    found = Workstation.objects.filter(revoked_at=None).select_related("enrolled_by")
    if not reach.everywhere:
        found = found.filter(facility_id__in=reach.facility_ids)
    inside = Count("login", filter=Q(login__in=LogIn.objects.open()))
    return found.annotate(inside=inside).order_by("name", "pk")


def workstation_within(workstation_id: UUID, *, actor: Actor) -> Workstation:
    """One of the actor's places; Unseen (404, noted) for anybody else's."""
    reach = reach_of(actor)
    found = Workstation.objects.filter(pk=workstation_id).first()
    if found is None or not (reach.everywhere or found.facility_id in reach.facility_ids):
        raise Unseen("scope")
    return found


def browser_name(agent: str) -> str:
    """ "Chrome, Windows" out of a browser's long word about itself; nothing that tells more."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(part for part in (browser, system) if part)


def vault_key(user_id: Any) -> str:
    """What this person's browser locks waiting forms with; another person's page has another."""
    return keyed_hash("vault", str(user_id))
