"""How far the release of this code has reached, hospital by hospital, for one office."""

from collections import Counter
from dataclasses import dataclass

from apps.core.actor import Actor
from apps.facilities import releases, schema
from apps.facilities.models import Facility
from apps.facilities.scope import reaches

SHOWN = 200  # a list of the late ones; the rest comes after these are done


@dataclass(frozen=True, slots=True)
class Version:
    """One version and how many open hospitals have it. `name` is its release's file name."""

    code: str
    name: str
    hospitals: int
    current: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """`parked`: stopped with a reason; `waiting`: behind and not tried yet, or queued."""

    open: int
    current: int
    versions: list[Version]
    parked: list[Facility]
    waiting: list[Facility]
    more: int

    @property
    def percent(self) -> int:
        return 100 * self.current // self.open if self.open else 100


def standing(actor: Actor) -> Standing:
    """1 query."""
    target = schema.version()
    names = {step.after: step.name for step in releases.chain().values()}
    rows = Facility.objects.filter(status=Facility.Status.ACTIVE).defer("config")
    own = [row for row in rows.order_by("district_code", "name_en") if reaches(actor, row)]
    counts = Counter(row.schema_version for row in own)
    late = [row for row in own if row.schema_version != target]
    return Standing(
        open=len(own),
        current=counts[target],
        versions=[
            Version(code, names.get(code, ""), n, code == target)
            for code, n in counts.most_common()
        ],
        parked=[row for row in late if row.failure][:SHOWN],
        waiting=[row for row in late if not row.failure][:SHOWN],
        more=max(0, len(late) - SHOWN),
    )
