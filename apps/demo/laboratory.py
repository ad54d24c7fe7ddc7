"""A laboratory at work in the demo: orders, samples on the benches, a signed report, a machine."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from apps.core.actor import Actor
from apps.demo import world
from apps.encounters import queries as visits
from apps.facilities import actions as facilities
from apps.labs import actions, queries

Known = Callable[..., UUID]
ORDERS = (
    ("CBC", "RBS"),
    ("KFT", "LIPID", "HBA1C"),
    ("CBC", "MPRDT"),
    ("LFT",),
    ("HB", "UALB", "USUG"),
    ("CBC", "CXR"),
)
VALUES = {
    "UREA": "28", "CREA": "0.8", "NA": "138", "K": "6.6", "CHOL": "236", "TG": "182", "HDL": "44",
    "HBA1C": "8.4", "HB": "9.8", "TLC": "8.4", "PLT": "210", "RBS": "212", "PCV": "31",
    "RBC": "4.1",
    "BILT": "0.9", "BILD": "0.2", "AST": "34", "ALT": "28", "ALP": "96", "TP": "7.2", "ALB": "4.1",
    "MPRDT": "NEG", "UALB": "NIL", "USUG": "1+",
}  # fmt: skip


def fill(
    hospital: world.Hospital,
    team: dict[str, Actor],
    day: date,
    known_id: Known,
    actor_of: Callable[..., Actor],
) -> None:
    """Tests for the first signed visits of the day. Only the district hospital has a laboratory
    with two persons; safe to run again."""
    if hospital.slug != "dh-purnia":
        return
    facility_id = known_id("facility", hospital.slug)
    technician, head = actor_of("puja.lab", facility_id), actor_of("path.purnia", facility_id)
    facilities.add_analyser(
        id=known_id("analyser", hospital.slug), name="ERBA Chem", protocol="astm", allow=[],
        actor=head,
    )  # fmt: skip
    for n, codes in enumerate(ORDERS):
        visit_id = known_id("visit", hospital.slug, day, n)
        worked_on = any(order.specimen_id for order in queries.of_encounters([visit_id]))
        if worked_on or not visits.exists(visit_id):
            continue
        actions.order(
            visit_id,
            tests=[{"code": code, "priority": "urgent" if n == 2 else ""} for code in codes],
            patient_id=visits.visit(visit_id).patient_id,
            actor=team["doctor"],
        )
        if n < 4 and queries.collecting(visit_id):
            _work(visit_id, n, technician, head, known_id)


def _work(visit_id: UUID, n: int, technician: Actor, head: Actor, known_id: Known) -> None:
    """Collected; some entered; the first report signed."""
    samples = actions.collect(visit_id, id=known_id("samples", visit_id), actor=technician)
    for sample in samples if n in (0, 1) else ():
        parts = queries.parts_of(queries.orders_on(sample))
        typed = {(pk, code): VALUES[code] for pk, codes in parts.items() for code in codes
                 if code in VALUES}  # fmt: skip
        actions.enter(sample.accession, typed=typed, actor=technician)
        if n == 0:
            actions.send(sample.accession, actor=technician)
            actions.verify(
                sample.accession, id=known_id("report", sample.pk), pin=world.PIN, actor=head
            )
