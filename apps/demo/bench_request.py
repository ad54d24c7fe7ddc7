"""CPU and SQL of the requests a hospital makes all day, in this process, on the demo's data."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import queries as accounts
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.demo import clinic, world
from apps.demo.people import visitors
from apps.demo.seed import _actor, known_id
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.patients import actions as patients
from apps.workflows.actions import consultation

ROUNDS = 30
SLUG = "dh-purnia"


def measure_request() -> dict[str, Any]:
    """{name: {"cpu_ms": median, "sql": count}} for each request; nothing is kept."""
    facility_id = known_id("facility", SLUG)
    figures = {}
    for name, act in _requests(facility_id).items():
        figures[name] = _measure(act)
    with facility_context(facility_id):
        figures["sign (action)"] = _measure(lambda: _undone(_sign_one), rounds=10)
    return figures


def _measure(act: Callable[[], Any], rounds: int = ROUNDS) -> dict[str, float]:
    act()  # warm: templates, catalogue, tenant
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    with CaptureQueriesContext(connection) as queries:
        act()
    return {"cpu_ms": round(statistics.median(spent), 1), "sql": len(queries)}


def _client(username: str, slug: str = SLUG) -> Client:
    client = Client(headers={"host": f"{slug}.{settings.PARENT_DOMAIN}"})
    user = accounts.user(known_id("user", username))
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def _requests(facility_id: Any) -> dict[str, Callable[[], Any]]:
    clerk, doctor = _client("ravi.ranjan"), _client("anjali.jha")
    with facility_context(facility_id):
        waiting = next(row for row in visits.queue("doctor") if row["status"] == "waiting")
        visit = visits.visit(waiting["encounter_id"])
        mobile = next(v.mobile for v in visitors(40, seed="bench") if v.mobile)
    return {
        "login": lambda: _undone(_log_in),
        "registration page": lambda: clerk.get(reverse("encounters:registration")),
        "register + token (action)": lambda: _in_facility(facility_id, _register_one),
        "phone search": lambda: clerk.get(reverse("patients:list"), {"q": mobile}),
        "patient chart": lambda: doctor.get(reverse("patients:chart", args=[visit.patient_id])),
        "today's queue": lambda: doctor.get(reverse("workflows:opd")),
    }


def _undone(act: Callable[[], Any]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _in_facility(facility_id: Any, act: Callable[[], Any]) -> None:
    with facility_context(facility_id):
        _undone(act)


def _log_in() -> None:
    cache.clear()
    client = Client(headers={"host": f"{SLUG}.{settings.PARENT_DOMAIN}"})
    answer = client.post(
        reverse("account_login"), {"login": "ravi.ranjan", "password": world.PASSWORD}
    )
    assert answer.status_code == 302, answer.status_code


def _register_one() -> Any:
    clerk = _actor("ravi.ranjan", known_id("facility", SLUG))
    visitor = visitors(1, seed=str(uuid7()))[0]
    patient = patients.register(
        id=uuid7(), name_hi=visitor.name_hi, sex=visitor.sex, age=visitor.age,
        age_unit="years", mobile=visitor.mobile, actor=clerk,
    )  # fmt: skip
    return encounters.start_visit(patient.pk, id=uuid7(), department="MED", actor=clerk)


def _sign_one() -> None:
    doctor = _actor("anjali.jha", known_id("facility", SLUG))
    visit = _register_one()
    encounters.call_visit(visit.pk, actor=doctor)
    words = {"DX108": {"code": "DX108", "icd": "I10", "hi": "उच्च रक्तचाप", "en": "Hypertension"}}
    draft = clinic.draft_of(clinic.STORIES[2], words, "")
    encounters.save_draft(visit.pk, draft=draft, version=0, actor=doctor)
    consultation.finish_consultation(visit.pk, id=uuid7(), pin=world.PIN, actor=doctor)
