"""Named reads over the catalogues."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from apps.facilities.config import FacilityConfig
from apps.terminology import catalogue, icd
from apps.terminology.models import Code, Definition, Medication
from apps.terminology.words import tall

__all__ = ["Code", "Definition", "Medication", "held", "tall"]

held = catalogue.held

CARE_AT = {
    "APHC": "primary",
    "PHC": "primary",
    "RH": "secondary",
    "CHC": "secondary",
    "SDH": "secondary",
    "DH": "secondary",
    "MCH": "tertiary",
    **{care: care for care in ("primary", "secondary", "tertiary")},
}
TESTS_AT = {
    "HSC": "sub_centre",
    "HWC": "sub_centre",
    "APHC": "phc",
    "PHC": "phc",
    "RH": "chc",
    "CHC": "chc",
    "SDH": "sdh",
    "DH": "dh",
    "MCH": "medical_college",
}
FEW = 3  # fewer own diagnoses than this, and the full ICD-10 list is asked too


def search_medications(
    text: str,
    *,
    limit: int = 12,
    codes: Iterable[str] | None = None,
    used: Mapping[str, int] | None = None,
) -> list[Medication]:
    """Medicines by name, Hindi name, strength or code, in either script. 1 query.

    `codes`: only these (a hospital's own list, see `drugs_for`). `used`: how often each was
    chosen here; the usual ones come first.
    """
    only = None if codes is None else frozenset(codes)
    return catalogue.find(catalogue.medicines(), text, limit, only, used)


def medications(codes: Iterable[str]) -> dict[str, Medication]:
    """Medicines by code, also those no longer in use; unknown codes are left out. 1 query."""
    shelf = catalogue.medicines().by_code
    return {code: shelf[code] for code in codes if code in shelf}


def search_codes(
    system: str,
    text: str,
    *,
    limit: int = 12,
    codes: Iterable[str] | None = None,
    used: Mapping[str, int] | None = None,
) -> list[Code]:
    """Codes of a list by name in either script, local word or code. 1 query.

    Without text: the first of the list, for chips. Diagnoses fall back to all of ICD-10
    (English) when our list has fewer than three hits; those have no Hindi name and no row.
    """
    only = None if codes is None else frozenset(codes)
    hits = catalogue.find(catalogue.codes(system), text, limit, only, used)
    if system != Code.System.DIAGNOSIS or len(hits) >= FEW or only is not None:
        return hits
    ours = {hit.standard_code for hit in hits}
    more = [code for code in icd.search(text, limit=limit) if code.code not in ours]
    return [*hits, *more][:limit]


def codes(system: str, codes: Iterable[str]) -> dict[str, Code]:
    """Codes of a list by code; a diagnosis may be any ICD-10 code; unknown: left out. 1 query."""
    shelf = catalogue.codes(system).by_code
    found = {}
    for code in codes:
        hit = shelf.get(code)
        if hit is None and system == Code.System.DIAGNOSIS:
            hit = icd.by_code(code)
        if hit is not None:
            found[code] = hit
    return found


def drugs_for_level(level: str) -> list[str]:
    """Medicines that a facility type (or "primary", "secondary", "tertiary") keeps. 1 query."""
    drugs = [drug for _, drug in catalogue.medicines().rows]
    care = CARE_AT[level]
    return [
        drug.code
        for drug in drugs
        if drug.at_primary
        or (care != "primary" and drug.at_secondary)
        or (care == "tertiary" and drug.at_tertiary)
    ]


def tests_for_level(level: str) -> list[str]:
    """Codes of the tests that a facility of this type does itself. 1 query."""
    wanted = TESTS_AT[level]
    tests = catalogue.codes(Code.System.TEST).rows
    return [test.code for _, test in tests if wanted in test.detail["levels"]]


def drugs_for(config: FacilityConfig) -> list[str]:
    """One hospital's medicines: its own list when it made one, else its level's. 1 query."""
    return list(config.drug_codes) or drugs_for_level(config.level)


def tests_for(config: FacilityConfig) -> list[str]:
    """One hospital's tests: its own list when it made one, else its level's. 1 query."""
    return list(config.test_codes) or tests_for_level(config.level)


def relatives(medication: Medication) -> list[Medication]:
    """Other products of the same generic name, then of the same group (five signs of its ATC
    code), taken by the same route. 1 query."""
    name, group = medication.generic_name, medication.atc_code[:5]
    others = [
        drug
        for _, drug in catalogue.medicines().rows
        if drug.code != medication.code
        and drug.route == medication.route
        and (drug.generic_name == name or (len(group) == 5 and drug.atc_code[:5] == group))
    ]
    return sorted(
        others, key=lambda drug: (drug.generic_name != name, drug.form != medication.form)
    )


def by_generic(names: Iterable[str]) -> dict[str, list[Medication]]:
    """Every product in use of these generic names (lower case), by name. 1 query."""
    wanted: dict[str, list[Medication]] = {name: [] for name in names}
    for _, drug in catalogue.medicines().rows:
        if (name := drug.generic_name.lower()) in wanted:
            wanted[name].append(drug)
    return wanted


def newest(
    kind: str, code: str, *, facility_id: UUID | None = None, user_id: UUID | None = None
) -> Definition | None:
    """The last version at exactly this level, also one that is switched off. 1 query."""
    found = Definition.objects.filter(
        kind=kind, code=code, facility_id=facility_id, user_id=user_id
    )
    return found.order_by("-version").first()


def definitions(
    kind: str, *, facility_id: UUID | None = None, user_id: UUID | None = None
) -> list[Definition]:
    """The newest version of each definition of the State, this hospital and this person, those
    switched off too, the State's first. In memory until something of the kind is defined: the
    stamp is 1 query. Treat the rows as read-only."""
    seen_by = Q(facility_id__isnull=True, user_id__isnull=True)
    if facility_id:
        seen_by |= Q(facility_id=facility_id, user_id__isnull=True)
    if user_id:
        seen_by |= Q(user_id=user_id)
    return catalogue.defined(kind, facility_id, user_id, lambda: _newest_of(kind, seen_by))


def _newest_of(kind: str, seen_by: Q) -> list[Definition]:
    last: dict[tuple[str, UUID | None, UUID | None], Definition] = {}
    for row in Definition.objects.filter(seen_by, kind=kind).order_by("version"):
        last[row.code, row.facility_id, row.user_id] = row
    return sorted(
        last.values(), key=lambda row: (row.user_id is not None, row.facility_id is not None)
    )


def versions(kind: str, code: str) -> list[Definition]:
    """Every version of the State's definition, the newest first. 1 query."""
    found = Definition.objects.filter(
        kind=kind, code=code, facility_id__isnull=True, user_id__isnull=True
    )
    return list(found.order_by("-version")[:50])
