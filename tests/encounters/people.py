"""Patients and visits of the tests, made through the verbs of the desk."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from apps.core.ids import uuid7
from apps.encounters import actions
from apps.encounters.models import Encounter
from apps.patients import actions as patients
from apps.patients.models import Patient


def asha(cast: Any, **told: Any) -> Patient:
    """Asha, 34, of Green PHC; `told` replaces what she says at the window."""
    words = {"name_hi": "आशा देवी", "sex": "female", "age": 34, "mobile": "9835022714", **told}
    return patients.register(id=uuid7(), actor=cast.ravi.actor, **words)


def visit(cast: Any, department: str = "MED", *, reason: str = "", **told: Any) -> Encounter:
    """A registered patient with a token, waiting for vitals."""
    patient = asha(cast, **told)
    return actions.start_visit(
        patient.pk, id=uuid7(), department=department, priority_reason=reason,
        actor=cast.ravi.actor,
    )  # fmt: skip


def at_the_doctor(cast: Any, department: str = "MED", **told: Any) -> Encounter:
    """The same, already past the nursing desk."""
    made = visit(cast, department, **told)
    actions.skip_vitals(made.pk, reason="device", actor=cast.rita.actor)
    return made


def next_day(monkeypatch: Any, made: Encounter, *, hour: int) -> None:
    """The clock stands at that hour of the morning after the visit's day."""
    day = made.token.day + timedelta(days=1)
    then = timezone.make_aware(datetime.combine(day, time(hour)))
    monkeypatch.setattr(timezone, "now", lambda: then)
