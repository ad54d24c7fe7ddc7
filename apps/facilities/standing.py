"""How far the release of this code has reached, hospital by hospital, for one office."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core import health
from apps.core.actor import Actor
from apps.facilities import releases, schema
from apps.facilities.models import Facility
from apps.facilities.scope import reaches

LATE_S = 90  # nobody has looked into the queues for so long: the workers are silent
QUEUES: dict[str, Promise] = {
    "papers": _("Papers that a patient waits for"),
    "celery": _("Short work: screens, messages, alarms"),
    "abdm": _("Mail with ABDM"),
    "reports": _("Forms, registers, monthly figures"),
    "bulk": _("New hospitals, releases, nightly work"),
}
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


@dataclass(frozen=True, slots=True)
class WaitingJobs:
    """Jobs that wait, by what they are for; `late` when the workers have told nothing lately."""

    rows: list[tuple[Promise | str, int]]
    seconds: int
    late: bool


def waiting_jobs() -> WaitingJobs | None:
    """What a worker saw in the queues last; None when none looked for an hour. No query."""
    told = health.noted_depths()
    if told is None:
        return None
    depths, age = told
    rows = [(QUEUES.get(name, name), n) for name, n in depths.items()]
    return WaitingJobs(rows, round(age), age > LATE_S)


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
