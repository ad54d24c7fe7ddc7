"""From the signature to the patient's app: linked once, whatever the gateway does."""

import random
from uuid import UUID

import pytest
from django.db import connection

from apps.abdm import actions
from apps.abdm.models import CareContext
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.documents.models import DocumentReference
from apps.gateway.models import InboundMessage, LinkToken, OutboundMessage
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm.conftest import GREEN_ID
from tests.abdm.stand_in import settle
from tests.workflows.visits import PIN


def sign(cast, visit, capture):
    connection.set_tenant(cast.green)
    with capture(execute=True):
        return workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)


def context_of(cast, visit):
    connection.set_tenant(cast.green)
    return CareContext.objects.get(encounter_id=visit.pk)


def test_it_works(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    settle(stand_in, capture)
    context = context_of(cast, asha)
    assert (context.status, context.reference, context.kyc) == ("linked", asha.number, True)
    assert context.notified_at and context.linked_at
    (known,) = stand_in.world.linked(asha.account.address)
    assert (known.service_id, known.reference) == (GREEN_ID, asha.number)
    assert known.hi_types == set(context.hi_types) and known.notified == 1
    assert context.hi_types == context.told == ["Prescription", "OPConsultation", "WellnessRecord"]
    sent = stand_in.asked("link/carecontext")["body"]["patient"]
    assert [one["hiType"] for one in sent] == context.hi_types
    assert {one["careContexts"][0]["referenceNumber"] for one in sent} == {asha.number}
    linked = AuditEvent.objects.get(event="care_context.linked").detail
    assert linked["hi"] == ["Prescription"]  # the incentive counts papers
    assert known.display.isascii() and "Fever" not in known.display
    codes = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"care_context.opened", "care_context.linked", "link_token.kept"} <= codes


def test_bodies_are_ciphertext_and_are_emptied(cast, asha, stand_in, capture):
    with capture(execute=False):
        sign(cast, asha, capture)
    for message in OutboundMessage.objects.all():
        assert "Asha" not in message.body and asha.account.address not in message.body
    settle(stand_in, capture)
    assert set(InboundMessage.objects.values_list("status", "body")) == {("handled", "")}
    answered = OutboundMessage.objects.filter(status="answered")
    assert answered.count() == 3 and set(answered.values_list("body", flat=True)) == {""}


