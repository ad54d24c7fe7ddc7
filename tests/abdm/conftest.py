"""Patients whose ABHA is known and verified, and the stand-in that one process shares."""

import pytest
from django.db import connection

from apps.core.actor import Actor, Permission
from apps.patients import actions as patients
from tests.abdm.askers import Asker
from tests.abdm.consents import BLUE_ID, GREEN_ID, Flow
from tests.abdm.stand_in import StandIn, free_port, switched_on
from tests.encounters import people
from tests.workflows.visits import asha_at_the_doctor, call, write

__all__ = ["BLUE_ID", "GREEN_ID"]
OPS = Actor.of_system("ops", Permission.ABDM_OPS)


@pytest.fixture(scope="session")
def _stand_in():
    stand_in = StandIn(free_port())
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def stand_in(_stand_in, settings, cast):
    """On for this test, empty, and it knows both hospitals."""
    _stand_in.reset()
    with switched_on(_stand_in, settings):
        _stand_in.knows(cast.green, GREEN_ID, OPS)
        _stand_in.knows(cast.blue, BLUE_ID, OPS)
        yield _stand_in


def verified(patient_id, account):
    """As after a verification: number and address on the record, a Person behind it."""
    assert patients.attach_abha(
        patient_id, number=account.abha_number, address=account.address, via="scan",
        actor=Actor.of_system("abdm", Permission.PATIENT_REGISTER),
    )  # fmt: skip


@pytest.fixture
def asha(cast, stand_in):
    """Asha at the doctor with a draft; her ABHA is that of the stand-in's Asha."""
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    account = stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
    verified(visit.patient_id, account)
    visit.account = account
    return visit


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def flow(cast, stand_in, capture):
    """Asha has one visit with one paper, and it is linked."""
    connection.set_tenant(cast.green)
    visit = people.at_the_doctor(cast)
    visit.account = stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
    verified(visit.patient_id, visit.account)
    made = Flow(cast, visit, stand_in, capture)
    made.paper = made.linked_paper()
    return made


@pytest.fixture
def asker(cast, stand_in, capture):
    """Asha, with an ABHA, is at the doctor of Green."""
    connection.set_tenant(cast.green)
    visit = people.at_the_doctor(cast)
    account = stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
    verified(visit.patient_id, account)
    return Asker(cast, stand_in, capture, account, visit)
