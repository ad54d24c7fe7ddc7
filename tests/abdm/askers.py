"""Dr Rao of Green asks for what others hold of Asha: a hospital of ours, and one played outside."""

import json
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from apps.abdm import actions, codes
from apps.abdm.models import (
    CareContext,
    ConsentArtefact,
    HealthInformationTransfer,
    ReceivedRecord,
)
from apps.abdm_sandbox.world import Context, new_id
from apps.accounts.permissions import Role
from apps.core.ids import short_code, uuid7
from apps.documents.models import DocumentReference
from apps.gateway import actions as gateway
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.gateway.sealed import opened
from tests.abdm.consents import BLUE_ID, LONG_AGO
from tests.abdm.papers import PRESCRIPTION
from tests.abdm.stand_in import settle
from tests.encounters import people

FOREIGN = "IN1010009993"
REFERENCE = "GAYA-OPD-1"


def document(*resources, section=None, **composition):
    """A small document bundle; what `section` does not name stands in it all the same."""
    entries = [
        {"fullUrl": f"urn:uuid:{n}", "resource": {"id": str(n), **one}}
        for n, one in enumerate(resources, 1)
    ]
    told = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": "http://snomed.info/sct", "code": "440545006"}]},
        "title": "Prescription",
        "date": "2026-05-27T11:46:09+05:30",
        "author": [{"display": "Dr Gaya"}],
        "section": [
            {"title": "Record", "entry": [{"reference": one["fullUrl"]} for one in entries]}
        ]
        if section is None
        else section,
        **composition,
    }
    return {
        "resourceType": "Bundle",
        "type": "document",
        "entry": [{"fullUrl": "urn:uuid:c", "resource": told}, *entries],
    }


MEDICINE = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "medicationCodeableConcept": {"text": "Metformin 500 mg"},
    "dosageInstruction": [{"text": "1 tablet twice a day"}],
}


