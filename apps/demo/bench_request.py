"""CPU and SQL of what a hospital does all day, in this process, on the demo's data."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import queries as accounts
from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.core.tenancy import connection, facility_context
from apps.demo import clinic, world
from apps.demo.people import visitors
from apps.demo.seed import actor_of, known_id
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.workflows.actions import consultation

ROUNDS = 30
SLUG, CLERK, DOCTOR = "dh-purnia", "ravi.ranjan", "anjali.jha"
HOST = {"host": f"{SLUG}.{settings.PARENT_DOMAIN}"}
# Kept for measurements (RFC 2544), so that log-in limits of real addresses are not touched.
ADDRESS = "198.18.0.1"
WORDS = {"DX108": {"code": "DX108", "icd": "I10", "hi": "उच्च रक्तचाप", "en": "Hypertension"}}
Store = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, slots=True)
class Case:
    """`act` is measured and gets what `prepare` made just before, in the same transaction."""

    act: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None


def measure_request() -> dict[str, Any]:
    """{name: {"cpu_ms", "wall_ms": medians, "sql": n, "savepoints": n}}. Every round is undone.

    `sql` counts statements that ask, write or set something. Raises RuntimeError when a page does
    not answer as it should: a measured error page would look fast.
    """
    sessions: list[Any] = []
    connection.set_schema_to_public()
    try:
        cases = _cases(known_id("facility", SLUG), sessions)
        return {name: measure_case(case) for name, case in cases.items()}
    finally:
        connection.set_schema_to_public()
        for session in sessions:  # its rows are gone already, but the cache does not roll back
            session.delete()


def measure_case(case: Case) -> dict[str, float]:
    """Median CPU over the rounds, and the statements of one, of a case whose rounds are undone."""
    _round(case, _spent_ms)  # warm: templates, catalogues, the hospital
    spent = [_round(case, _spent_ms) for _ in range(ROUNDS)]
    statements = _round(case, _statements)
    savepoints = sum("SAVEPOINT" in sql for sql in statements)
    return {
        "cpu_ms": round(statistics.median(cpu for cpu, _ in spent), 1),
        "wall_ms": round(statistics.median(wall for _, wall in spent), 1),
        "sql": len(statements) - savepoints,
        "savepoints": savepoints,
    }


def _round(case: Case, measure: Callable[[Callable[[], Any]], Any]) -> Any:
    """What `measure` says of one act; then everything is undone."""
    try:
        with transaction.atomic():
            made = case.prepare()
            figure = measure(lambda: case.act(made))
            transaction.set_rollback(True)
            return figure
    finally:
        connection.set_schema_to_public()  # the rollback undid search_path as well


def _spent_ms(act: Callable[[], Any]) -> tuple[float, float]:
    """Our process's CPU, and the time that passed: the database's work is only in the second."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def _statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries]


def _cases(facility_id: UUID, sessions: list[Any]) -> dict[str, Case]:
    clerk, doctor = client(CLERK, sessions), client(DOCTOR, sessions)
    with facility_context(facility_id) as facility:
        row = next(r for r in visits.queue("doctor", queue="MED") if r["status"] == "waiting")
        patient = visits.visit(row["encounter_id"]).patient
    chart = reverse("encounters:chart", args=[patient.pk])
    search = {"q": patient.mobile or patient.mrn}
    return {
        "login": Case(lambda _: _log_in(sessions)),
        "registration page": Case(lambda _: _shown(clerk.get(reverse("encounters:registration")))),
        "register + token (action)": Case(_register, lambda: _inside(facility)),
        "phone search": Case(lambda _: _shown(clerk.post(reverse("patients:list"), search))),
        "patient chart": Case(lambda _: _shown(doctor.get(chart))),
        "today's queue (doctor)": Case(lambda _: _shown(doctor.get(reverse("workflows:opd")))),
        "doctor's screen": Case(
            lambda visit: _shown(doctor.get(reverse("workflows:consult", args=[visit.number]))),
            lambda: _drafted(_inside(facility)),
        ),
        "signing (action)": Case(_sign, lambda: _drafted(_inside(facility))),
    }


def client(username: str, sessions: list[Any], host: dict[str, str] | None = None) -> Client:
    """A browser that is logged in. Its session is made by hand: a log-in would leave a trail."""
    user = accounts.user(known_id("user", username))
    session = Store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sessions.append(session)
    made = Client(headers=host or HOST, REMOTE_ADDR=ADDRESS)
    made.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return made


def _shown(answer: Any, status: int = 200) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code}")


def _log_in(sessions: list[Any]) -> None:
    client = Client(headers=HOST, REMOTE_ADDR=ADDRESS)
    typed = {"login": CLERK, "password": world.PASSWORD}
    answer = client.post(reverse("account_login"), typed)
    _shown(answer, 302)
    sessions.append(Store(client.cookies[settings.SESSION_COOKIE_NAME].value))


def _inside(facility: Any) -> dict[str, Actor]:
    """The hands of the day, in the hospital's schema until the round ends."""
    connection.set_tenant(facility)
    return {"clerk": actor_of(CLERK, facility.pk), "doctor": actor_of(DOCTOR, facility.pk)}


def _register(hands: dict[str, Actor]) -> Any:
    visitor = visitors(1, seed=str(uuid7()))[0]
    patient = {"id": uuid7(), "name_hi": visitor.name_hi, "sex": visitor.sex,
               "age": visitor.age, "age_unit": "years", "mobile": visitor.mobile}  # fmt: skip
    visit = {"id": uuid7(), "department": "MED"}
    return encounters.register_visit(patient=patient, visit=visit, actor=hands["clerk"])


def _drafted(hands: dict[str, Actor]) -> Any:
    """A visit with the patient in the room and everything written, ready to be signed."""
    visit = _register(hands)
    encounters.call_visit(visit.pk, actor=hands["doctor"])
    draft = clinic.draft_of(clinic.STORIES[2], WORDS, "")
    encounters.save_draft(visit.pk, draft=draft, version=0, actor=hands["doctor"])
    visit.hands = hands
    return visit


def _sign(visit: Any) -> None:
    consultation.finish_consultation(
        visit.pk, id=uuid7(), pin=world.PIN, actor=visit.hands["doctor"]
    )
