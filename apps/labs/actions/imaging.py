"""Imaging: a slot, the study done with its films, the signed text; Form F kept beside it.

The sex of a foetus has no field here, and a text that names it is refused (PCPNDT Act 1994).
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.labs import queries
from apps.labs.actions.verify import release
from apps.labs.models import DiagnosticReport, ServiceRequest

OBSTETRIC = ("USGO",)
ULTRASOUND = ("USGO", "USGA")
NAMES_SEX = re.compile(
    r"\b(male|female|boy|girl|son|daughter|gender|xx|xy|sex|baby\s+is\s+a|penis|scrot\w*|labia)\b"
    r"|लड़का|लड़की|लड़का|लड़की|बेटा|बेटी|पुत्र|पुत्री|लिंग|नर\b|मादा|ladka|ladki|beta\b|beti\b",
    re.IGNORECASE,
)
FORM_F = (
    "guardian", "address", "referred_by", "living_children", "weeks", "indication", "procedure",
    "consent_on", "declaration", "complication",
)  # fmt: skip


def names_fetal_sex(text: str) -> bool:
    """Whether a text about an unborn child could tell its sex; better one word too many."""
    return bool(NAMES_SEX.search(text))


def _open(request_id: UUID) -> ServiceRequest:
    row = ServiceRequest.objects.select_for_update().imaging().filter(pk=request_id).first()
    if row is None:
        raise Refused("order.not_found")
    if row.status != ServiceRequest.Status.ACTIVE:
        raise Refused("order.done")
    return row


@transaction.atomic
def book(request_id: UUID, *, slot: datetime, actor: Actor) -> ServiceRequest:
    """When the patient comes for it. Refused: order.not_found, order.done, study.past."""
    actor.require(Permission.IMAGING_DO)
    row = _open(request_id)
    if slot < timezone.now() - timedelta(minutes=10):
        raise Refused("study.past")
    row.detail = {**row.detail, "slot": timezone.localtime(slot).isoformat(timespec="minutes")}
    row.save(update_fields=["detail"])
    _note(Event.STUDY_BOOKED, row, actor)
    return row


@transaction.atomic
def study_done(request_id: UUID, *, films: int, actor: Actor) -> ServiceRequest:
    """The study is taken; how many films it used. Refused: study.films, study.form_f."""
    actor.require(Permission.IMAGING_DO)
    row = _open(request_id)
    if not 0 <= films <= 20:
        raise Refused("study.films")
    if row.test_code in OBSTETRIC and not row.detail.get("form_f"):
        raise Refused("study.form_f")
    row.detail = {
        **row.detail,
        "films": films,
        "done_at": timezone.now().isoformat(timespec="seconds"),
        "done_by": str(actor.user_id),
    }
    row.save(update_fields=["detail"])
    _note(Event.STUDY_DONE, row, actor, films=films)
    return row


@transaction.atomic
def draft_form_f(request_id: UUID, *, told: dict[str, str], actor: Actor) -> ServiceRequest:
    """Form F of an obstetric ultrasound, open to its radiologist alone.

    Refused: study.not_obstetric, study.fetal_sex, study.form_f_empty.
    """
    actor.require(Permission.IMAGING_REPORT)
    row = _open(request_id)
    if row.test_code not in OBSTETRIC:
        raise Refused("study.not_obstetric")
    kept = {key: told.get(key, "").strip()[:200] for key in FORM_F}
    if not (kept["indication"] and kept["weeks"] and kept["declaration"]):
        raise Refused("study.form_f_empty")
    free = " ".join(kept[key] for key in ("indication", "procedure", "complication"))
    if names_fetal_sex(free):
        raise Refused("study.fetal_sex")
    row.detail = {**row.detail, "form_f": {**kept, "by": str(actor.user_id)}}
    row.save(update_fields=["detail"])
    _note(Event.FORM_F_DRAFTED, row, actor)
    return row


def sign_study(
    request_id: UUID, *, id: UUID, text: str, pin: str, actor: Actor
) -> DiagnosticReport:
    """The signed text of a study and its paper. `id` is the paper's: sent twice, one report.

    Refused: pin.*, study.not_done, study.text, study.fetal_sex.
    """
    actor.require(Permission.IMAGING_REPORT)
    assert actor.user_id is not None
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _sign(request_id, id=id, text=text, actor=actor)


@transaction.atomic
def _sign(request_id: UUID, *, id: UUID, text: str, actor: Actor) -> DiagnosticReport:
    done = DiagnosticReport.objects.filter(document_id=id).first()
    if done is not None:
        return done
    row = _open(request_id)
    if not row.detail.get("done_at"):
        raise Refused("study.not_done")
    words = text.strip()[:1000]
    if not words:
        raise Refused("study.text")
    if row.test_code in ULTRASOUND and names_fetal_sex(words):
        raise Refused("study.fetal_sex")
    visit = queries.request(request_id).encounter  # type: ignore[union-attr]
    report = DiagnosticReport(
        id=uuid7(),
        request=row,
        patient_id=visit.patient_id,
        conclusion=words,
        entered_by_id=actor.user_id,
    )
    release([report], visit, sample=None, id=id, alone=True, actor=actor)
    return report


def _note(event: Event, row: ServiceRequest, actor: Actor, **detail: Any) -> None:
    visit = queries.request(row.pk).encounter  # type: ignore[union-attr]
    record(event, subject=row, patient_id=visit.patient_id, actor=actor, **detail)
