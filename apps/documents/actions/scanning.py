"""An old paper, photographed: cleaned at the door, put together by a worker."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.tenancy import current_facility
from apps.documents import queries, scans, storage
from apps.documents.actions.issuing import issue_document
from apps.documents.kinds import SCAN, SCANNED
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.patients import queries as patients


def may_add(visit: Any, *, actor: Actor) -> None:
    """Whoever adds papers, on the day of the visit; on other days whoever may open the record."""
    actor.require(Permission.DOC_UPLOAD)
    if timezone.localdate(visit.started_at) != timezone.localdate():
        encounters.open_chart(visit.patient_id, actor=actor)


def add_scan(
    encounter_id: UUID,
    *,
    id: UUID,
    files: Sequence[bytes],
    what: str,
    dated: date | None,
    note: str = "",
    actor: Actor,
) -> DocumentReference:
    """The pages of one old paper as a document of this visit. The same id: the same paper.

    Raises Forbidden, Refused("scan.…") and leaves nothing behind then.
    """
    visit = visits.visit(encounter_id)
    may_add(visit, actor=actor)
    if known := queries.document(id):
        return known
    if what not in SCANNED:
        raise Refused("scan.kind")
    if dated is not None and dated > timezone.localdate():
        raise Refused("scan.date")
    if not files:
        raise Refused("scan.none")
    if len(files) > scans.MOST_PAGES:
        raise Refused("scan.too_many", most=scans.MOST_PAGES)
    cleaned = [scans.clean(data) for data in files]
    return _keep(visit, id, cleaned, {"what": what, "dated": dated, "note": note}, actor)


@transaction.atomic
def _keep(
    visit: Any,
    id: UUID,
    cleaned: list[tuple[str, bytes]],
    told: dict[str, Any],
    actor: Actor,
) -> DocumentReference:
    facility: Any = current_facility()
    names = [f"page-{n}.{kind}" for n, (kind, _) in enumerate(cleaned, 1)]
    for name, (_, data) in zip(names, cleaned, strict=True):
        # Before the row: a page without a row is rubbish, a row without its page is a loss.
        storage.save(f"{facility.schema_name}/documents/{id}.{name}", data)
    patient = patients.banner(visit.patient_id, known=visit.patient)
    content = {
        "schema": 1,
        "facility": {"name_hi": facility.name_hi, "name_en": facility.name_en},
        "slip": visit.number,
        "issued_at": timezone.localtime().isoformat(timespec="seconds"),
        "patient": {
            **{key: patient[key] for key in ("name_hi", "name_en", "age_hi", "age_en", "sex_hi",
                                             "sex_en", "mrn", "age_years")},
            "mobile_last4": (patient["mobile"] or "")[-4:],
        },
        "scan": {
            "what": told["what"],
            "dated": told["dated"].isoformat() if told["dated"] else "",
            "note": told["note"].strip()[:200],
            "files": names,
        },
    }  # fmt: skip
    return issue_document(
        DocumentReference.Kind.HEALTH_DOCUMENT,
        id=id,
        patient_id=visit.patient_id,
        encounter_id=visit.pk,
        content=content,
        language=patient["language"],
        form=SCAN,
        visit=visit,
        actor=actor,
    )
