"""Where a scanned slip leads, by what the person may do. Routes by name: an app that is not
served here, or not built yet, is passed over."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from apps.core.actor import Actor, Level
from apps.core.permission import Permission
from apps.encounters.queries.scanned import Scanned

P = Permission


@dataclass(frozen=True, slots=True)
class Target:
    """`levels` empty: whoever may read under `permission`."""

    route: str
    permission: Permission
    levels: tuple[Level, ...] = ()

    def is_for(self, actor: Actor) -> bool:
        if self.levels:
            return actor.level(self.permission) in self.levels
        return actor.sees(self.permission)


# The narrowest work first: a doctor may measure and register too, but came to see the patient.
TARGETS = (
    Target("workflows:consult", P.CONSULT_SIGN, (Level.APPROVE,)),
    Target("pharmacy:scanned", P.RX_DISPENSE, (Level.DO,)),
    Target("pharmacy:dispense", P.RX_DISPENSE, (Level.DO,)),
    Target("labs:scanned", P.LAB_ENTER, (Level.DO,)),
    Target("labs:collect", P.LAB_ENTER, (Level.DO,)),
    Target("encounters:vitals", P.VITALS_WRITE, (Level.DO,)),
    Target("encounters:revisit", P.TOKEN_ISSUE),
    Target("encounters:chart", P.HISTORY_VIEW),
)
PERMISSIONS = tuple(dict.fromkeys(target.permission for target in TARGETS))


def address_for(scanned: Scanned, actor: Actor) -> str:
    """The page of this person's work for what was scanned; "" when there is none."""
    return next(_addresses(scanned, actor), "")


def _addresses(scanned: Scanned, actor: Actor) -> Iterator[str]:
    keys = {
        "number": scanned.number,
        "encounter_id": scanned.encounter_id,
        "patient_id": scanned.patient_id,
    }
    for target in TARGETS:
        if not target.is_for(actor):
            continue
        for name, value in keys.items():
            if value:
                try:
                    yield reverse(target.route, kwargs={name: value})
                except NoReverseMatch:
                    continue
