"""Bundles of frozen papers, and how far a visit's link is."""

import base64
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils import timezone

from apps.abdm import abha_ways, codes, counters, desk, devices, matching
from apps.abdm.desk import Talk
from apps.abdm.fhir import SAMPLES, Facts, build, holds
from apps.abdm.models import CareContext, ConsentArtefact, Side
from apps.core.tenancy import current_facility
from apps.documents import pdf
from apps.documents import queries as documents
from apps.encounters import queries as visits
from apps.facilities import live
from apps.facilities import queries as facilities
from apps.gateway import queries as mail
from apps.gateway.environment import stand_in
from apps.patients import queries as patients

NEEDS_PICTURE = ("HealthDocumentRecord",)  # a paper that is only its picture
SHOWN = Q(healthinformationtransfer__sent__gt=0)


def bundle(document_id: UUID, *, kind: str = "", pdf: str = "") -> dict[str, Any] | None:
    """The FHIR document of one paper of this hospital; None for a kind that it does not hold.

    `kind`: another record out of the same paper (fhir.INSIDE), with an id of its own. `pdf`:
    base64 of its picture, when it is to go along. 3 queries.
    """
    document = documents.document(document_id)
    kind = kind or (document.kind if document else "")
    if document is None or not holds(document.kind, document.content, kind):
        return None
    patient, visit = patients.patient(document.patient_id), visits.visit(document.encounter_id)
    assert patient is not None
    seen = {"number": visit.number, "started_at": moment(visit.started_at), "kind": visit.kind}
    return build(
        Facts(
            id=document.pk if kind == document.kind else uuid5(document.pk, kind),
            kind=kind,
            content=document.content,
            status=document.status,
            issued_at=moment(document.issued_at),
            **_here(),
            patient=patient_facts(patient),
            visit=seen,
            pdf=pdf,
        )
    )


def sample_bundle(kind: str) -> dict[str, Any]:
    """A made-up record of a kind that no screen issues yet, marked as test data. No query."""
    content: dict[str, Any] = {**SAMPLES[kind]}
    at, here = content["signer"]["signed_at"], _here()
    stay = {"kind": "IPD", "ended_at": at} if kind == "DischargeSummary" else {"kind": "OPD"}
    return build(
        Facts(
            id=uuid5(NAMESPACE_URL, f"{here['home']}/sample/{kind}"),
            kind=kind,
            content=content,
            status="current",
            issued_at=at,
            **here,
            patient={"mrn": "DEMO", "name": "Demo Patient", "sex": "female", "born": "1990"},
            visit={"number": "DEMO", "started_at": "2026-11-20T09:00:00+05:30", **stay},
            is_demo=True,
        )
    )


def picture(document: Any) -> str | None:
    """Base64 of a paper's file where the record is nothing without it, else ""; None while it is
    not drawn. No query."""
    if document.kind not in NEEDS_PICTURE:
        return ""
    name = documents.first_rendition(document.form, document.language)
    data = documents.pdf(document, name)
    return None if data is None else base64.b64encode(data).decode()


def _here() -> dict[str, Any]:
    facility: Any = current_facility()
    known = {"name": facility.name_en, "hfr_id": facility.hfr_id, "code": facility.prefix}
    return {"home": live.address(facility.slug), "facility": known}


def patient_facts(patient: Any) -> dict[str, str]:
    """Whom a record is about, as the builders take it. No query."""
    number = codes.digits14(patient.abha_number)
    dashed = f"{number[:2]}-{number[2:6]}-{number[6:10]}-{number[10:]}" if number else ""
    born = patient.birth_date
    return {
        "mrn": patient.mrn,
        "name": patient.name_en or patient.name_hi,
        "sex": patient.sex,
        "born": str(born.year) if patient.birth_estimated else born.isoformat(),
        "abha_number": dashed,
    }


