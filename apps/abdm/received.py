"""What this hospital asked others for, how it stands, and one record of theirs to read."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.abdm import codes, consents
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, ReceivedRecord, Side
from apps.abdm.outside import bundle, page, values
from apps.accounts import queries as accounts
from apps.core.tenancy import current_facility
from apps.gateway.sealed import opened
from apps.patients import queries as patients

Row = dict[str, Any]
Kept = ReceivedRecord.Status
MOST = 20
KINDS = {
    "Prescription": _("Prescription"),
    "DiagnosticReport": _("Test report"),
    "OPConsultation": _("OPD visit"),
    "DischargeSummary": _("Discharge summary"),
    "ImmunizationRecord": _("Vaccination"),
    "HealthDocumentRecord": _("Document"),
    "WellnessRecord": _("Measurements"),
    "Invoice": _("Bill"),
}
WHYS = {  # why a record that came cannot be shown
    "key": _("The encryption does not fit: the other hospital must send it again."),
    "text": _("Its letters cannot be read."),
    "json": _("It is no record of the national form."),
    "deep": _("It is no record of the national form."),
    "bundle": _("It is no record of the national form."),
    "document": _("It is no signed document."),
    "composition": _("It has no cover sheet: nobody can tell whose or what it is."),
}


def asked(patient_id: UUID, *, records: bool = True) -> list[Row]:
    """What we asked this person's leave for, newest first, with what each hospital sent. 4 queries,
    2 without `records`. Nothing of a consent that is over by our own clock is told."""
    rows = ConsentArtefact.objects.filter(patient_id=patient_id, side=Side.ASKER)
    every = list(rows.order_by("-received_at")[: MOST * 10])
    requests = [row for row in every if row.artefact_id is None][:MOST]
    parts: dict[UUID | None, list[ConsentArtefact]] = defaultdict(list)
    for row in every:
        if row.artefact_id is not None:
            parts[row.request_id].append(row)
    flows = _flows([row for row in every if row.artefact_id is not None], records)
    cards = accounts.cards([row.asked_by_id for row in requests if row.asked_by_id])
    return [_request(row, parts[row.request_id] if row.request_id else [], flows, cards)
            for row in requests]  # fmt: skip


def _flows(artefacts: list[ConsentArtefact], records: bool) -> dict[UUID, Row]:
    """{artefact: {"flow": the newest transfer, "records": rows}}."""
    found: dict[UUID, Row] = {one.pk: {"flow": None, "records": []} for one in artefacts}
    if not artefacts:
        return found
    transfers = HealthInformationTransfer.objects.filter(
        consent__in=artefacts, side=Side.ASKER
    ).order_by("asked_at")
    for one in transfers:
        found[one.consent_id]["flow"] = one
    if records:
        kept = ReceivedRecord.objects.filter(transfer__consent__in=artefacts)
        kept = kept.defer("content").select_related("transfer")
        for record in kept.order_by("-written_at", "page", "place"):
            found[record.transfer.consent_id]["records"].append(record)
    return found


def _request(
    row: ConsentArtefact, parts: list[ConsentArtefact], flows: dict[UUID, Row], cards: Any
) -> Row:
    over = row.erase_at is not None and row.erase_at <= timezone.now()
    ended = over and row.status in ("asked", "granted")
    sources = [_source(part, flows[part.pk]) for part in parts]
    return {
        "id": row.pk,
        "at": row.received_at,
        "who": cards.get(row.asked_by_id),
        "requester": row.requester,
        "purpose": codes.PURPOSES.get(row.purpose, ""),
        "given": row.purpose == codes.SELF,
        "kinds": [KINDS[kind] for kind in row.hi_types if kind in KINDS],
        "all": len(row.hi_types) == len(KINDS),
        "first": row.date_from,
        "until": row.date_to,
        "ends": row.ended_at or row.erase_at,
        "status": "expired" if ended else row.status,
        "known": row.request_id is not None,  # to the gateway
        "why": _code(row.error_code),
        "sources": sources,
        "waits": (row.status == "asked" and not ended)
        or any(source["state"] == "coming" for source in sources),
        "came": sum(len(source["records"]) for source in sources),
        "sent": sum(source["sent"] for source in sources),
    }


def _source(row: ConsentArtefact, found: Row) -> Row:
    """One hospital that holds records. `state`: coming, later, came, partly, nothing, refused,
    failed, or the status of a consent that is over."""
    flow, live = found["flow"], consents.in_force(row, timezone.now())
    facility: Any = current_facility()
    kept = found["records"] if live else []
    return {
        "name": row.hip_name or row.hip_id or _("From the patient's app"),
        "state": _state(row, flow, live=live),
        "ends": row.ended_at or row.erase_at,
        "at": flow.done_at if flow else None,
        "again": flow.next_attempt_at if flow else None,
        "why": _code(row.error_code or (flow.error_code if flow else "")),
        "records": [_line(one, facility.pk) for one in kept if one.status == Kept.SHOWN],
        "unread": [WHYS.get(one.why, one.why) for one in kept if one.status == Kept.FAILED],
        "sent": flow.sent if flow else 0,
    }


def _code(code: str) -> str:
    """ABDM's own number, for whoever asks there; our own short words are told by the state."""
    return code if code.isdecimal() else ""


