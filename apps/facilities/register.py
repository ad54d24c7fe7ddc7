"""The register of hospitals as its pages show it: one row for each, live or only listed."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from apps.core.actor import Actor, Scope
from apps.core.fold import fold
from apps.facilities.models import Facility, RegisterEntry
from apps.facilities.places import Place, all_places

PAGE = 50
LISTED = "listed"
STATES = (LISTED, *Facility.Status.values)
RESERVED = frozenset({"www", "api", "admin", "mail", "state", "static", "p", "bihar"})


@dataclass(frozen=True, slots=True)
class Row:
    """`status`: "listed", or a Facility's status. `slug` is empty while it is only listed."""

    code: str
    facility_type: str
    name_hi: str
    name_en: str
    status: str
    slug: str
    verified: bool
    district: Place | None
    block: Place | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the register. `counts` are those of the whole district or State, by status."""

    rows: list[Row]
    total: int
    page: int
    pages: int
    first: int
    last: int
    counts: dict[str, int] = field(default_factory=dict)


def listing(
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    status: str = "",
    district: str = "",
    page: int = 1,
) -> Listing:
    """What lies in the actor's office, searched and filtered. 3 queries."""
    own = within(actor).annotate(status=_field("status", LISTED), slug=_field("slug", ""))
    if district:
        own = own.filter(district_code=district)
    counted = own.values("status").annotate(n=Count("pk")).values_list("status", "n")
    counts = dict(counted.order_by())
    found = own
    for word in fold(text).split():
        found = found.filter(search_key__contains=word)
    if kind:
        found = found.filter(facility_type=kind)
    if status:
        found = found.filter(status=status)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    start = (page - 1) * PAGE
    order = ("district_code", "facility_type", "name_en") if district else ("name_en", "code")
    rows = [_row(entry) for entry in found.order_by(*order)[start : start + PAGE]]
    return Listing(
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        counts={**dict.fromkeys(STATES, 0), **counts, "all": sum(counts.values())},
    )


def within(actor: Actor) -> QuerySet[RegisterEntry]:
    entries = RegisterEntry.objects.filter(active=True)
    if actor.scope is Scope.STATE:
        return entries
    if actor.scope is Scope.DISTRICT and actor.place:
        return entries.filter(district_code=actor.place)
    if actor.scope is Scope.BLOCK and actor.place:
        return entries.filter(block_code=actor.place)
    return entries.none()


def _field(name: str, absent: str) -> Coalesce:
    live = Facility.objects.filter(register_code=OuterRef("code")).values(name)[:1]
    return Coalesce(Subquery(live), Value(absent))


def _row(entry: Any) -> Row:
    places = all_places()
    return Row(
        code=entry.code,
        facility_type=entry.facility_type,
        name_hi=entry.name_hi,
        name_en=entry.name_en,
        status=entry.status,
        slug=entry.slug,
        verified=entry.verified,
        district=places.get(("district", entry.district_code)),
        block=places.get(("block", entry.block_code)),
    )


def suggestion(entry: RegisterEntry, level: str) -> dict[str, str]:
    """A free address and number prefix to begin with, such as phc-srinagar and SRI. 1 query."""
    places = all_places()
    wide = level in {"DH", "MCH"} or not entry.block_code
    kind, code = ("district", entry.district_code) if wide else ("block", entry.block_code)
    place = places.get((kind, code))
    name = slugify(place.name_en if place else entry.name_en)[:24]
    slug = f"{(level or 'hospital').lower()}-{name}".strip("-")
    taken = Facility.every.filter(Q(slug__startswith=slug) | Q(prefix__startswith=_short(name)))
    slugs, prefixes = set(), set()
    for used_slug, used_prefix in taken.values_list("slug", "prefix"):
        slugs.add(used_slug)
        prefixes.add(used_prefix)
    return {
        "slug": _free(slug, slugs, dash="-"),
        "number_prefix": _free(_short(name), prefixes, dash=""),
    }


def _short(name: str) -> str:
    letters = [sign for sign in name.upper() if "A" <= sign <= "Z"] or ["H"]
    consonants = [sign for sign in letters[1:] if sign not in "AEIOU"]
    return "".join([letters[0], *consonants, *letters[1:], "X", "X"])[:3]


def _free(name: str, taken: set[str], *, dash: str) -> str:
    candidates = [name, *(f"{name}{dash}{n}" for n in range(2, 1000))]
    return next(candidate for candidate in candidates if candidate not in taken)
