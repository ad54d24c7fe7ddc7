"""A signed paper reaches its owner: one care context a visit, linked when the ABHA is verified.

Nothing here waits: each step writes its row and owes the gateway a call; answers come as callbacks
and move the row on. Every step may come twice.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import codes
from apps.abdm.actions.inviting import invite
from apps.abdm.fhir import own_kinds, told_as
from apps.abdm.models import CareContext
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.tenancy import current_facility
from apps.documents import queries as documents
from apps.encounters import queries as visits
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.patients import queries as patients

SYSTEM = Actor.of_system("abdm")
Status = CareContext.Status
SILENT = timedelta(minutes=10)  # no answer to a link: ask again, "already linked" is an answer
TELL_AGAIN = tuple(timedelta(seconds=s) for s in (5, 5, 15, 60, 3600, 3600, 3600))
PURPOSE_LINK, PURPOSE_NOTIFY = "link.context", "link.notify"


def share_document(document_id: UUID | str) -> CareContext | None:
    """The visit of a signed paper gets its care context; None while there is nothing to link.

    No ABHA, or one that nobody verified: at most ABDM's SMS invites; treatment went on long ago.
    """
    document = documents.document(UUID(str(document_id))) if mail.is_on() else None
    if document is None or document.kind not in codes.HI_TYPES:
        return None
    if known := _taken_by_patient(document):
        advance(known.pk)
        return known
    patient = patients.patient(document.patient_id)
    if patient is None:
        return None
    if patient.person_id is None or not patient.abha_address:
        invite(document, patient)
        return None
    context = _opened(document, patient)
    advance(context.pk)
    return context


@transaction.atomic
def _taken_by_patient(document: Any) -> CareContext | None:
    """The visit that its patient linked from the app: what is signed later is told there too."""
    mine = CareContext.objects.select_for_update().filter(
        encounter_id=document.encounter_id, status=Status.LINKED, via=CareContext.Via.PATIENT
    )
    context = mine.first()
    if context:
        _add_kinds(context, document)
    return context


def _add_kinds(context: CareContext, document: Any) -> None:
    """Kinds that are new, or a paper in the place of an older one: both are news for the app."""
    kinds = told_as(document.kind, document.content)
    context.hi_types = list(dict.fromkeys([*context.hi_types, *kinds]))
    if document.supersedes_id and context.status == Status.LINKED:
        context.told = [kind for kind in context.told if kind not in kinds]
    context.save(update_fields=["hi_types", "told"])


@transaction.atomic
def _opened(document: Any, patient: Any) -> CareContext:
    visit = visits.visit(document.encounter_id)
    context, made = CareContext.objects.select_for_update().get_or_create(
        encounter_id=visit.pk,
        defaults={
            "patient_id": patient.pk,
            "reference": visit.number,
            "abha_address": patient.abha_address,
            "kyc": bool(patient.abha_number),
        },
    )
    _add_kinds(context, document)
    if made:
        record(Event.CARE_CONTEXT_OPENED, subject=context, patient_id=patient.pk, actor=SYSTEM)
    return context


@transaction.atomic
def advance(context_id: UUID) -> None:
    """Do the next step of one care context, whatever it is; nothing when it waits for an answer."""
    context = CareContext.objects.select_for_update().get(pk=context_id)
    if context.status == Status.LINKED:
        _tell_news(context)
    elif context.status in (Status.DRAFT, Status.WAITING, Status.HOLD):
        _link(context)


def _link(context: CareContext) -> None:
    patient, facility = _patient(context), _facility()
    token = gateway.ask_link_token(
        facility.pk,
        address=context.abha_address,
        number=codes.digits14(patient.abha_number),
        name=codes.name(patient.name_en, patient.name_hi),
        gender=codes.GENDER[patient.sex],
        year=patient.birth_date.year,
        actor=SYSTEM,
    )
    word = mail.link_token(token)
    if word is None:
        context.status = Status.HOLD if token.state in ("refused", "blocked") else Status.WAITING
        context.error_code = token.error_code
        context.save(update_fields=["status", "error_code"])
        return
    gateway.send(
        "hip/v3/link/carecontext",
        body=_link_body(context, patient),
        headers={"X-LINK-TOKEN": word},
        purpose=PURPOSE_LINK,
        subject_id=context.pk,
        facility_id=facility.pk,
    )
    context.status, context.sent_at = Status.SENT, timezone.now()
    context.told = list(context.hi_types)
    context.save(update_fields=["status", "sent_at", "told"])


def _link_body(context: CareContext, patient: Any) -> dict[str, Any]:
    """One block a kind of record; displays in plain Latin and without anything clinical."""
    one = {"referenceNumber": context.reference, "display": f"Visit {context.reference}"}
    shared = {
        "referenceNumber": patient.mrn,
        "display": codes.name(patient.name_en, patient.name_hi),
        "careContexts": [one],
        "count": 1,
    }
    body: dict[str, Any] = {
        "abhaAddress": context.abha_address,
        "patient": [{**shared, "hiType": kind} for kind in context.hi_types],
    }
    if number := codes.digits14(patient.abha_number):
        body["abhaNumber"] = number
    return body


@transaction.atomic
def mark_linked(context_id: UUID, *, via: str = CareContext.Via.HOSPITAL) -> None:
    """The gateway has it. What was added meanwhile is told at once."""
    context = CareContext.objects.select_for_update().get(pk=context_id)
    if context.status != Status.LINKED:
        context.status, context.linked_at, context.via = Status.LINKED, timezone.now(), via
        context.error_code = context.error = ""
        context.save()
        record(
            Event.CARE_CONTEXT_LINKED,
            subject=context,
            patient_id=context.patient_id,
            actor=SYSTEM,
            kinds=len(context.told),
            **_marks(context),
        )
    _tell_news(context, first=context.notified_at is None)


def _marks(context: CareContext) -> dict[str, Any]:
    """What the incentive's ledger asks of a linked visit: ids, codes and a day. `hi`: one a paper,
    however many records it is told as, so that a visit counts as often as its papers."""
    person_id = context.patient.person_id
    return {
        "kyc": context.kyc,
        "hi": own_kinds(context.hi_types),
        "visit": timezone.localdate(context.encounter.started_at).isoformat(),
        **({"person": str(person_id)} if person_id else {}),
    }


def _tell_news(context: CareContext, *, first: bool = False, wait: timedelta = timedelta()) -> None:
    """Say that a linked visit has records: once after linking, then for each new kind."""
    fresh = [kind for kind in context.hi_types if kind not in context.told]
    if not (fresh or first):
        return
    patient, facility = _patient(context), _facility()
    service = mail.service_of(facility.pk)
    if service is None:
        return
    told = {
        "patient": {"id": context.abha_address},
        "careContext": {
            "patientReference": patient.mrn,
            "careContextReference": context.reference,
        },
        "hiTypes": list(context.hi_types),
        "date": mail.stamp(),
        "hip": {"id": service.service_id},
    }
    gateway.send(
        "hip/v3/link/context/notify",
        body={"notification": told},
        purpose=PURPOSE_NOTIFY,
        subject_id=context.pk,
        facility_id=facility.pk,
        wait=wait,
    )
    context.told = list(context.hi_types)
    context.save(update_fields=["told"])


@transaction.atomic
def mark_refused(context_id: UUID, *, code: str, message: str) -> None:
    """The gateway said no: a void token is dropped and asked for once more, else a person looks."""
    context = CareContext.objects.select_for_update().get(pk=context_id)
    if context.status == Status.LINKED:
        return
    renew = code in codes.TOKEN_VOID and context.error_code not in codes.TOKEN_VOID
    context.status = Status.DRAFT if renew else Status.REJECTED
    context.error_code, context.error = code[:12], message[:160]
    context.save(update_fields=["status", "error_code", "error"])
    if renew:
        gateway.drop_link_token(_facility().pk, context.abha_address)
        advance(context.pk)
        return
    record(Event.CARE_CONTEXT_HELD, subject=context, patient_id=context.patient_id, actor=SYSTEM,
           code=code)  # fmt: skip


def token_came(address: str) -> None:
    """A token is there, or refused: every visit that waits for it moves on."""
    waiting = CareContext.objects.filter(
        abha_address=address, status__in=(Status.WAITING, Status.HOLD)
    )
    for pk in waiting.values_list("pk", flat=True):
        advance(pk)


def sweep() -> None:
    """This hospital's visits whose answer never came, or that wait for a token."""
    late = timezone.now() - SILENT
    silent = CareContext.objects.filter(status=Status.SENT, sent_at__lt=late)
    silent.update(status=Status.DRAFT)
    open_ = CareContext.objects.filter(status__in=(Status.DRAFT, Status.WAITING))
    for pk in open_.order_by("created_at").values_list("pk", flat=True)[:200]:
        advance(pk)


def _patient(context: CareContext) -> Any:
    return patients.patient(context.patient_id)


def _facility() -> Any:
    return current_facility()


@transaction.atomic
def mark_notified(context_id: UUID) -> None:
    """The patient's app was told of it."""
    rows = CareContext.objects.filter(pk=context_id, notified_at=None)
    rows.update(notified_at=timezone.now())


@transaction.atomic
def tell_again(context_id: UUID) -> None:
    """The news came too early: once more a little later, a few times."""
    context = CareContext.objects.select_for_update().get(pk=context_id)
    tries = mail.count_sent(PURPOSE_NOTIFY, context_id)
    if context.status == Status.LINKED and tries < len(TELL_AGAIN):
        _tell_news(context, first=True, wait=TELL_AGAIN[tries])