def _state(row: ConsentArtefact, flow: HealthInformationTransfer | None, *, live: bool) -> str:
    if not live:
        return "expired" if row.status == "granted" else ("coming" if row.status == "asked"
                                                          else row.status)  # fmt: skip
    if flow is None:
        return "coming"
    if flow.status in ("asked", "acknowledged", "sending"):
        return "coming" if flow.sealed else "later"
    if flow.status == "sent":
        return "came"
    if flow.status == "refused":
        return "refused"
    return "partly" if flow.sent else "nothing"


def title_of(kind: str, title: str) -> str:
    """What a paper calls itself; "" when that is no more than its kind."""
    told = title.casefold().removesuffix(" record").replace(" ", "")
    return "" if told == kind.casefold().removesuffix("record") else title


def whose(told: dict[str, str]) -> Row:
    """The person whom a paper names, for the page: {"name", "sex", "born"}."""
    sexes = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
    return {
        "name": told["name"],
        "sex": sexes.get(told["sex"], told["sex"]),
        "born": values.when(told["born"]),
    }


def _line(record: ReceivedRecord, facility_id: UUID) -> Row:
    head = opened(record.head, facility_id) or {}
    return {
        "id": record.pk,
        "kind": KINDS.get(record.kind, record.kind),
        "title": title_of(record.kind, head.get("title", "")),
        "author": head.get("author", ""),
        "written": record.written_at,
    }


@dataclass(frozen=True, slots=True)
class Read:
    """One record of another hospital, opened: its consent, its document, what does not fit."""

    id: UUID
    consent: ConsentArtefact
    came: Any
    document: bundle.Document
    differs: list[str]

    @property
    def page(self) -> page.Page:
        return page.page(self.document)

    def file(self, n: int) -> tuple[bytes, str, str] | None:
        return page.file_of(self.document, n)


def record(patient_id: UUID, record_id: UUID) -> Read | None:
    """A record that came for this patient, while its consent is in force. 2 queries."""
    found = ReceivedRecord.objects.select_related("transfer__consent").filter(
        pk=record_id, status=Kept.SHOWN, transfer__consent__patient_id=patient_id
    )
    one = found.first()
    if one is None or not consents.in_force(one.transfer.consent, timezone.now()):
        return None
    facility: Any = current_facility()
    document = bundle.opened(opened(one.content, facility.pk))
    patient = patients.patient(patient_id)
    assert patient is not None
    return Read(
        one.pk, one.transfer.consent, one.received_at, document, differing(patient, document)
    )


def differing(patient: Any, document: bundle.Document) -> list[str]:
    """In what the person of the document is not ours: abha, sex, born. A name is written in too
    many ways to be compared; the page shows both."""
    told = document.patient
    wrong = []
    if told["abha"] and patient.abha_number and told["abha"] != codes.digits14(patient.abha_number):
        wrong.append("abha")
    known = ("female", "male")
    if told["sex"] in known and patient.sex in known and told["sex"] != patient.sex:
        wrong.append("sex")
    year = told["born"][:4]
    if year.isdecimal() and abs(int(year) - patient.birth_date.year) > 2:
        wrong.append("born")
    return wrong
