"""Asha's visit is linked and she consents: what the tests of consent and transfer start from."""

import json
from pathlib import Path

from django.db import connection

from apps.abdm import actions
from apps.abdm.models import CareContext, ConsentArtefact, HealthInformationTransfer
from apps.abdm_sandbox.world import Context
from apps.core.ids import short_code, uuid7
from apps.documents.models import DocumentReference
from tests.abdm.papers import PRESCRIPTION
from tests.abdm.stand_in import settle

GREEN_ID, BLUE_ID = "IN1010009991_1", "IN1010009992"
HERE = Path(__file__).parent
SAMPLES = json.loads((HERE / "samples.json").read_text("utf-8"))
# Of these the status is known, too: {"status", "body"}.
WIRE = json.loads((HERE / "samples_link.json").read_text("utf-8"))
LONG_AGO = "2020-01-01T00:00Z"


class Flow:
    """One patient, one stand-in, and the steps between them."""

    def __init__(self, cast, visit, stand_in, capture):
        self.cast, self.visit, self.stand_in, self.capture = cast, visit, stand_in, capture
        self.account, self.world = visit.account, stand_in.world

    def in_green(self):
        connection.set_tenant(self.cast.green)

    def settle(self, **how):
        settle(self.stand_in, self.capture, **how)
        self.in_green()

    def linked_paper(self):
        """As after signing and linking (`test_link.py` goes that way): a frozen paper, linked."""
        self.in_green()
        one = {"patient_id": self.visit.patient_id, "encounter_id": self.visit.pk}
        paper = DocumentReference.objects.create(
            kind="Prescription", code=short_code(), content=PRESCRIPTION, pending=False, **one
        )
        CareContext.objects.create(
            reference=self.visit.number, abha_address=self.account.address, status="linked",
            hi_types=["Prescription"], told=["Prescription"], **one,
        )  # fmt: skip
        where = (self.account.address, GREEN_ID, self.visit.number)
        self.world.contexts[where] = Context(
            *where[:2], self.visit.patient.mrn, self.visit.number, "Visit"
        )
        return paper

    def more_papers(self, *kinds, **fields):
        """Copies of the signed paper, of these kinds."""
        self.in_green()
        for kind in kinds:
            paper = DocumentReference.objects.get(pk=self.paper.pk)
            paper.pk, paper.code, paper.kind = uuid7(), short_code(), kind
            for name, value in fields.items():
                setattr(paper, name, value)
            paper.save(force_insert=True)

    def grant(self, service_id=GREEN_ID, **told):
        made = self.stand_in.consent(self.account, service_id, **told)
        self.settle()
        return made

    def ask(self, consent_id, **told):
        made = self.stand_in.ask(consent_id, **told)
        self.settle()
        return made

    def send(self, letter, times=1):
        for _ in range(times):
            with self.capture(execute=True):
                assert self.stand_in.carry(letter).status_code == 202
        self.in_green()

    def sweep(self):
        """The waits of every open transfer are over and the sweep comes."""
        self.in_green()
        HealthInformationTransfer.objects.update(next_attempt_at=LONG_AGO)
        with self.capture(execute=True):
            actions.sweep()
        self.settle()

    def transfer(self):
        self.in_green()
        return HealthInformationTransfer.objects.get()

    def consent(self):
        self.in_green()
        return ConsentArtefact.objects.get()


def shape(value):
    """The keys and kinds of a message, without its values."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__
