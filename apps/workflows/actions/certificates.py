"""Certificates: words of the State or the hospital, filled in, signed with the PIN, frozen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.documents import actions as documents
from apps.documents import queries as papers
from apps.documents import wording
from apps.documents.kinds import CERTIFICATES
from apps.encounters import queries as visits
from apps.facilities.numbers import next_number
from apps.workflows import content, queries
from apps.workflows.actions.drafting import may_open
from apps.workflows.draft import opened

MOST_DAYS = 90
EARLIEST = {"medical-certificate": 30}  # days before the visit; every other one starts with it
TITLES = {
    "medical-certificate": {"hi": "चिकित्सा प्रमाण पत्र", "en": "Medical certificate"},
    "fitness-certificate": {"hi": "स्वस्थता प्रमाण पत्र", "en": "Fitness certificate"},
    "rest-certificate": {"hi": "आराम का प्रमाण पत्र", "en": "Rest certificate"},
    "attendance-certificate": {"hi": "उपस्थिति प्रमाण पत्र", "en": "Certificate of attendance"},
}  # frozen data, not messages: a later translation changes no paper
SPANS = ("medical-certificate", "rest-certificate")  # these have a last day


@dataclass(frozen=True, slots=True)
class Told:
    """What the doctor says. `illness`: may the paper name the diagnosis? Asked of the patient."""

    form: str
    starts: date | None = None
    ends: date | None = None
    illness: bool = False
    purpose: str = ""
    remark: str = ""
    mark: str = ""


def issue_certificate(encounter_id: UUID, *, id: UUID, pin: str, told: Told, actor: Actor) -> Any:
    """The signed certificate; the same one when sent twice with one `id`.

    Refused: pin.*, certificate.*. Its number has no gaps.
    """
    actor.require(Permission.CERT_ISSUE)
    assert actor.user_id is not None  # a right of people
    # Outside the transaction: a wrong PIN must be counted although nothing else is written.
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _issue(encounter_id, id, told, actor)


@transaction.atomic
def _issue(encounter_id: UUID, id: UUID, told: Told, actor: Actor) -> Any:
    if done := papers.document(id):
        return done
    visit = visits.visit(encounter_id)
    may_open(visit, actor)
    told = _checked(visit, told)
    patient = queries.patient_of(visit)
    written = _content(visit, patient, told, actor)
    facility: Any = queries.facility_here()
    year = timezone.localdate().year
    running = next_number(facility.pk, "CERT", str(year))
    written["number"] = f"{facility.prefix}-C-{year % 100:02d}-{running:06d}"
    return documents.issue_document(
        "HealthDocumentRecord",
        id=id,
        patient_id=visit.patient_id,
        encounter_id=encounter_id,
        content=written,
        language=written["language"],
        form=told.form,
        visit=visit,
        actor=actor,
    )


def _checked(visit: Any, told: Told) -> Told:
    """The same with the days that its form has; raises what is wrong with them."""
    if told.form not in CERTIFICATES:
        raise Refused("certificate.form")
    if visit.doctor_id is None:
        raise Refused("certificate.not_seen")
    seen = timezone.localdate(visit.started_at)
    if told.form == "attendance-certificate":
        return Told(told.form, seen, None, False, told.purpose, told.remark, told.mark)
    if told.starts is None or (told.form in SPANS and told.ends is None):
        raise Refused("certificate.dates")
    early = EARLIEST.get(told.form, 0)
    if told.starts < seen - timedelta(days=early):
        raise Refused("certificate.early", most=early)
    if told.form not in SPANS:
        return Told(told.form, told.starts, None, told.illness, told.purpose, told.remark,
                    told.mark)  # fmt: skip
    assert told.ends is not None
    if told.ends < told.starts:
        raise Refused("certificate.dates")
    if (told.ends - told.starts).days >= MOST_DAYS:
        raise Refused("certificate.long", most=MOST_DAYS)
    return told


def _content(visit: Any, patient: dict[str, Any], told: Told, actor: Actor) -> dict[str, Any]:
    assert actor.user_id is not None and told.starts is not None
    facility: Any = queries.facility_here()
    texts = wording.in_force(facility.pk)
    days = (told.ends - told.starts).days + 1 if told.ends else 0
    values = {
        key: {"hi": str(patient.get(f"{key}_hi") or patient.get(f"{key}_en") or ""),
              "en": str(patient.get(f"{key}_en") or patient.get(f"{key}_hi") or "")}
        for key in ("name", "age", "sex")
    }  # fmt: skip
    values |= {"from": wording.both(told.starts), "days": wording.both(days)}
    values["to"] = wording.both(told.ends) if told.ends else {"hi": "", "en": ""}
    illness = opened(visit.draft)["diagnoses"] if told.illness else []
    return content.paper(
        patient=patient,
        place=queries.place(visit.department, visit.room),
        slip=visit.number,
        signer=queries.signer(actor.user_id),
        signed_at=timezone.now(),
    ) | {
        "head": texts["head"],
        "foot": texts["foot"],
        "certificate": {
            "title": TITLES[told.form],
            "text": wording.filled(texts[told.form], values),
            "from": told.starts.isoformat(),
            "to": told.ends.isoformat() if told.ends else "",
            "days": days,
            "illness": [{"hi": row["hi"], "en": row["en"]} for row in illness],
            "purpose": told.purpose.strip()[:120],
            "remark": told.remark.strip()[:200],
            "mark": told.mark.strip()[:120],
        },
    }
