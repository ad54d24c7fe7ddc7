"""How far a list of hospitals has come: what was refused at once, and each queued one's end."""

from dataclasses import dataclass
from uuid import UUID

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities.actions.bulk import QUEUED, REFUSED, THERE
from apps.facilities.models import Facility, OnboardingList, RegisterEntry
from apps.facilities.register import within

DONE, FAILED, WAITING = "done", "failed", "waiting"
NAMES = 150


@dataclass(frozen=True, slots=True)
class Line:
    """`state`: "done", "waiting", "there", "refused" or "failed"; the last two say why."""

    line: int
    code: str
    name_hi: str
    name_en: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Made:
    id: UUID
    lines: list[Line]

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def waiting(self) -> int:
        return self.count(WAITING)

    @property
    def done(self) -> int:
        return self.count(DONE, THERE)

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.state in (REFUSED, FAILED)]

    @property
    def percent(self) -> int:
        return 100 * (len(self.lines) - self.waiting) // max(1, len(self.lines))


def made(list_id: UUID, *, actor: Actor) -> Made:
    """One's own list (the State sees all); Unseen for another's. 3 queries."""
    row = OnboardingList.objects.filter(pk=list_id).first()
    if row is None or (row.user_id != actor.user_id and actor.scope is not Scope.STATE):
        raise Unseen(Permission.FACILITY_ONBOARD)
    codes = [line["code"] for line in row.lines]
    live = {f.register_code: f for f in Facility.objects.filter(register_code__in=codes)}
    names = {e.code: e for e in RegisterEntry.objects.filter(code__in=codes)}
    lines = []
    for told in row.lines:
        state, why = _state(told, live.get(told["code"]))
        name = names.get(told["code"])
        lines.append(
            Line(
                told["line"], told["code"], name.name_hi if name else "",
                name.name_en if name else "", state, why,
            )
        )  # fmt: skip
    return Made(row.pk, lines)


def _state(told: dict[str, str], facility: Facility | None) -> tuple[str, str]:
    if told["outcome"] != QUEUED or facility is None:
        return told["outcome"], told["why"]
    if facility.status == Facility.Status.FAILED:
        return FAILED, facility.failure
    return (WAITING, "") if facility.status == Facility.Status.PROVISIONING else (DONE, "")


def still_to_come(actor: Actor) -> list[RegisterEntry]:
    """Hospitals of the office that are not on board, for the template. 1 query."""
    live = Facility.objects.values("register_code")
    rows = within(actor).exclude(code__in=live).order_by("district_code", "name_en")
    return list(rows[:NAMES])


def names_of(codes: list[str]) -> dict[str, RegisterEntry]:
    """Register entries by code. 1 query."""
    return {row.code: row for row in RegisterEntry.objects.filter(code__in=codes)}
