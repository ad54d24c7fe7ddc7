"""A verified ABHA on a record: one record, one ABHA, one human behind it."""

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.patients import actions, queries
from apps.patients.models import Patient
from apps.persons.models import Person
from tests.encounters import people

NUMBER, ADDRESS = "91000000000001", "asha@sbx"  # 91 0000…: the stand-in's labelled range


def attach(cast, patient_id, number=NUMBER, address=ADDRESS, by=None):
    actor = (by or cast.ravi).actor
    return actions.attach_abha(patient_id, number=number, address=address, via="scan", actor=actor)


def noted():
    return AuditEvent.objects.filter(event="patient.abha_attached").count()


def test_it_works(cast, django_assert_num_queries):
    asha = people.asha(cast)
    assert attach(cast, asha.pk, number="91-0000-0000-0001", address=" Asha@SBX ")
    asha.refresh_from_db()
    assert (asha.abha_number, asha.abha_address) == (NUMBER, ADDRESS)
    assert asha.person_id == Person.objects.get().pk
    assert NUMBER not in Person.objects.get().abha_hash
    with django_assert_num_queries(1):
        assert queries.of_abha(numbers=[NUMBER], address="") == [asha]
    assert queries.of_abha(numbers=(), address=ADDRESS) == [asha]
    assert AuditEvent.objects.get(event="patient.abha_attached").detail == {
        "via": "scan", "kyc": True,
    }  # fmt: skip


def test_sent_twice_is_noted_once(cast):
    asha = people.asha(cast)
    assert [attach(cast, asha.pk), attach(cast, asha.pk)] == [True, True]
    assert noted() == 1
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "address"), [("91000000000002", ADDRESS), ("", "other@sbx"), (NUMBER, "")]
)
def test_another_abha_is_not_written_over(cast, number, address):
    asha = people.asha(cast)
    attach(cast, asha.pk)
    before = Patient.objects.values().get(pk=asha.pk)
    assert attach(cast, asha.pk, number, address) is False
    assert Patient.objects.values().get(pk=asha.pk) == before
    assert noted() == 1


def test_the_address_may_change_while_the_number_stays(cast):
    asha = people.asha(cast)
    attach(cast, asha.pk)
    assert attach(cast, asha.pk, address="asha.devi@sbx")
    assert queries.of_abha(numbers=(), address="asha.devi@sbx")
    assert Person.objects.get().abha_address == "asha.devi@sbx"


def test_one_abha_is_not_on_two_records(cast):
    attach(cast, people.asha(cast).pk)
    other = people.visit(cast, age=71).patient_id
    assert attach(cast, other) is False
    assert not Patient.objects.get(pk=other).abha_number


def test_it_refuses(cast):
    with pytest.raises(Refused, match=r"patient\.not_found"):
        attach(cast, uuid7())
    with pytest.raises(Forbidden):
        attach(cast, people.asha(cast).pk, by=cast.meena)
