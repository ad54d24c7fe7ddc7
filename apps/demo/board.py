"""Past days for the boards: invented counts, labelled as demo in the table and on the screen."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from uuid import UUID

from apps.core.actor import Actor
from apps.demo.world import Hospital
from apps.monitoring import actions, tally

DAYS = 60
# Patients of a usual day, the middle wait in minutes, share of e-prescriptions, of all medicines.
USUAL = {
    "dh-purnia": (310, 38, 0.74, 0.82),
    "sdh-banmankhi": (140, 30, 0.63, 0.78),
    "chc-kasba": (96, 22, 0.86, 0.91),
    "phc-srinagar": (64, 17, 0.88, 0.93),
    "phc-bhargama": (58, 26, 0.47, 0.71),
    "phc-raniganj": (71, 19, 0.66, 0.88),
}
WEEK = (1.18, 1.06, 1.0, 0.97, 0.95, 0.84, 0.0)  # Monday is the fullest; Sunday is closed


def past_days(hospital: Hospital, facility_id: UUID, today: date) -> None:
    """The last sixty days before today; a day that has counts already stays as it is."""
    days = [today - timedelta(days=n) for n in range(DAYS, 0, -1)]
    actions.invent(facility_id, {day: _day(hospital.slug, day) for day in days})


def holidays_and_months(actor: Actor) -> None:
    """The State's holidays, and the sums of the months that the invented days fill."""
    actions.load_list(actor=actor)
    actions.roll_up(actions.months_due())


def _day(slug: str, day: date) -> dict[str, int]:
    chance = Random(f"{slug}-{day}")
    patients, wait, e_rx, whole = USUAL.get(slug, (60, 20, 0.6, 0.8))
    came = round(patients * WEEK[day.weekday()] * chance.uniform(0.9, 1.1))
    if not came:
        return {}
    seen = round(came * chance.uniform(0.93, 0.98))
    written = round(seen * min(0.97, e_rx * chance.uniform(0.95, 1.06)))
    done = round(written * 0.95)
    figures = Counter({
        "encounter.started": came, "token.issued": came, "encounter.finished": seen,
        "encounter.started/abha": round(came * chance.uniform(0.5, 0.62)),
        "token.issued/scan": round(came * chance.uniform(0.42, 0.55)),
        "prescription.signed/first": written,
        "medication.dispensed/closed": done,
        "medication.dispensed/whole": round(done * min(1, whole * chance.uniform(0.96, 1.04))),
        "report.verified/tests": round(came * chance.uniform(0.18, 0.3)),
        "care_context.linked": round(came * chance.uniform(0.35, 0.48)),
    })  # fmt: skip
    for _ in range(seen):
        low = int(min(chance.gammavariate(2.2, wait / 2), tally.MOST)) // tally.STEP * tally.STEP
        figures[f"{tally.WAIT}{low:03d}"] += 1
    return dict(figures)
