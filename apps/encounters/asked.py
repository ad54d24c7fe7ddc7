"""What the nurse asks besides measuring: danger signs (codes of complaints) and medicines."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

DANGER_SIGNS = (
    "SNAKEBITE",
    "DOGBITE",
    "FITS",
    "FAINTING",
    "BREATHLESS",
    "CHESTPAIN",
    "LIMBWEAK",
    "COUGH2W",
    "DIARRHOEA",
    "PALEPATCH",
)
MEDICINE_WORDS = {
    "bp": _("BP medicine"),
    "sugar": _("Sugar medicine"),
    "heart": _("Heart medicine"),
    "thinner": _("Blood thinner"),
    "fits": _("Medicine for fits"),
    "tb": _("TB medicine"),
    "steroid": _("Steroid"),
    "other": _("Other"),
    "none": _("None"),
}
MEDICINES = tuple(MEDICINE_WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """`flags`: ticked danger signs. `medicines`: what is taken every day, by kind."""

    flags: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: list(told) for name, told in asdict(self).items()}


NOTHING_ASKED = Asked()


def read(raw: dict[str, Any] | None) -> Asked:
    """From `QueueToken.times["asked"]`."""
    told = raw or {}
    return Asked(tuple(told.get("flags", ())), tuple(told.get("medicines", ())))
