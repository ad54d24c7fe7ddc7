"""The fault run: visits linked through a gateway that loses, repeats and reorders callbacks and is
down for a while, with the worker and the broker killed in the middle. Every one must end linked,
none twice."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.abdm import actions as abdm
from apps.core.actor import Actor, Permission
from apps.core.queue import enqueue
from apps.core.tenancy import connection, facility_context
from apps.demo import bench_paper
from apps.demo.bench_stack import STEM, Stack, stack
from apps.demo.bench_town import FACILITY
from apps.patients import actions as patients

CONTEXTS = int(os.environ.get("BENCH_CONTEXTS", "1000"))
OUTAGE_S = float(os.environ.get("BENCH_OUTAGE_S", "60"))
EACH = 4  # visits of one person: the link token is shared
LIMIT_S = 1800
FAULTS = {"lose": 0.1, "repeat": 0.1, "reorder": 0.1}
AWAY_S = 2.0  # how long what was killed stays away
# Quiet for so long, and some still unlinked: then ten minutes pass at once.
LATE_S = float(os.environ.get("BENCH_LATE_S", "15"))
DESK = Actor.of_system("bench", Permission.PATIENT_REGISTER, facility_id=FACILITY)
PEOPLE_SQL = "SELECT id, name_en, sex, extract(year FROM birth_date)::int FROM patients_patient"
PAPER_SQL = """
INSERT INTO documents_documentreference (id, kind, patient_id, encounter_id, code, content,
  content_sha256, language, status, renditions, pending, issued_at, form)
SELECT ('00000000-0000-7000-c000-' || right(id::text, 12))::uuid, 'Prescription', patient_id, id,
  'L' || right(code, 11), %s, '', 'hi', 'current', '{}', false, now(), ''
FROM encounters_encounter ORDER BY id LIMIT %s
"""
# What the clock would do in ten minutes: a silent link is asked for again, a silent token, too.
LATER_SQL = """
UPDATE abdm_carecontext SET sent_at = sent_at - interval '11 minutes'
WHERE status = 'sent' AND sent_at < now() - make_interval(secs => %s)
"""
TOKENS_LATER_SQL = """
UPDATE public.gateway_linktoken SET asked_at = asked_at - interval '1 day'
WHERE facility_id = %s AND state = 'asked' AND asked_at < now() - make_interval(secs => %s)
"""


# Anything that could be done now without a clock.
BUSY_SQL = """
SELECT (SELECT count(*) FROM public.gateway_inboundmessage
        WHERE facility_id = %(here)s AND status IN ('waiting', 'early'))
     + (SELECT count(*) FROM public.gateway_outboundmessage
        WHERE facility_id = %(here)s AND status = 'waiting')
