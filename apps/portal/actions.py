"""Verbs of patients: prove who you are, have a file made."""

import hmac
from typing import Any
from uuid import UUID

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.tenancy import current_facility_id
from apps.documents import actions as documents
from apps.documents import queries as papers
from apps.persons import actions as persons
from apps.persons.queries import mobile_hash

PATIENT = Actor.of_system("portal", Permission.DOC_PRINT)
TRIES, LOCKED_S = 5, 15 * 60
TRIES_A_SLIP = 20  # from all addresses together


def request_code(mobile: str, *, language: str, origin: str) -> str:
    """Send a one-time code; returns the mobile's hash, known or unknown alike."""
    persons.request_code(mobile, language=language, origin=origin, actor=PATIENT)
    return mobile_hash(mobile)


def check_code(hashed: str, code: str) -> None:
    """Use up the code. Raises Refused("portal.code_wrong" | "portal.code_over")."""
    persons.check_code(hashed, code, actor=PATIENT)


def confirm_slip(visit: Any, document: Any, answer: str, *, origin: str) -> None:
    """Does whoever holds the slip know the mobile's last four digits, or the age?

    Raises Refused("slip.wrong", left=n), Refused("slip.locked").
    """
    who = f"{visit.code}:{origin}"
    mine = limits.count("slip", who, window_s=LOCKED_S)
    everybody = limits.count("slip.all", visit.code, window_s=LOCKED_S)
    if mine > TRIES or everybody > TRIES_A_SLIP:
        raise Refused("slip.locked")
    patient = document.content["patient"]
    known = [str(patient.get("mobile_last4") or ""), str(patient.get("age_years", ""))]
    # Both are compared, whatever the first one says: the time taken tells nothing.
    right = [hmac.compare_digest(answer.encode(), secret.encode()) for secret in known if secret]
    if not any(right):
        record(Event.SLIP_REFUSED, subject=visit, actor=PATIENT, tries=mine)
        left = TRIES - mine
        raise Refused("slip.wrong", left=left) if left else Refused("slip.locked")
    limits.forgive("slip", who)
    record(Event.SLIP_OPENED, subject=visit, patient_id=visit.patient_id, actor=PATIENT)


def open_paper(document: Any, *, rendition: str = "") -> None:
    """Leave the trail of a paper that its own patient opened; the caller has proved who it is."""
    documents.record_opened(document, actor=_here(), rendition=rendition)


def paper_pdf(document: Any, rendition: str, *, again: bool = False) -> bytes | None:
    """The file, or None after having asked for it. One that failed is asked for `again` only."""
    data = papers.pdf(document, rendition)
    if data is None:
        if again or papers.rendition(document, rendition).status != "failed":
            documents.ask_rendition(document.pk, rendition=rendition, actor=_here())
        return None
    open_paper(document, rendition=rendition)
    return data


def _here() -> Actor:
    facility_id: UUID | None = current_facility_id()
    return Actor.of_system("portal", Permission.DOC_PRINT, facility_id=facility_id)
