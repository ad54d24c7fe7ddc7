"""Two months of invented visits, tests and linked records, and the forms made of them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.demo.world import Hospital
from apps.encounters import actions as encounters
from apps.labs import actions as labs
from apps.patients import actions as patients
from apps.reporting import actions, forms_of, queries
from apps.terminology import queries as terminology

SUNDAY = 6
FIRST_MONTH = date(2026, 7, 1)
PEOPLE = (
    ("पुष्पा रानी", "Pushpa Rani", "female", 27), ("शीला मरांडी", "Sheela Marandi", "female", 44),
    ("हसीना बानो", "Hasina Bano", "female", 63), ("नन्ही कुमारी", "Nanhi Kumari", "female", 3),
    ("बुधनी देवी", "Budhni Devi", "female", 35), ("मुन्नी देवी", "Munni Devi", "female", 52),
    ("भोला राय", "Bhola Rai", "male", 71), ("सलमान अंसारी", "Salman Ansari", "male", 33),
    ("छोटू कुमार", "Chhotu Kumar", "male", 4), ("रघु मुर्मू", "Raghu Murmu", "male", 48),
    ("फ़ैज़ अहमद", "Faiz Ahmad", "male", 16), ("जगदीश साह", "Jagdish Sah", "male", 60),
)  # fmt: skip
# How often a diagnosis comes, and the test that goes with it.
ILLNESS = (
    ("DX001", 20, ""), ("DX044", 16, ""), ("DX058", 12, ""), ("DX108", 12, ""), ("DX103", 8, ""),
    ("DX003", 3, "MPRDT"), ("DX006", 3, "NS1"), ("DX010", 1, "RK39"), ("DX259", 4, ""),
    ("DX052", 3, ""), ("DX036", 2, ""), ("DX051", 3, ""), ("DX002", 3, "WIDAL"),
    ("DX150", 8, ""), ("DX092", 6, "HB"),
)  # fmt: skip
CHILDRENS = {"DX001", "DX044", "DX058", "DX003", "DX006", "DX010", "DX259", "DX051", "DX002"}
YOUNG = 15
A_DAY, RECORDS = 3, {"dh-purnia": 190}
KINDS = ("OPConsultation", "Prescription", "DiagnosticReport")
Known = Callable[..., UUID]


def past(hospital: Hospital, known_id: Known, doctor: Actor, system: Actor) -> None:
    """Visits and tests of the last two months, in the hospital in whose schema we stand."""
    today = timezone.localdate()
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    begun = _at(first, 8)
    patients.invent_patients([
        {"id": known_id("past", hospital.slug, n), "mrn": f"{hospital.prefix}-DEMO-{n:03d}",
         "name_hi": hi, "name_en": en, "sex": sex, "village": "रानीपतरा", "at": begun,
         "born": date(today.year - age, 1, 1)}
        for n, (hi, en, sex, age) in enumerate(PEOPLE)
    ], actor=system)  # fmt: skip
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    visits, tests = [], []
    for day in (day for day in days if day.weekday() != SUNDAY):
        for n in range(A_DAY):
            visit, test = _visit(hospital, day, n, known_id)
            visits.append(visit)
            tests += test
    encounters.invent_visits(visits, actor=system)
    labs.invent_reports(tests, by=doctor.user_id, actor=system)


def _visit(
    hospital: Hospital, day: date, n: int, known_id: Known
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    chance = Random(f"{hospital.slug}-{day}-{n}")
    person = chance.randrange(len(PEOPLE))
    young = PEOPLE[person][3] < YOUNG
    possible = [one for one in ILLNESS if not young or one[0] in CHILDRENS]
    code, _, test = chance.choices(possible, weights=[one[1] for one in possible])[0]
    visit_id = known_id("past-visit", hospital.slug, day, n)
    who = known_id("past", hospital.slug, person)
    visit = {
        "id": visit_id, "patient_id": who, "department": "MED", "at": _at(day, 9 + n),
        "token": n + 1,
        "number": f"{hospital.prefix}-D-{day:%y%m%d}{n}",
        "diagnoses": [
            {"code": code, "icd": word.standard_code, "hi": word.name_hi, "en": word.name_en}
            for word in terminology.codes("diagnosis", [code]).values()
        ],
    }  # fmt: skip
    if not test:
        return visit, []
    word = terminology.codes("test", [test])[test]
    values = {"HB": (str(round(chance.uniform(6.4, 12.8), 1)), "g/dL"),
              "MPRDT": (chance.choice(("NEG", "NEG", "PV", "PF")), ""),
              "WIDAL": ("1:80", "")}  # fmt: skip
    value, unit = values.get(test, (chance.choice(("NEG", "NEG", "POS")), ""))
    return visit, [{
        "id": known_id("past-test", visit_id), "encounter_id": visit_id, "patient_id": who,
        "code": test, "hi": word.name_hi, "en": word.name_en, "value": value, "unit": unit,
        "at": _at(day, 10 + n),
    }]  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def forms(facility_id: UUID, doctor_in_charge: Actor) -> None:
    """Last month and last week, worked out and submitted; what people did since stays."""
    for kind in ("hmis", "idsp"):
        period = forms_of.latest(kind)
        if queries.newest(facility_id, period) is not None:
            continue
        row = actions.ask(facility_id, period, actor=doctor_in_charge)
        actions.fill(row.pk)
        if kind == "hmis":
            actions.enter(row.pk, values={"2.2": "31", "14.15.1": "1"}, actor=doctor_in_charge)
        actions.submit_form(row.pk, actor=doctor_in_charge)


def judged() -> None:
    """Every month of the invented records gets its verdicts."""
    month = FIRST_MONTH
    while month <= timezone.localdate():
        actions.judge(month)
        month = (month + timedelta(days=31)).replace(day=1)


def linked(hospital: Hospital, facility_id: UUID, known_id: Known, system: Actor) -> None:
    """Linked records from July 2026 on: months with a rule, and months without one."""
    today = timezone.localdate()
    month = FIRST_MONTH
    while month <= today:
        chance = Random(f"{hospital.slug}-{month}")
        rows = []
        for n in range(round(RECORDS.get(hospital.slug, 90) * chance.uniform(0.8, 1.2))):
            day = min(month + timedelta(days=chance.randrange(28)), today)
            rows.append({
                "event_id": known_id("linked", hospital.slug, month, n),
                "hi_type": chance.choices(KINDS, weights=(5, 4, 2))[0],
                "at": _at(day, 9 + n % 6), "kyc": chance.random() < 0.88,
                "person_id": known_id("linked-person", month, chance.randrange(400)),
            })  # fmt: skip
        actions.invent(facility_id, rows, actor=system)
        month = (month + timedelta(days=31)).replace(day=1)
