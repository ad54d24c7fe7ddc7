"""A hospital with 100,000 patients and 600,000 visits, made by bulk SQL for measuring; and taken
away again. Names are combined from the demo's; nothing in it is anybody.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random
from uuid import UUID

from apps.accounts import actions as accounts
from apps.core.actor import Actor, Permission
from apps.core.fold import name_key
from apps.core.tenancy import connection, facility_context, public_context
from apps.demo import people, world
from apps.demo.seed import SYSTEM, actor_of, known_id
from apps.facilities import actions as facilities

SLUG, PREFIX, REGISTER = "sdh-bench", "BEN", "BHSD1948"
CLERKS, DOCTORS = 8, 4
PATIENTS, VISITS_EACH = 100_000, 6
FACILITY = known_id("bench", "facility")
NURSE = Actor.of_system("bench", Permission.VITALS_WRITE, facility_id=FACILITY)

PATIENT_SQL = """
INSERT INTO patients_patient (id, mrn, name_hi, name_en, name_auto, search_key, sex, birth_date,
  birth_estimated, mobile, guardian_relation, guardian_name, village, block_code, district_code,
  abha_number, abha_address, language, conditions, registered_at)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  %(prefix)s || '-Q-' || lpad(n::text, 6, '0'), names.hi, names.en, '', names.key,
  CASE WHEN names.female THEN 'female' ELSE 'male' END,
  current_date - (n %% 25000) - 400, true, '6' || lpad((n / 3 * 7919 %% 1000000000)::text, 9, '0'),
  '', '', 'ग्राम ' || (n %% 400), '', %(district)s, '', '', 'hi', '[]', now() - interval '1 year'
FROM generate_series(1, %(patients)s) AS made(n)
JOIN bench_names names ON names.place = n * 7 %% %(names)s
"""
VISIT_SQL = """
INSERT INTO encounters_encounter (id, patient_id, number, code, kind, status, department, room,
  doctor_id, started_at, finished_at, draft, draft_version)
SELECT ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('00000000-0000-7000-8000-' || lpad(to_hex(1 + n %% %(patients)s), 12, '0'))::uuid,
  %(prefix)s || '-25-' || lpad(n::text, 7, '0'), 'B' || lpad(n::text, 11, '0'), 'OPD', 'finished',
  'MED', '7', NULL, now() - (n %% 700 + 1) * interval '1 day', now(), '{}', 0
FROM generate_series(1, %(visits)s) n
"""
TOKEN_SQL = """
INSERT INTO encounters_queuetoken (id, encounter_id, queue, day, session, number, station, status,
  source, priority, priority_reason, room, waiting_since, times)
SELECT ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'MED',
  current_date - (n %% 700 + 1), '1', n, 'none', 'done', 'walk-in', 0, '', '7', now(), '{}'
FROM generate_series(1, %(visits)s) n
"""
FOUND_SQL = """
INSERT INTO encounters_condition (id, encounter_id, category, code, standard_code, display_en,
  display_hi, status)
SELECT ('00000000-0000-7000-b000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'diagnosis', 'DX001', 'R50.9',
  'Fever', 'बुखार', 'active'
FROM generate_series(1, %(visits)s) n
"""
AWAY = (
    "DELETE FROM public.accounts_practitionerrole WHERE facility_id = %s",
    "DELETE FROM public.facilities_numberseries WHERE facility_id = %s",
    "DELETE FROM public.persons_personlink WHERE facility_id = %s",
    "DELETE FROM public.notices_notice WHERE facility_id = %s",
    "DELETE FROM public.facilities_domain WHERE tenant_id = %s",
    "DELETE FROM public.facilities_facility WHERE id = %s",
)


def clerk(n: int) -> str:
    return f"bench.clerk{n}"


def doctor(n: int) -> str:
    return f"bench.doctor{n}"


@contextmanager
def town(*, patients: int = PATIENTS) -> Iterator[UUID]:
    """The big hospital for as long as it is needed; its id."""
    remove()
    try:
        _open()
        _staff()
        with facility_context(FACILITY):
            _fill(patients)
        yield FACILITY
    finally:
        remove()


def _open() -> None:
    facilities.provision(
        REGISTER, id=FACILITY, slug=SLUG, prefix=PREFIX, is_demo=True, actor=SYSTEM
    )
    facilities.create_schema(FACILITY)


def _staff() -> None:
    posts = [(clerk(n), "REG") for n in range(CLERKS)] + [(doctor(n), "MO") for n in range(DOCTORS)]
    for n, (username, role) in enumerate(posts):
        user = accounts.create_user(
            id=known_id("user", username),
            username=username,
            name_hi="मापन",
            name_en="Measuring",
            mobile=f"60000{90000 + n}",
            password=os.urandom(12).hex(),
            must_change_password=False,
            actor=SYSTEM,
        )
        accounts.post_user(
            user.pk,
            id=known_id("posting", username),
            role=role,
            facility_id=FACILITY,
            place_code="",
            department="MED" if role == "MO" else "",
            room="7" if role == "MO" else "",
            from_date=date(2026, 1, 1),
            actor=SYSTEM,
        )
        accounts.set_pin(user.pk, world.PIN, actor=SYSTEM)


def hands(username: str) -> Actor:
    """The Actor of one of them, as after a log-in."""
    return actor_of(username, FACILITY)


def _fill(patients: int) -> None:
    names = _names()
    told = {"prefix": PREFIX, "patients": patients, "visits": patients * VISITS_EACH,
            "names": len(names), "district": "188"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_names "
            "(place int, hi text, en text, key text, female bool)"
        )
        with cursor.copy("COPY bench_names FROM STDIN") as copy:
            for n, row in enumerate(names):
                copy.write_row((n, *row))
        for statement in (PATIENT_SQL, VISIT_SQL, TOKEN_SQL, FOUND_SQL):
            cursor.execute(statement, told)
        cursor.execute("DROP TABLE bench_names")
        cursor.execute("ANALYZE")


def _names() -> list[tuple[str, str, str, bool]]:
    """Every first name of the demo with every second one; their keys are made as in earnest."""
    made = []
    for female, pool in ((True, people.FEMALE), (False, people.MALE)):
        split = [(hi.rsplit(" ", 1), en.rsplit(" ", 1)) for hi, en in pool]
        for first in split:
            for second in split:
                hi = f"{first[0][0]} {second[0][1]}"
                en = f"{first[1][0]} {second[1][1]}"
                made.append((hi, en, name_key(hi, en), female))
    Random("bench").shuffle(made)
    return made


def remove() -> None:
    """Nothing is left but its rows in the trail, which nobody can take away."""
    with public_context(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "f_{SLUG.replace("-", "_")}" CASCADE')
        for statement in AWAY:
            cursor.execute(statement, [FACILITY])
        names = [clerk(n) for n in range(CLERKS)] + [doctor(n) for n in range(DOCTORS)]
        cursor.execute("DELETE FROM public.accounts_user WHERE username = ANY(%s)", [names])
