"""The OPD of a hospital with 100,000 patients: searches, the doctor's screen, the poll, a morning's
crowd of eight counters and four doctors."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.ids import uuid7
from apps.core.tenancy import connection, facility_context
from apps.demo import bench_request, bench_town, clinic, world
from apps.demo.bench_request import Case, measure_case
from apps.demo.people import visitors
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.patients import queries as patients
from apps.workflows.actions import consultation

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
NAMES = {
    "name search, Hindi": "सुनीता मुर्मू",
    "name search, Latin": "Sunita Murmu",
    "name search, partial": "sunit",
    "name search, misspelt": "Suneetha Murmoo",
    "name search, second word": "मरांडी",
    "name search, nobody": "Zzyzx Qwrtpl",
    "phone search": "6000007919",
}
HOST = {"host": f"{bench_town.SLUG}.{settings.PARENT_DOMAIN}"}


def measure_opd() -> dict[str, Any]:
    """{"single": {name: {"cpu_ms", "sql", …}}, "poll": {"cpu_ms", "bytes"}, "crowd": {…}}.

    The hospital is made first (about a minute) and taken away afterwards.
    """
    sessions: list[Any] = []
    with bench_town.town() as facility_id:
        try:
            single = _single(facility_id, sessions)
            poll = _poll(sessions)
            crowd = _crowd(facility_id)
        finally:
            connection.set_schema_to_public()
            for session in sessions:
                session.delete()
    return {"single": single, "poll": poll, "crowd": crowd}


def _single(facility_id: UUID, sessions: list[Any]) -> dict[str, Any]:
    clerk = bench_request.client(bench_town.clerk(0), sessions, HOST)
    doctor = bench_request.client(bench_town.doctor(0), sessions, HOST)
    with facility_context(facility_id) as facility:
        pass  # only the row is wanted

    def inside() -> None:
        connection.set_tenant(facility)

    cases = {name: Case(partial(_searched, text), inside) for name, text in NAMES.items()}
    cases |= {
        "registration page": Case(lambda _: _shown(clerk.get(reverse("encounters:registration")))),
        "doctor's screen": Case(
            lambda visit: _shown(doctor.get(reverse("workflows:consult", args=[visit.number]))),
            lambda: _drafted(inside),
        ),
        "signing (action)": Case(lambda visit: _sign(visit), lambda: _drafted(inside)),
    }
    return {name: measure_case(case) for name, case in cases.items()}


def _searched(text: str, _: Any) -> None:
    patients.search(text)


def _shown(answer: Any) -> None:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code}")


def _register(clerk: Any) -> Any:
    visitor = visitors(1, seed=str(uuid7()))[0]
    patient = {"id": uuid7(), "name_hi": visitor.name_hi, "sex": visitor.sex,
               "age": visitor.age, "age_unit": "years", "mobile": visitor.mobile}  # fmt: skip
    visit = {"id": uuid7(), "department": "MED"}
    return encounters.register_visit(patient=patient, visit=visit, actor=clerk)


def _write(visit: Any, doctor: Any) -> None:
    draft = clinic.draft_of(clinic.STORIES[2], bench_request.WORDS, "")
    version = visits.draft(visit.pk)[1]
    encounters.save_draft(visit.pk, draft=draft, version=version, actor=doctor)


def _drafted(inside: Callable[[], Any]) -> Any:
    inside()
    visit = _register(bench_town.hands(bench_town.clerk(0)))
    doctor = bench_town.hands(bench_town.doctor(0))
    encounters.call_visit(visit.pk, actor=doctor)
    _write(visit, doctor)
    return visit


def _sign(visit: Any) -> None:
    doctor: Any = bench_town.hands(bench_town.doctor(0))
    consultation.finish_consultation(visit.pk, id=uuid7(), pin=world.PIN, actor=doctor)


def _poll(sessions: list[Any]) -> dict[str, Any]:
    """The doctor's queue asked again, nothing new: CPU and all bytes of the answer."""
    doctor = bench_request.client(bench_town.doctor(1), sessions, HOST)
    address = reverse("workflows:rail")
    first = doctor.get(address, headers={"HX-Request": "true"})
    again = {"HX-Request": "true", "If-None-Match": first.headers.get("ETag", "")}
    answers = [_timed(doctor, address, again) for _ in range(bench_request.ROUNDS)]
    answer = answers[-1][1]
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.items())
    return {
        "status": answer.status_code,
        "cpu_ms": round(statistics.median(cpu for cpu, _ in answers), 1),
        "bytes": head + len(answer.content),
        "first_bytes": len(first.content),
    }


def _timed(client: Client, address: str, headers: dict[str, str]) -> tuple[float, Any]:
    start = time.process_time()
    answer = client.get(address, headers=headers)
    return (time.process_time() - start) * 1000, answer


def _crowd(facility_id: UUID) -> dict[str, Any]:
    """Eight counters and four doctors at once, each a process; then the tokens are counted."""
    posts = [("clerk", n) for n in range(bench_town.CLERKS)]
    posts += [("doctor", n) for n in range(bench_town.DOCTORS)]
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "bench_hand", post, str(n), "--seconds", str(SECONDS)],
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        for post, n in posts
    ]
    told = [json.loads(process.communicate()[0]) for process in running]
    figures: dict[str, Any] = {"seconds": SECONDS, "errors": sum(len(t["errors"]) for t in told)}
    for post in ("clerk", "doctor"):
        took = sorted(ms for t in told if t["post"] == post for ms in t["ms"])
        figures[post] = {"done": len(took), "median_ms": round(statistics.median(took)),
                         "p95_ms": round(took[int(len(took) * 0.95)])}  # fmt: skip
    with facility_context(facility_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT (queue, session, number)), max(number) "
            "FROM encounters_queuetoken WHERE day = %s",
            [timezone.localdate()],
        )
        figures["tokens"], figures["distinct"], figures["highest"] = cursor.fetchone()
    return figures


def work(post: str, n: int, seconds: int) -> dict[str, Any]:
    """What one process of the crowd does: {"post", "ms": one a patient, "errors": codes}."""
    took: list[float] = []
    errors: list[str] = []
    ends = time.monotonic() + seconds
    with facility_context(bench_town.FACILITY):
        name = bench_town.clerk(n) if post == "clerk" else bench_town.doctor(n)
        me: Any = bench_town.hands(name)
        act = _clerks_turn if post == "clerk" else _doctors_turn
        while time.monotonic() < ends:
            start = time.perf_counter()
            try:
                if act(me):
                    took.append((time.perf_counter() - start) * 1000)
                else:
                    time.sleep(0.05)  # nobody waits
            except Exception as error:  # the figure that must be nought: count, do not stop
                errors.append(type(error).__name__)
    return {"post": post, "ms": took, "errors": errors}


def _clerks_turn(clerk: Any) -> bool:
    visit = _register(clerk)
    encounters.pass_on(visit.pk, to_station="doctor", actor=bench_town.NURSE)
    return True


def _doctors_turn(doctor: Any) -> bool:
    token = encounters.call_next("doctor", queue="MED", room="7", actor=doctor)
    if token is None:
        return False
    visit = visits.visit(token.encounter_id)
    _write(visit, doctor)
    consultation.finish_consultation(visit.pk, id=uuid7(), pin=world.PIN, actor=doctor)
    return True