def test_the_token_is_asked_for_once_and_reused(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    settle(stand_in, capture)
    connection.set_tenant(cast.green)
    context = context_of(cast, asha)
    CareContext.objects.filter(pk=context.pk).update(status="draft", told=[])
    with capture(execute=True):
        actions.advance(context.pk)
    settle(stand_in, capture)
    assert OutboundMessage.objects.filter(purpose="link.token").count() == 1
    assert context_of(cast, asha).status == "linked"  # "already linked" is a yes


def test_a_repeated_callback_is_one(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    letters = []
    for _ in range(6):
        with capture(execute=True):
            for letter in stand_in.held():
                letters.append(letter)
                stand_in.carry(letter)
                assert stand_in.carry(letter).status_code == 202
    settle(stand_in, capture)
    assert InboundMessage.objects.count() == len(letters) == 3
    assert AuditEvent.objects.filter(event="care_context.linked").count() == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_gateway_that_loses_repeats_and_shuffles(cast, asha, stand_in, capture, seed):
    chance = random.Random(seed)
    random.seed(seed)  # the stand-in's faults
    sign(cast, asha, capture)
    for turn in range(25):
        stand_in.world.faults.error = 0.3 if turn < 15 else 0
        settle(stand_in, capture, rounds=1, shuffle=chance.shuffle)
        stand_in.world.held = [  # one in four is lost, one in four comes twice
            letter for letter in stand_in.world.held for _ in range(chance.choice((0, 1, 1, 2)))
        ]
        if turn % 5 == 4:  # a day is over, here and there
            stand_in.world.asked.clear()
            connection.set_tenant(cast.green)
            CareContext.objects.filter(status="sent").update(sent_at="2020-01-01T00:00Z")
            LinkToken.objects.filter(state="asked").update(asked_at="2020-01-01T00:00Z")
            with capture(execute=True):
                actions.sweep()
    assert context_of(cast, asha).status == "linked"
    assert len(stand_in.world.linked(asha.account.address)) == 1


def test_a_wrong_name_waits_for_a_person_and_blocks_nobody(cast, asha, stand_in, capture):
    connection.set_tenant(cast.green)
    Patient.objects.filter(pk=asha.patient_id).update(name_en="Somebody Else")
    paper = sign(cast, asha, capture)
    settle(stand_in, capture)
    context = context_of(cast, asha)
    assert (context.status, context.error_code) == ("hold", "1207")
    assert paper.pk  # the paper was there at once
    for _ in range(3):
        with capture(execute=True):
            actions.sweep()
        settle(stand_in, capture)
    assert OutboundMessage.objects.filter(purpose="link.token").count() == 1


def test_the_gateway_is_down_and_comes_back(cast, asha, stand_in, capture):
    stand_in.world.faults.down = True
    sign(cast, asha, capture)
    settle(stand_in, capture, rounds=2)
    (waiting,) = OutboundMessage.objects.filter(status="waiting")
    assert waiting.attempts >= 1
    stand_in.world.faults.down = False
    settle(stand_in, capture)
    assert context_of(cast, asha).status == "linked"
    assert len(set(waiting.request_ids)) == len(waiting.request_ids)


def test_without_a_verified_abha_nothing_is_owed(cast, asha, stand_in, capture):
    connection.set_tenant(cast.green)
    Patient.objects.filter(pk=asha.patient_id).update(person=None)
    sign(cast, asha, capture)
    assert not OutboundMessage.objects.exists()
    connection.set_tenant(cast.green)
    assert not CareContext.objects.exists()


def test_an_unknown_service_id_is_kept_for_a_person(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    (letter,) = stand_in.held()
    letter["headers"]["X-HIP-ID"] = "IN9999999999"
    assert stand_in.carry(letter).status_code == 202
    assert InboundMessage.objects.get().status == "parked"


def test_another_hospital_cannot_answer_for_green(cast, asha, stand_in, capture):
    """A callback that names Blue but answers Green's request changes nothing of Green's."""
    sign(cast, asha, capture)
    (letter,) = stand_in.held()
    letter["headers"]["X-HIP-ID"] = "IN1010009992"
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    assert context_of(cast, asha).status == "waiting"
    assert InboundMessage.objects.get().status == "parked"
    assert LinkToken.objects.get().token == ""


@pytest.mark.parametrize(
    ("wrong", "status"),
    [("wrong_key", 401), ("expired", 401), ("no_token", 401), ("no_id", 400), ("no_json", 400)],
)
def test_it_refuses_what_the_gateway_did_not_sign(cast, asha, stand_in, capture, wrong, status):
    if hasattr(stand_in.world.faults, wrong):
        setattr(stand_in.world.faults, wrong, True)
    sign(cast, asha, capture)
    (letter,) = stand_in.held()
    if wrong == "no_token":
        del letter["headers"]["Authorization"]
    if wrong == "no_id":
        letter["headers"]["REQUEST-ID"] = "7"
    if wrong == "no_json":
        letter["body"] = ["a list"]
    assert stand_in.carry(letter).status_code == status
    assert not InboundMessage.objects.exists()


def test_a_redelivered_callback_may_be_a_little_late(cast, asha, stand_in, settings, capture):
    settings.ABDM_CALLBACK_LEEWAY_S = 3 * 3600
    stand_in.world.faults.expired = True
    sign(cast, asha, capture)
    (letter,) = stand_in.held()
    assert stand_in.carry(letter).status_code == 202


def test_an_amended_paper_is_news_again(flow):
    """The kind is known there, yet what stood in the app is no longer what counts."""
    for _ in range(2):
        flow.more_papers("Prescription", supersedes_id=flow.paper.pk)
        with flow.capture(execute=True):
            actions.share_document(DocumentReference.objects.order_by("pk").last().pk)
        flow.settle()
    (context,) = flow.world.contexts.values()
    assert context.notified == 2
    assert context.hi_types == {"Prescription", "OPConsultation", "WellnessRecord"}
    assert OutboundMessage.objects.filter(purpose="link.notify").count() == 2


def test_ids_are_those_of_the_gateway(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    message = OutboundMessage.objects.get()
    assert all(UUID(str(one)).version == 4 for one in message.request_ids)
