"""Named reads over places, the register and live facilities."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from apps.core.actor import Actor, Scope
from apps.core.fold import fold
from apps.core.tenancy import current_facility_id
from apps.facilities import live, schema
from apps.facilities.config import FacilityConfig
from apps.facilities.models import Facility, Region, RegisterEntry
from apps.facilities.places import Place, all_places
from apps.facilities.register import RESERVED, listing, suggestion
from apps.facilities.scope import reaches

__all__ = ["Place", "listing", "reaches", "suggestion"]


@dataclass(frozen=True, slots=True)
class ReleaseCounts:
    """Open hospitals, those on this schema, those a release stopped at, not set up, coming."""

    open: int
    current: int
    parked: int
    failed: int
    waiting: int


def release_counts() -> ReleaseCounts:
    """How far the release of this code has reached. 1 query."""
    states = Facility.Status
    open_ = Q(status=states.ACTIVE)
    behind = open_ & ~Q(schema_version=schema.version())
    told = Facility.objects.aggregate(
        open=Count("pk", filter=open_),
        behind=Count("pk", filter=behind),
        parked=Count("pk", filter=behind & ~Q(failure="")),
        failed=Count("pk", filter=Q(status=states.FAILED)),
        waiting=Count("pk", filter=Q(status=states.PROVISIONING)),
    )
    told["current"] = told["open"] - told.pop("behind")
    return ReleaseCounts(**told)


def config(facility: Facility) -> FacilityConfig:
    """How this hospital works, typed. No query."""
    return FacilityConfig.read(facility.config)


def config_of(facility_id: UUID) -> FacilityConfig:
    """The same by id. 1 query."""
    return config(facility(facility_id))


def facility(facility_id: UUID) -> Facility:
    """A live, failed or retired facility; the training place we stand in, no other. 1 query."""
    return live.found_from(facility_id).get(pk=facility_id)


def by_code(code: str) -> Facility | None:
    """A hospital by the register's code or by its address (phc-srinagar). 1 query."""
    return Facility.objects.filter(Q(register_code=code) | Q(slug=code)).first()


def hfr_ids(ids: Iterable[UUID] | None) -> dict[UUID, str]:
    """HFR numbers of these hospitals (None: of all). 1 query."""
    rows = Facility.objects.all() if ids is None else Facility.objects.filter(pk__in=list(ids))
    return dict(rows.values_list("pk", "hfr_id"))


def by_ids(facility_ids: Iterable[UUID]) -> dict[UUID, Facility]:
    """Some hospitals by their ids, and the training place we stand in. 1 query."""
    ids = set(facility_ids)
    inside = current_facility_id()
    return (Facility.every if ids == {inside} else Facility.objects).in_bulk(list(ids))


def by_hfr(hfr_ids: Iterable[str]) -> dict[str, Facility]:
    """Hospitals by their number in the health facility registry. 1 query."""
    rows = Facility.objects.filter(hfr_id__in=list(hfr_ids)).exclude(hfr_id="")
    return {row.hfr_id: row for row in rows}


def within(actor: Actor) -> list[Facility]:
    """Open hospitals that an actor's office reaches, by Latin name. 1 query."""
    found = Facility.objects.filter(status=Facility.Status.ACTIVE).order_by("name_en")
    if actor.system or (actor.facility_id is None and actor.scope is Scope.STATE):
        return list(found)
    if actor.facility_id is not None:
        return list(found.filter(pk=actor.facility_id))
    return list(found.filter(pk__in=ids_within(actor)))


def with_hfr() -> list[Facility]:
    """Open hospitals that have an HFR id. 1 query."""
    found = Facility.objects.filter(status=Facility.Status.ACTIVE).exclude(hfr_id="")
    return list(found.order_by("pk"))


def ids_within(actor: Actor) -> list[UUID]:
    """The hospitals of an office's district or block; none without a place. 1 query."""
    places = {Scope.DISTRICT: "district_code", Scope.BLOCK: "block_code"}
    if actor.scope not in places or not actor.place:
        return []
    found = Facility.objects.filter(**{places[actor.scope]: actor.place})
    return list(found.values_list("pk", flat=True))


def address(facility: Facility, path: str = "/") -> str:
    """The full address of a page on this hospital's host. No query."""
    return live.address(facility.slug) + path


def region(kind: str, code: str) -> Place | None:
    """A "division", "district", "subdivision" or "block" by its code. No query when warm."""
    return all_places().get((kind, code))


def districts() -> list[Place]:
    """All 38, by Latin name. No query when warm."""
    return [place for place in all_places().values() if place.kind == "district"]


def blocks(district_code: str) -> list[Place]:
    """The blocks of one district, by Latin name. No query when warm."""
    return [
        place
        for place in all_places().values()
        if place.kind == "block" and place.parent_code == district_code
    ]


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the State's list with the panchayat it belongs to."""

    code: str
    name_hi: str
    name_en: str
    panchayat_hi: str
    panchayat_en: str


def villages(block_code: str, text: str, *, limit: int = 6) -> list[Village]:
    """Villages of one block that begin like `text`, in either script; none while the State's list
    was not loaded. 1 query for the panchayats, 1 more when there are any.
    """
    key = fold(text)
    if not (block_code and key):
        return []
    above = {row.code: row for row in _below(Region.Kind.PANCHAYAT, [block_code])}
    rows = _below(Region.Kind.VILLAGE, list(above)) if above else []
    hits = [row for row in rows if fold(row.name_hi).startswith(key) or
            fold(row.name_en).startswith(key)]  # fmt: skip
    return [
        Village(row.code, row.name_hi, row.name_en, above[row.parent_code].name_hi,
                above[row.parent_code].name_en)
        for row in hits[:limit]
    ]  # fmt: skip


def _below(kind: str, codes: list[str]) -> list[Region]:
    found = Region.objects.filter(kind=kind, parent_code__in=codes, active=True)
    return list(found.order_by("name_en"))


def place_name(block_code: str, district_code: str) -> dict[str, str]:
    """{"hi", "en"}: "block, district"; a part that is unknown is left out. No query when warm."""
    parts = [region("block", block_code), region("district", district_code)]
    known = [part for part in parts if part is not None]
    if len(known) == 2 and known[0].name_en == known[1].name_en:
        known = known[:1]  # "Araria, Araria" says it twice
    return {
        "hi": ", ".join(part.name_hi for part in known),
        "en": ", ".join(part.name_en for part in known),
    }


def entry(code: str) -> RegisterEntry | None:
    """A hospital of the register, by its code. 1 query."""
    return RegisterEntry.objects.filter(code=code, active=True).first()


def facility_of(register_code: str) -> Facility | None:
    """The tenant that a register entry became, in any status. 1 query."""
    return Facility.objects.filter(register_code=register_code).first()


def training_of(facility_id: UUID) -> Facility | None:
    """The training place of a hospital, in any status. 1 query."""
    return Facility.every.filter(trains_for=facility_id).first()


def slug_taken(slug: str) -> bool:
    return slug in RESERVED or Facility.every.filter(slug=slug).exists()


def prefix_taken(prefix: str) -> bool:
    return Facility.every.filter(prefix=prefix).exists()


def by_slug(slug: str) -> Facility | None:
    """The hospital with this short address. 1 query."""
    return Facility.objects.filter(slug=slug).first()