def moment(at: Any) -> str:
    """A time as FHIR writes it, in India's zone."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def context_of(encounter_id: UUID) -> CareContext | None:
    """How far the link of a visit is. 1 query."""
    return CareContext.objects.filter(encounter_id=encounter_id).first()


def consents_of(patient_id: UUID) -> list[dict[str, Any]]:
    """To whom this person let the hospital show records, newest first; `sent` counts papers that
    arrived there, `last` is when. A consent whose time is over counts as ended. 1 query."""
    found = ConsentArtefact.objects.filter(patient_id=patient_id, side=Side.HOLDER).annotate(
        sent=Sum("healthinformationtransfer__sent", default=0),
        last=Max("healthinformationtransfer__done_at", filter=SHOWN),
    )
    return [
        {
            "requester": one.requester,
            "where": one.hiu_name,
            "purpose": codes.PURPOSES.get(one.purpose, ""),
            "first": one.date_from,
            "until": one.date_to,
            "ends": one.ended_at or one.erase_at,
            "status": _state(one),
            "sent": one.sent,
            "last": one.last,
        }
        for one in found.order_by("-received_at")[:50]
    ]


def _state(consent: ConsentArtefact) -> str:
    over = consent.erase_at is not None and consent.erase_at <= timezone.now()
    return "expired" if over and consent.status == "granted" else consent.status


def posters(facility: Any) -> dict[str, Any]:
    """`rows`: each QR with its counter; `why` there is none: "off", "unlinked", "no-address".

    1 query. A counter that is called by a number is "Counter 2", another has a name of its own.
    """
    service = mail.service_of(facility.pk) if mail.is_on() else None
    if service is None:
        return {"rows": [], "why": "unlinked" if mail.is_on() else "off"}
    known = counters.counters(facilities.config(facility))
    texts = [(one, counters.qr_text(service.service_id, one.code)) for one in known]
    rows = [
        {"code": one.code, "name": one.name, "number": one.name.isdecimal(), "text": text}
        for one, text in texts
        if text
    ]
    return {"rows": rows, "why": "" if rows else "no-address", "service_id": service.service_id}


def posters_pdf(facility: Any, code: str = "") -> bytes | None:
    """One A4 page for each QR, or for the one of `code`, in Hindi and English; None for no QR."""
    rows = [row for row in posters(facility)["rows"] if code in ("", row["code"])]
    if not rows:
        return None
    content = {
        "facility": {"name_hi": facility.name_hi, "name_en": facility.name_en},
        "rows": rows,
    }
    return pdf.draw("scan-share-poster", content, language="hi", size="a4").data


def abha_desk(patient: Any, talk: Talk | None) -> dict[str, Any]:
    """What the ABHA desk shows of a patient and of where the talk stands. At most 1 query."""
    row = patients.brief(patient)
    owner = talk.owner if talk else {}
    return {
        "patient": row,
        "off": not mail.is_on(),
        "demo": bool(stand_in()),
        "linked": bool(patient.person_id and patient.abha_address),
        "closed_at": patients.abha_closed_at(patient),
        "step": talk.step if talk else "start",
        "talk": talk,
        "suffix": mail.current().suffix if mail.is_on() else "",
        "accounts": [_account(one) for one in talk.accounts] if talk else [],
        "owner": _account(owner) if owner else None,
        "differ": matching.differing(patient, owner) if owner else set(),
        "born": patient.birth_date.year,
        **_other_ways(patient, talk),
    }


def _other_ways(patient: Any, talk: Talk | None) -> dict[str, Any]:
    """Which ways without an OTP are possible here and for this patient."""
    kinds = devices.device().kinds
    allowed = bool(settings.ABDM_BENEFIT_NAME)
    face = "face" in kinds and bool(abha_ways.face_link("")) if mail.is_on() else False
    age = timezone.localdate().year - patient.birth_date.year
    return {
        "demographic": allowed,
        "scans": [kind for kind in kinds if kind != "face"],
        "face": face,
        "script": devices.device().script,
        "for_child": allowed and age <= desk.GROWN,
        "face_link": abha_ways.face_link(talk.txn) if talk and talk.step == "face" else "",
        "may_change": talk is not None
        and bool(talk.token)
        and talk.way != "address"
        and not talk.child,
        "district": _district(),
        "birth_day": "" if patient.birth_estimated else f"{patient.birth_date:%d-%m-%Y}",
    }


def _district() -> str:
    """The hospital's district as a form in English begins with it. No query when warm."""
    facility = current_facility()
    place = facilities.region("district", facility.district_code) if facility else None
    return place.name_en if place else ""


def _account(one: dict[str, Any]) -> dict[str, Any]:
    sex = patients.SEXES[codes.SEX.get(one["gender"].upper(), "unknown")]
    return {
        **one,
        "masked": patients.masked_abha(codes.digits14(one["number"])),
        "sex_hi": sex[0],
        "sex_en": sex[1],
    }
