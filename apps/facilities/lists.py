"""The State's map and the register of hospitals as files, and how each row is read."""

import re
from pathlib import Path
from typing import Any

from apps.core.fold import fold
from apps.core.master import (
    BadCell,
    Known,
    MasterList,
    Row,
    hindi,
    number,
    one_of,
    text,
    yes_no,
)
from apps.facilities.models import Region, RegisterEntry, RegisterType

DATA = Path(__file__).with_name("data")
BEDS = re.compile(r"\d{1,4}(-\d{1,4})?")
BIHAR = {"latitude": (24, 28), "longitude": (83, 89)}  # degrees; outside is a slip of the columns


def _lgd(row: Row, column: str) -> str:
    code = text(row, column)
    if not (code.isascii() and code.isdigit()):
        raise BadCell(column, f"{code!r} is not an LGD code (digits only)")
    return code


def _named(row: Row, en: str, hi: str) -> dict[str, Any]:
    return {
        "name_en": text(row, en),
        "name_hi": hindi(row, hi),
        "source": row.get("provenance") or "newer file",
    }


def _perhaps_named(row: Row, en: str, hi: str) -> dict[str, Any]:
    """The LGD directory leaves many Hindi names of villages empty: the Latin one stands in."""
    named = {"name_hi": hindi(row, hi, empty=True) or text(row, en), "name_en": text(row, en)}
    return {**named, "source": row.get("provenance") or "newer file"}


def _division(row: Row, known: Known) -> dict[str, Any]:
    return {
        "code": text(row, "division_code"),
        "lgd_code": "",
        "parent_code": "",
        "detail": {"headquarters_en": row.get("headquarters_en", "")},
        **_named(row, "name_en", "name_hi"),
    }


def _district(row: Row, known: Known) -> dict[str, Any]:
    code = _lgd(row, "district_lgd_code")
    return {
        "code": code,
        "lgd_code": code,
        "parent_code": one_of(row, "division_code", known["division"], "division"),
        "detail": {"headquarters_en": row.get("headquarters_en", "")},
        **_named(row, "name_en", "name_hi"),
    }


def _subdivision(row: Row, known: Known) -> dict[str, Any]:
    return {
        "code": text(row, "subdivision_code"),
        "lgd_code": "",
        "parent_code": one_of(row, "district_lgd_code", known["district"], "district"),
        "detail": {},
        **_named(row, "name_en", "name_hi"),
    }


def _block(row: Row, known: Known) -> dict[str, Any]:
    code = _lgd(row, "block_lgd_code")
    return {
        "code": code,
        "lgd_code": code,
        "parent_code": one_of(row, "district_lgd_code", known["district"], "district"),
        "detail": {"subdistrict_lgd_code": row.get("subdistrict_lgd_code", "")},
        **_named(row, "block_en", "block_hi"),
    }


def _panchayat(row: Row, known: Known) -> dict[str, Any]:
    code = _lgd(row, "panchayat_lgd_code")
    return {
        "code": code,
        "lgd_code": code,
        "parent_code": one_of(row, "block_lgd_code", known["block"], "block"),
        "detail": {},
        **_perhaps_named(row, "panchayat_en", "panchayat_hi"),
    }


def _village(row: Row, known: Known) -> dict[str, Any]:
    code = _lgd(row, "village_lgd_code")
    return {
        "code": code,
        "lgd_code": code,
        "parent_code": one_of(row, "panchayat_lgd_code", known["panchayat"], "panchayat"),
        "detail": {},
        **_perhaps_named(row, "village_en", "village_hi"),
    }


def _hospital(row: Row, known: Known) -> dict[str, Any]:
    district = one_of(row, "district_lgd_code", known["district"], "district")
    block = row.get("block_lgd_code", "")
    if block and known["block"].get(block) != district:
        raise BadCell("block_lgd_code", f"there is no block {block} in district {district}")
    names = _named(row, "name_en", "name_hi")
    code = text(row, "facility_code_local")
    return {
        "code": code,
        "facility_type": _type(row, "facility_type"),
        "district_code": district,
        "block_code": block,
        "latitude": number(row, "latitude", *BIHAR["latitude"]),
        "longitude": number(row, "longitude", *BIHAR["longitude"]),
        "bed_norm": _beds(row, "bed_norm"),
        "hfr_id": row.get("hfr_id", ""),
        "verified": yes_no(row, "verified"),
        "basis": row.get("basis", ""),
        "search_key": fold(f"{names['name_en']} {names['name_hi']} {code}"),
        **names,
    }


def _type(row: Row, column: str) -> str:
    if row.get(column) == "CHC_OR_PHC":  # the starter list's word for "not known which"
        return RegisterType.BLOCK
    return one_of(row, column, RegisterType.values, "type")


def _beds(row: Row, column: str) -> str:
    """How many beds a place of this kind should have: "100", "6-30", or nothing."""
    value = row.get(column, "")
    if value and not BEDS.fullmatch(value):
        raise BadCell(column, f"{value!r} is neither a number nor a range such as 6-30")
    return value


def _regions() -> Known:
    """Parent code of every region in force, by kind and code. 1 query."""
    known: dict[str, dict[str, str]] = {kind: {} for kind in Region.Kind.values}
    rows = Region.objects.filter(active=True).values_list("kind", "code", "parent_code")
    for kind, code, parent in rows:
        known[kind][code] = parent
    return known


def _places(name: str, kind: Region.Kind, needs: tuple[str, ...], parse: Any) -> MasterList:
    return MasterList(
        name=name,
        file=DATA / f"{name}.csv",
        model=Region,
        key="code",
        needs=needs,
        parse=parse,
        scope={"kind": kind.value},
        known=_regions,
    )


PLACES = (
    _places(
        "blocks",
        Region.Kind.BLOCK,
        ("block_lgd_code", "district_lgd_code", "block_en", "block_hi"),
        _block,
    ),
    _places(
        "subdivisions",
        Region.Kind.SUBDIVISION,
        ("subdivision_code", "district_lgd_code", "name_en", "name_hi"),
        _subdivision,
    ),
    _places(
        "districts",
        Region.Kind.DISTRICT,
        ("district_lgd_code", "division_code", "name_en", "name_hi"),
        _district,
    ),
    _places(
        "divisions",
        Region.Kind.DIVISION,
        ("division_code", "name_en", "name_hi"),
        _division,
    ),
)[::-1]  # parents first

# No file is carried: the State's panchayats and villages come as its own CSV, panchayats first.
VILLAGES = (
    _places(
        "panchayats",
        Region.Kind.PANCHAYAT,
        ("panchayat_lgd_code", "block_lgd_code", "panchayat_en", "panchayat_hi"),
        _panchayat,
    ),
    _places(
        "villages",
        Region.Kind.VILLAGE,
        ("village_lgd_code", "panchayat_lgd_code", "village_en", "village_hi"),
        _village,
    ),
)

REGISTER = MasterList(
    name="register",
    file=DATA / "register.csv",
    model=RegisterEntry,
    key="code",
    needs=("facility_code_local", "facility_type", "name_en", "name_hi", "district_lgd_code"),
    parse=_hospital,
    known=_regions,
)
