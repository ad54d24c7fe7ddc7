"""Keys with which programs of other departments read: what they may, and the reads over them."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import ApiKey
from apps.accounts.reach import WIDTH, reach_of
from apps.core.actor import Actor, Level, Permission, Scope
from apps.core.errors import Unseen
from apps.core.ids import keyed_hash
from apps.facilities.live import hospitals, region_names

PREFIX = "bhv"


class KeyScope(StrEnum):
    """What a key may read; resources as SMART on FHIR names a system's reading and searching."""

    AGGREGATE = "aggregate.read"
    PATIENT = "system/Patient.rs"
    ENCOUNTER = "system/Encounter.rs"
    MEDICATION_REQUEST = "system/MedicationRequest.rs"
    DIAGNOSTIC_REPORT = "system/DiagnosticReport.rs"
    DOCUMENT_REFERENCE = "system/DocumentReference.rs"
    SENSITIVE = "sensitive.read"


TITLES: dict[KeyScope, str | Promise] = {
    KeyScope.AGGREGATE: _("Counts, without any person"),
    KeyScope.PATIENT: pgettext_lazy("key", "Patients: name, sex, birth, ABHA number"),
    KeyScope.ENCOUNTER: pgettext_lazy("key", "Visits"),
    KeyScope.MEDICATION_REQUEST: pgettext_lazy("key", "Prescribed medicines"),
    KeyScope.DIAGNOSTIC_REPORT: pgettext_lazy("key", "Test reports"),
    KeyScope.DOCUMENT_REFERENCE: pgettext_lazy("key", "Signed papers"),
    KeyScope.SENSITIVE: _("Sensitive visits too (HIV, violence, mental health)"),
}
PERSONAL = frozenset(KeyScope) - {KeyScope.AGGREGATE}
# Counts are seen as an officer of that place sees them.
DASHES = (
    Permission.DASH_FACILITY, Permission.DASH_BLOCK, Permission.DASH_DISTRICT,
    Permission.DASH_STATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was just shown and holds. Nothing it does not name is allowed."""

    id: UUID
    programme: str
    scopes: frozenset[str]
    scope: Scope
    facility_id: UUID | None
    place: str

    def allows(self, scope: KeyScope) -> bool:
        return scope.value in self.scopes

    def covers(self, facility: Any) -> bool:
        """Whether a hospital lies in the key's place."""
        own = {
            Scope.FACILITY: facility.pk == self.facility_id,
            Scope.BLOCK: bool(self.place) and facility.block_code == self.place,
            Scope.DISTRICT: bool(self.place) and facility.district_code == self.place,
            Scope.STATE: True,
        }
        return own[self.scope]

    def actor(self, facility: Any = None) -> Actor:
        """Who reads: on a hospital's host only that hospital, on the State host the key's place.

        `aggregate.read` is seeing the boards up to the own width, `sensitive.read` is
        `sensitive.view`; records are asked by `allows`. It writes nothing.
        """
        grants: dict[Permission, Level] = {}
        if self.allows(KeyScope.AGGREGATE):
            wide = WIDTH.index(self.scope) + 1
            grants |= dict.fromkeys(DASHES[:wide], Level.SEE)
        if self.allows(KeyScope.SENSITIVE):
            grants[Permission.SENSITIVE_VIEW] = Level.SEE
        return Actor(
            facility_id=facility.pk if facility else self.facility_id,
            scope=Scope.FACILITY if facility else self.scope,
            place="" if facility else self.place,
            grants=MappingProxyType(grants),
            system="api",
            key_id=self.id,
        )


def secret_of(id: UUID) -> str:
    """The whole key, fixed by the form's id: sent twice, the page shows the same."""
    return f"{PREFIX}_{id.hex}_{keyed_hash('api-key', str(id))[:48]}"


def hash_of(key: str) -> str:
    """192 random bits need no slow hash; and no secret of ours, so that keys outlive its change."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_of(text: str) -> Key | None:
    """The key behind what a program sent; None: unknown, wrong, ended or taken back. 1 query."""
    id = id_in(text)
    row = ApiKey.objects.filter(pk=id).first() if id else None
    if row is None or not hmac.compare_digest(row.secret_hash, hash_of(text)):
        return None
    if row.revoked_at or row.expires_at <= timezone.now():
        return None
    return Key(
        id=row.pk,
        programme=row.programme,
        scopes=frozenset(row.scopes),
        scope=Scope(row.scope),
        facility_id=row.facility_id,
        place=row.place_code,
    )


def id_in(text: str) -> UUID | None:
    """The id that a key carries, whatever stands behind it."""
    parts = text.split("_")
    if len(parts) != 3 or parts[0] != PREFIX:
        return None
    try:
        return UUID(hex=parts[1])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of keys."""

    id: UUID
    programme: str
    reads: list[str]
    place: dict[str, str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    is_personal: bool

    @property
    def is_over(self) -> bool:
        return self.revoked_at is None and self.expires_at <= timezone.now()

    @property
    def works(self) -> bool:
        return self.revoked_at is None and not self.is_over


def rows(actor: Actor) -> list[Row]:
    """Keys of an actor's places, newest first. 1-5 queries."""
    found = list(ApiKey.objects.within(reach_of(actor)).order_by("-created_at"))
    names = _place_names(found)
    return [
        Row(
            id=row.pk,
            programme=row.programme,
            reads=[str(TITLES[KeyScope(scope)]) for scope in row.scopes],
            place=names[row.pk],
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
            is_personal=bool(PERSONAL & set(row.scopes)),
        )
        for row in found
    ]


def _place_names(keys: Iterable[ApiKey]) -> dict[UUID, dict[str, str]]:
    keys = list(keys)
    ids = {key.facility_id for key in keys if key.facility_id}
    homes = {place.id: place for place in hospitals(ids=ids, retired=True)} if ids else {}
    codes = {key.place_code for key in keys if key.place_code}
    offices = region_names(codes) if codes else {}
    state = {"name_hi": gettext("The whole State"), "name_en": gettext("The whole State")}

    def name(key: ApiKey) -> dict[str, str]:
        if key.facility_id:
            home = homes[key.facility_id]
            return {"name_hi": home.name_hi, "name_en": home.name_en}
        code = key.place_code
        return offices.get(code, {"name_hi": code, "name_en": code}) if code else state

    return {key.pk: name(key) for key in keys}


def within_reach(key_id: UUID, *, actor: Actor) -> ApiKey:
    """One key of the actor's places, locked; Unseen (404, noted) for any other."""
    found = ApiKey.objects.select_for_update().within(reach_of(actor)).filter(pk=key_id).first()
    if found is None:
        raise Unseen("scope")
    return found


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """Where a key may hold: `code` is s: (State), d:<LGD>, b:<LGD> or f:<hospital's id>."""

    code: str
    name_hi: str
    name_en: str
    group: str


def places_for(actor: Actor) -> list[PlaceChoice]:
    """The places an actor may give a key for, wide ones first. 2-4 queries."""
    reach = reach_of(actor)
    homes = hospitals() if reach.everywhere else hospitals(ids=set(reach.facility_ids))
    codes = {home.district_code for home in homes} if reach.everywhere else set(reach.places)
    wide = codes if reach.everywhere else {reach.district}
    offices = sorted(region_names(codes).items(), key=lambda item: (item[0] not in wide, item))
    found = [
        PlaceChoice(f"{'d' if code in wide else 'b'}:{code}", name["name_hi"], name["name_en"],
                    gettext("Districts and blocks"))
        for code, name in offices
    ]  # fmt: skip
    if reach.everywhere:
        state = gettext("The whole State")
        found.insert(0, PlaceChoice("s:", state, state, gettext("State")))
    return found + [
        PlaceChoice(f"f:{home.id}", home.name_hi, home.name_en, gettext("Hospitals"))
        for home in homes
    ]


def place_in(code: str) -> dict[str, Any]:
    """{scope, facility_id, place_code} of a PlaceChoice's code."""
    kind, _colon, rest = code.partition(":")
    scopes = {"s": Scope.STATE, "d": Scope.DISTRICT, "b": Scope.BLOCK, "f": Scope.FACILITY}
    return {
        "scope": scopes[kind],
        "facility_id": UUID(rest) if kind == "f" else None,
        "place_code": rest if kind in "db" else "",
    }