class Asker:
    """One patient at the doctor of Green, and every step of asking others."""

    def __init__(self, cast, stand_in, capture, account, visit):
        self.cast, self.stand_in, self.capture = cast, stand_in, capture
        self.account, self.visit, self.world = account, visit, stand_in.world
        self.client = cast.dr_rao.client()

    def in_green(self):
        connection.set_tenant(self.cast.green)

    def settle(self, **how):
        settle(self.stand_in, self.capture, **how)
        self.in_green()

    def foreign(self, *bundles, kind="Prescription", reference=REFERENCE):
        """A hospital outside holds these; a text is sent as it is."""
        records = [
            {"reference": reference, "hiType": kind}
            | ({"text": one} if isinstance(one, str) else {"bundle": one})
            for one in bundles
        ]
        told = {"id": FOREIGN, "name": "Demo Gaya", "address": self.account.address}
        made = self.stand_in.call("POST", "/sandbox/foreign-hips", {**told, "records": records})
        assert made.status_code == 201

    def ours(self):
        """Blue holds a signed and linked paper of the same person."""
        connection.set_tenant(self.cast.blue)
        clerk = self.cast.member("blue_clerk", Role.REG, self.cast.blue)
        nurse = self.cast.member("blue_nurse", Role.NUR, self.cast.blue)
        visit = people.at_the_doctor(SimpleNamespace(ravi=clerk, rita=nurse))
        one = {"patient_id": visit.patient_id, "encounter_id": visit.pk}
        DocumentReference.objects.create(
            kind="Prescription", code=short_code(), content=PRESCRIPTION, pending=False,
            issued_at=timezone.now() - timedelta(days=3), **one,
        )  # fmt: skip
        CareContext.objects.create(
            reference=visit.number, abha_address=self.account.address, status="linked",
            hi_types=["Prescription"], told=["Prescription"], **one,
        )  # fmt: skip
        where = (self.account.address, BLUE_ID, visit.number)
        self.world.contexts[where] = Context(*where[:2], "P-1", visit.number, "Visit")
        self.in_green()
        return visit

    def ask(self, **told):
        """The doctor asks; the request as it stands when the gateway has answered."""
        with self.capture(execute=True):
            made = self.ask_only(**told)
        self.settle()
        return ConsentArtefact.objects.get(pk=made.pk)

    def ask_only(self, **told):
        self.in_green()
        today = timezone.localdate()
        facts = {
            "id": uuid7(), "purpose": "CAREMGT", "kinds": list(codes.HI_TYPES), "keep": "7",
            "first": today - timedelta(days=365), "last": today, "actor": self.cast.dr_rao.actor,
            **told,
        }  # fmt: skip
        return actions.ask_others(self.visit.patient_id, **facts)

    def decide(self, how="approve", **told):
        (asking,) = [one for one in self.world.askings.values() if one.status == "REQUESTED"]
        path = f"/sandbox/consent-requests/{asking.id}/{how}"
        assert self.stand_in.call("POST", path, told).status_code == 200
        self.settle()
        return asking

    def granted(self, **told):
        """Asked, agreed, fetched: the artefacts' rows."""
        self.ask()
        self.decide(**told)
        return self.artefacts()

    def sandbox_end(self, row, how="revoke"):
        self.stand_in.end(str(row.artefact_id), how)
        self.settle()

    def request(self):
        self.in_green()
        return ConsentArtefact.objects.get(side="hiu", artefact_id=None)

    def artefacts(self):
        self.in_green()
        rows = ConsentArtefact.objects.filter(side="hiu").exclude(artefact_id=None)
        return list(rows.order_by("hip_id"))

    def records(self):
        self.in_green()
        return list(ReceivedRecord.objects.order_by("page", "place"))

    def flows(self):
        self.in_green()
        return list(HealthInformationTransfer.objects.filter(side="hiu").order_by("asked_at"))

    def sweep(self):
        """Every wait is over and the sweep comes."""
        self.in_green()
        HealthInformationTransfer.objects.update(next_attempt_at=LONG_AGO)
        ConsentArtefact.objects.exclude(next_check_at=None).update(next_check_at=LONG_AGO)
        with self.capture(execute=True):
            actions.sweep()
        self.settle()

    def approve(self):
        """The patient says yes; nothing is carried yet."""
        (asking,) = self.world.askings.values()
        path = f"/sandbox/consent-requests/{asking.id}/approve"
        assert self.stand_in.call("POST", path).status_code == 200

    def until(self, *names):
        """Carry everything but letters of these paths ("push" for pages) and return those."""
        kept = []
        for _ in range(8):
            with self.capture(execute=True):
                gateway.sweep()
            for letter in self.stand_in.held():
                if letter.get("path", "push") in names:
                    kept.append(letter)
                else:
                    with self.capture(execute=True):
                        self.stand_in.carry(letter)
        self.in_green()
        return kept

    def pushes(self):
        """Asked and agreed: the pages of the foreign hospital are in hand."""
        self.ask()
        self.approve()
        return self.until("push")

    def owed(self, do):
        """What a step writes to the gateway: {purpose: body}, while nothing is delivered."""
        before = set(OutboundMessage.objects.values_list("pk", flat=True))
        with self.capture(execute=False):
            do()
        self.in_green()
        made = OutboundMessage.objects.exclude(pk__in=before)
        return {one.purpose: opened(one.body, one.facility_id)["body"] for one in made}

    def handle(self, letter, body):
        """A letter with this body comes in and is handled; what that writes to the gateway."""
        letter = {**letter, "body": body, "headers": {**letter["headers"], "REQUEST-ID": new_id()}}
        with self.capture(execute=False):
            assert self.stand_in.carry(letter).status_code == 202
        message = InboundMessage.objects.latest("received_at")
        return self.owed(lambda: actions.handle_inbound(message.pk))

    def push(self, letter, **changes):
        letter = {**letter, "body": json.loads(json.dumps(letter["body"])) | changes}
        with self.capture(execute=True):
            answer = self.stand_in.carry(letter)
        self.in_green()
        return answer

    def page(self, path="", status=200):
        answer = self.client.get(f"/patients/{self.visit.patient_id}/others/{path}")
        assert answer.status_code == status, answer.content.decode()[:500]
        self.in_green()
        return answer

    def text(self, path="", status=200):
        return self.page(path, status).content.decode()
