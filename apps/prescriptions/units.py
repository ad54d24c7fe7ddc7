"""What one dose of a form is counted in, and what the counter hands over for it.

The words are data, not messages: both languages are frozen into every prescription.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """How the total of a course is found."""

    COUNT = "count"  # pieces: amount x doses x days
    VOLUME = "volume"  # ml: amount x doses x days, in bottles when the pack is known
    ONE = "one"  # one tube, one bottle of drops, one inhaler, whatever the course
    UNITS = "units"  # insulin: international units out of vials
    APPLY = "apply"  # as ONE, and a dose has no amount: it is spread thinly


@dataclass(frozen=True, slots=True)
class Unit:
    """`dose_*` is the word beside the amount, `pack_*` the word beside the total.

    `most` is the largest amount at one time that is taken without asking again.
    """

    kind: Kind
    ucum: str
    dose_hi: str
    dose_en: str
    doses_en: str
    pack: str
    pack_hi: str
    pack_en: str
    most: Decimal
    where_hi: str = ""
    where_en: str = ""
    food: bool = True


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("ch", "x")) else f"{word}s"


def _count(ucum: str, hi: str, en: str, pack: str, most: int = 10, *, food: bool = True) -> Unit:
    return Unit(Kind.COUNT, ucum, hi, en, _plural(en), pack, hi, pack, Decimal(most), food=food)


def _one(
    ucum: str, hi: str, en: str, pack: tuple[str, str], most: int, where: tuple[str, str] = ("", "")
) -> Unit:
    return Unit(
        Kind.ONE, ucum, hi, en, _plural(en), pack[1], pack[0], pack[1], Decimal(most),
        where_hi=where[0], where_en=where[1], food=False,
    )  # fmt: skip


def _apply(pack: tuple[str, str]) -> Unit:
    return Unit(
        Kind.APPLY,
        "{application}",
        "",
        "application",
        "applications",
        pack[1],
        pack[0],
        pack[1],
        Decimal(1),
        where_hi="प्रभावित जगह पर लगाएँ",
        where_en="Apply on the affected part",
        food=False,
    )


BOTTLE, TUBE = ("शीशी", "bottle"), ("ट्यूब", "tube")
TABLET = _count("{tbl}", "गोली", "tablet", "tab")
CAPSULE = _count("{capsule}", "कैप्सूल", "capsule", "cap")
LIQUID = Unit(
    Kind.VOLUME, "mL", "ml", "ml", "ml", "ml", "ml", "ml", Decimal(100)
)  # Latin ml in both scripts: it is what the measuring cap shows
NEBULISER = _count("{respule}", "नेबुलाइज़र खुराक", "respule", "respule", 4, food=False)
VIAL = _count("{vial}", "सुई", "injection", "vial", 6, food=False)
PIECE = _count("{unit}", "नग", "unit", "unit")
INSULIN = Unit(
    Kind.UNITS,
    "[iU]",
    "यूनिट",
    "unit",
    "units",
    "vial",
    "वायल",
    "vial",
    Decimal(100),
)
EYE = _one("[drp]", "बूँद", "drop", BOTTLE, 6, ("प्रभावित आँख में", "in the affected eye"))
EAR = _one("[drp]", "बूँद", "drop", BOTTLE, 10, ("प्रभावित कान में", "in the affected ear"))
EYE_OR_EAR = _one("[drp]", "बूँद", "drop", BOTTLE, 10)
NOSE = _one("[drp]", "बूँद", "drop", BOTTLE, 6, ("हर नथुने में", "in each nostril"))
SPRAY = _one("{spray}", "स्प्रे", "spray", BOTTLE, 4, ("हर नथुने में", "in each nostril"))
PUFF = _one("{puff}", "पफ (कश)", "puff", ("इनहेलर", "inhaler"), 10)
CREAM = _apply(TUBE)
LOTION = _apply(BOTTLE)
EYE_OINTMENT = Unit(
    Kind.APPLY, "{application}", "", "application", "applications", "tube", "ट्यूब", "tube",
    Decimal(1), where_hi="प्रभावित आँख में लगाएँ", where_en="Put in the affected eye", food=False,
)  # fmt: skip
PATCH = _count("{patch}", "पट्टी", "patch", "patch", 2, food=False)

# First match wins; matched on the beginning of the catalogue's form, in lower case.
FORMS: tuple[tuple[str, Unit], ...] = (
    ("tablet", TABLET),
    ("capsule", CAPSULE),
    ("oral liquid", LIQUID),
    ("dry syrup", LIQUID),
    ("suspension", LIQUID),
    ("syrup", LIQUID),
    ("powder for oral", LIQUID),
    ("eye ointment", EYE_OINTMENT),
    ("eye/ear", EYE_OR_EAR),
    ("eye drops", EYE),
    ("ear drops", EAR),
    ("nasal drops", NOSE),
    ("nasal spray", SPRAY),
    ("nebuliser", NEBULISER),
    ("inhaler", PUFF),
    ("cream", CREAM),
    ("ointment", CREAM),
    ("gel", CREAM),
    ("topical", CREAM),
    ("lotion", LOTION),
    ("solution", LOTION),
    ("crystals", LOTION),
    ("spray", LOTION),
    ("liquid", LOTION),
    ("powder for injection", VIAL),
    ("injection", VIAL),
    ("sachet", _count("{sachet}", "पाउच", "sachet", "sachet")),
    ("granules", _count("{sachet}", "पाउच", "sachet", "sachet")),
    (
        "suppository",
        _count("{suppository}", "सपोज़िटरी", "suppository", "suppository", 4, food=False),
    ),
    ("pessary", _count("{pessary}", "योनि गोली", "pessary", "pessary", 2, food=False)),
    ("lozenge", _count("{lozenge}", "चूसने की गोली", "lozenge", "lozenge", 4)),
    ("chewing gum", _count("{gum}", "गम", "gum", "gum", 4)),
    ("transdermal", PATCH),
    ("combi", _count("{pack}", "पैक", "pack", "pack", 4)),
    ("blister", _count("{pack}", "पैक", "pack", "pack", 4)),
    ("kit", _count("{pack}", "पैक", "pack", "pack", 4)),
)


def unit_of(form: str, name: str = "", strength: str = "") -> Unit:
    """How doses of this form are counted; insulin is told apart by its name and strength."""
    if name.lower().startswith("insulin") and "iu" in strength.lower():
        return INSULIN
    small = form.lower()
    return next((unit for start, unit in FORMS if small.startswith(start)), PIECE)
