"""The demo's shelves, a day at the medicine counter, and an indent on its way."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.demo import clinic, world
from apps.pharmacy import actions, queries
from apps.pharmacy import items as things
from apps.prescriptions import queries as prescriptions
from apps.supply import actions as supply
from apps.supply import queries as indents
from apps.terminology import queries as terminology

COUNTER = "counter-1"
SHORT = ("MED0668", "MED0569")  # always nearly gone at the counter: there is something to see
CONTROLLED = ("MED0026", "MED0004")  # morphine and ketamine, for the register
KITS = ("KIT-MALRDT", "KIT-DENNS1", "KIT-GLUSTR", "KIT-URINE", "KIT-HBCUV", "KIT-CBCREA")


def stock(hospital: world.Hospital, known_id: Any, actor: Actor) -> None:
    """Every medicine of the day's stories and sixty more: most in the main store, some at the
    counter; one lot each has ended, one ends soon."""
    chance = Random(hospital.slug)
    level = "primary" if hospital.facility_type == "PHC" else "secondary"
    codes = [code for story in clinic.STORIES for code, *_ in story.medicines]
    codes += [*SHORT, *chance.sample(terminology.drugs_for_level(level), 60), *KITS]
    codes += CONTROLLED if hospital.facility_type == "DH" else ()
    for n, code in enumerate(dict.fromkeys(codes)):
        for store in ("main", COUNTER):
            few = code in SHORT and store == COUNTER
            many = chance.choice([240, 600, 1200, 2140, 5320])
            quantity = 4 if few else many if store == "main" else many // 4
            days = 38 if n % 9 == 3 else chance.randint(120, 700)
            put(hospital, code, store, quantity, days, chance, known_id, actor)


def use_up(hospital: world.Hospital, known_id: Any, actor: Actor) -> None:
    """Wards and laboratory have used most of eighteen things, so that the indent has a draft."""
    level = "primary" if hospital.facility_type == "PHC" else "secondary"
    codes = Random(f"{hospital.slug}-use").sample(terminology.drugs_for_level(level), 14)
    for code in [*codes, *KITS[:4]]:
        chance = Random(f"{hospital.slug}-{code}")
        put(hospital, code, "main", 60, 400, chance, known_id, actor, batch="USED")
        use_id = known_id("used", hospital.slug, code)
        there = sum(queries.usable_in([code]).get(code, {}).values())
        actions.use_items(use_id, code, there * Decimal("0.9"), actor=actor)
    actions.share_levels(everything=True)


def put(
    hospital: world.Hospital, code: str, store: str, quantity: int, days: int, chance: Random,
    known_id: Any, actor: Actor, batch: str = "DEMO",
) -> None:  # fmt: skip
    item = things.items([code]).get(code)
    actions.receive(
        id=known_id("lot", hospital.slug, store, code, batch),
        medication_code=code,
        batch_no=f"{batch}{chance.randint(1000, 9999)}",
        expiry=timezone.localdate() + timedelta(days=days),
        quantity=Decimal(quantity),
        unit=item.unit if item else "",
        store=store,
        source="demo",
        actor=actor,
    )


def counter(hospital: world.Hospital, known_id: Any, pharmacist: Actor) -> None:
    """About half of those who came to the counter have their medicine; the others wait, also when
    this is run again: who they are stands in the ids."""
    for row in queries.queue():
        form_id = known_id("given", row["id"])
        prescription = prescriptions.full(row["id"])
        if form_id.int % 2 or prescription is None:
            continue
        sheet = queries.sheet(prescription.pk, store=COUNTER)
        gives = [
            actions.Give(line.row.pk, line.give, rest="" if line.give else "not-available")
            for line in (sheet.open_lines if sheet else [])
        ]
        actions.hand_over(prescription.pk, id=form_id, store=COUNTER, gives=gives, actor=pharmacist)


def indent(hospital: world.Hospital, known_id: Any, keeper: Actor) -> UUID | None:
    """One indent that waits for the in-charge: what was used, else what is always nearly gone."""
    if indents.indents_of(keeper.facility_id):  # type: ignore[arg-type]
        return None
    needs = [need for need in queries.needs() if need.suggested > 0][:20]
    lines = [
        {"code": n.item.code, "name": n.item.name, "unit": n.item.unit,
         "suggested": f"{n.suggested:f}", "asked": f"{n.suggested:f}"}
        for n in needs
    ]  # fmt: skip
    short = things.items(SHORT)
    lines = lines or [
        {"code": code, "name": item.name, "unit": item.unit, "suggested": "0", "asked": "200"}
        for code, item in short.items()
    ]
    return supply.raise_indent(id=known_id("indent", hospital.slug), lines=lines, actor=keeper).pk
