"""Asha's visit is linked and she consents: what the tests of consent and transfer start from."""

import json
from pathlib import Path

import pytest
from django.db import connection

from apps.abdm.models import CareContext, ConsentArtefact, HealthInformationTransfer
from apps.core.ids import uuid7
from apps.workflows import actions as workflows
from tests.abdm.conftest import GREEN_ID
from tests.abdm.stand_in import settle
from tests.workflows.visits import PIN

SAMPLES = json.loads(Path(__file__).with_name("samples.json").read_text("utf-8"))
LONG_AGO = "2020-01-01T00:00Z"


class Flow:
    """One patient, one stand-in, and the steps between them."""

    def __init__(self, cast, visit, stand_in, capture):
        self.cast, self.visit, self.stand_in, self.capture = cast, visit, stand_in, capture
        self.account, self.world = visit.account, stand_in.world

    def settle(self, **how):
        settle(self.stand_in, self.capture, **how)
        connection.set_tenant(self.cast.green)

    def sign(self):
        connection.set_tenant(self.cast.green)
        with self.capture(execute=True):
            paper = workflows.finish_consultation(
                self.visit.pk, id=uuid7(), pin=PIN, actor=self.cast.dr_rao.actor
            )
        self.settle()
        return paper

    def grant(self, service_id=GREEN_ID, **told):
        made = self.stand_in.consent(self.account, service_id, **told)
        self.settle()
        return made

    def send(self, letter, times=1):
        for _ in range(times):
            with self.capture(execute=True):
                assert self.stand_in.carry(letter).status_code == 202
        connection.set_tenant(self.cast.green)

    def later(self):
        """The wait of every open transfer is over."""
        HealthInformationTransfer.objects.update(next_attempt_at=LONG_AGO)

    def row(self):
        connection.set_tenant(self.cast.green)
        return HealthInformationTransfer.objects.get()

    def consent(self):
        connection.set_tenant(self.cast.green)
        return ConsentArtefact.objects.get()

    def second_visit_of_the_same(self):
        """Another linked visit without papers, under a reference of its own."""
        first = CareContext.objects.get(encounter_id=self.visit.pk)
        return first


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def flow(cast, asha, stand_in, capture):
    made = Flow(cast, asha, stand_in, capture)
    made.sign()
    return made