"""


def measure_links() -> dict[str, Any]:
    """{"contexts", "linked", "known_there", "linked_events", "seconds", …}: all four are one number
    when nothing was lost and nothing doubled. Size: BENCH_CONTEXTS, BENCH_OUTAGE_S."""
    with stack(patients=-(-CONTEXTS // EACH)) as made:
        _people(made)
        _papers()
        made.tell("faults", FAULTS)
        start = time.monotonic()
        signing = made.hand("bench_hand", "links", str(CONTEXTS))
        try:
            run = _through(made, start)
        finally:
            signing.kill()
            signing.wait()
        return _told(made, run, time.monotonic() - start)


def _people(made: Stack) -> None:
    """Everybody of the hospital has an ABHA here and there."""
    with facility_context(FACILITY):
        with connection.cursor() as cursor:
            cursor.execute(f"{PEOPLE_SQL} ORDER BY id")
            rows = cursor.fetchall()
        told = [{"stem": f"{STEM}{n:05d}", "name": name, "gender": sex[0].upper(), "year": year}
                for n, (_, name, sex, year) in enumerate(rows)]  # fmt: skip
        for (patient_id, *_), account in zip(rows, made.tell("people", told), strict=True):
            patients.attach_abha(
                patient_id, number=account["number"], address=account["address"], via="scan",
                kyc=True, actor=DESK,
            )  # fmt: skip


def _papers() -> None:
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute(PAPER_SQL, [json.dumps(bench_paper.CONTENT), CONTEXTS])


def sign(count: int) -> dict[str, Any]:
    """What follows a signature, for each paper: the visit is to be linked."""
    with facility_context(FACILITY):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM documents_documentreference ORDER BY id LIMIT %s", [count]
            )
            papers: list[UUID] = [row[0] for row in cursor.fetchall()]
        for paper in papers:
            abdm.share_document(paper)
    return {"signed": len(papers)}


def sweep() -> dict[str, Any]:
    """What the clock sends every ten seconds and every two minutes."""
    enqueue("gateway.sweep")
    enqueue("abdm.sweep")
    return {}


@dataclass
class Run:
    """`steps`: what is to happen, and at which share of the linked; `events`: what did, when."""

    steps: list[tuple[float, str, Callable[[], None]]]
    events: dict[str, float]
    aged: int = 0
    restarted: list[str] = field(default_factory=list)


def _through(made: Stack, start: float) -> Run:
    """Until all are linked: the faults in their turn, lost answers made up for."""
    run = Run([], {})
    run.steps = [
        (0.15, "outage", lambda: _outage(made)),
        (0.40, "worker killed", lambda: _killed(made, "worker")),
        (0.60, "broker killed", lambda: _killed(made, "broker")),
    ]
    older = time.monotonic() + LATE_S
    while (done := linked()) < CONTEXTS:
        if time.monotonic() - start > LIMIT_S:
            break
        if run.steps and done >= run.steps[0][0] * CONTEXTS:
            _, name, act = run.steps.pop(0)
            run.events[name] = round(time.monotonic() - start, 1)
            act()
        run.restarted += made.tend()
        if _busy():
            older = time.monotonic() + LATE_S
        elif time.monotonic() > older:
            _ten_minutes_pass(made)
            run.aged, older = run.aged + 1, time.monotonic() + LATE_S
        time.sleep(0.5)
    return run


def _busy() -> bool:
    """While mail is on its way, nobody may say that an answer was lost."""
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute(BUSY_SQL, {"here": FACILITY})
        return bool(cursor.fetchone()[0])


def _outage(made: Stack) -> None:
    made.tell("faults", {"down": True})
    time.sleep(OUTAGE_S)
    made.tell("faults", {"down": False})


def _killed(made: Stack, name: str) -> None:
    made.kill(name)
    time.sleep(AWAY_S)
    made.start(name)


def _ten_minutes_pass(made: Stack) -> None:
    """Nobody measures for hours: who waits for an answer that was lost has waited long enough."""
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute(LATER_SQL, [LATE_S])
        cursor.execute(TOKENS_LATER_SQL, [FACILITY, LATE_S])
    made.tell("next-day", {})
    made.hand("bench_hand", "sweep", "0").wait()


def linked() -> int:
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM abdm_carecontext WHERE status = 'linked'")
        return int(cursor.fetchone()[0])


def _told(made: Stack, run: Run, seconds: float) -> dict[str, Any]:
    state = made.state()
    there = [c["reference"] for c in state["contexts"]]
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT encounter_id) FROM abdm_carecontext")
        contexts, visits = cursor.fetchone()
        cursor.execute(
            "SELECT count(*), count(DISTINCT subject_id) FROM public.audit_event WHERE facility_id"
            " = %s AND event = 'care_context.linked' AND at > now() - %s * interval '1 s'",
            [FACILITY, seconds + 5],
        )
        events, subjects = cursor.fetchone()
    return {
        "contexts": CONTEXTS,
        "linked": linked(),
        "known_there": len(set(there)),
        "twice": contexts - visits + events - subjects + len(there) - len(set(there)),
        "linked_events": events,
        "outage_s": OUTAGE_S,
        "events": run.events,
        "ten_minutes_passed": run.aged,
        "ended_by_themselves": run.restarted,
        "gateway": state["counts"],
        "seconds": round(seconds),
        "worker_cpu_ms_a_context": round(made.worker_cpu() * 1000 / CONTEXTS, 1),
    }
