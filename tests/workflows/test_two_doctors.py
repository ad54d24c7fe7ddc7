"""Two doctors, or one impatient finger, press sign at the same moment: one paper."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts import actions as accounts
from apps.accounts.permissions import Role
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.documents.models import DocumentReference
from apps.prescriptions.models import Prescription
from apps.workflows import actions
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


def press(facility_id, visit_id, doctor, id, together):
    """One signature in a thread of its own: the document's id, or the refusal's code."""
    try:
        together.wait(10)
        with facility_context(facility_id):
            return str(actions.finish_consultation(visit_id, id=id, pin=PIN, actor=doctor).pk)
    except Refused as no:
        return no.code
    finally:
        connection.close()


def signed_by(cast, presses):
    """What each press was told, and how many papers and prescriptions there are then."""
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    together = Barrier(len(presses))
    with ThreadPoolExecutor(len(presses)) as rooms:
        told = [
            rooms.submit(press, cast.green.pk, visit.pk, doctor.actor, id, together)
            for doctor, id in presses
        ]
        answers = [future.result() for future in told]
    connection.set_tenant(cast.green)
    papers = DocumentReference.objects.filter(encounter=visit.pk)
    lines = Prescription.objects.filter(encounter=visit.pk)
    return answers, papers.count(), lines.count()


@pytest.mark.django_db(transaction=True)
def test_two_doctors_make_one_paper(cast):
    other = cast.member("dr_two", Role.MO, cast.green)
    accounts.set_pin(other.user.pk, PIN, actor=other.actor)
    first, second = uuid7(), uuid7()
    answers, papers, prescriptions = signed_by(cast, [(cast.dr_rao, first), (other, second)])
    assert (papers, prescriptions) == (1, 1)
    assert sorted(answers)[-1] == "consult.signed"
    assert sorted(answers)[0] in (str(first), str(second))


@pytest.mark.django_db(transaction=True)
def test_four_presses_of_one_button_make_one_paper(cast):
    same = uuid7()
    answers, papers, prescriptions = signed_by(cast, [(cast.dr_rao, same)] * 4)
    assert (papers, prescriptions) == (1, 1)
    assert set(answers) == {str(same)}
