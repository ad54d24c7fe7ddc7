"""A visit at Green PHC today, and a paper of it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.documents import actions
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.patients import actions as patients
from tests.cast import Cast
from tests.documents.papers import prescription


@dataclass
class Visit:
    """Asha's visit: ids of the patient and the encounter, and the secret code of the slip."""

    patient_id: Any
    id: Any
    code: str
    number: str


def visit_of(actor: Actor, mobile: str = "9835022714", name: str = "सुनीता देवी") -> Visit:
    """A patient is registered and gets a token, in the schema we stand in."""
    patient = patients.register(
        id=uuid7(), name_hi=name, sex="female", age=34, age_unit="years", mobile=mobile, actor=actor
    )
    encounter = encounters.start_visit(patient.pk, id=uuid7(), department="MED", actor=actor)
    return Visit(patient.pk, encounter.pk, encounter.code, encounter.number)


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return visit_of(cast.ravi.actor)


def issue(visit: Visit, actor: Actor, **more: Any) -> DocumentReference:
    return actions.issue_document(
        "Prescription",
        **{
            "id": uuid7(),
            "patient_id": visit.patient_id,
            "encounter_id": visit.id,
            "content": prescription(slip=visit.number),
            "language": "hi",
            "actor": actor,
            **more,
        },
    )


@pytest.fixture
def paper(cast: Cast, visit: Visit, media: Any) -> DocumentReference:
    """Issued by Dr Rao, not drawn yet (the test's transaction never commits)."""
    return issue(visit, cast.dr_rao.actor)


@pytest.fixture
def blue(cast: Cast) -> Any:
    """Stand in the other hospital for a while."""

    def stand() -> None:
        connection.set_tenant(cast.blue)

    return stand
