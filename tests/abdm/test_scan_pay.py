"""Scan & Pay: what is owed, where it is paid, how it ended; the clerk sees it on the list."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.abdm import actions
from apps.audit.models import AuditEvent
from apps.encounters.models import Encounter
from apps.facilities.models import Facility
from apps.gateway.models import OutboundMessage
from apps.persons import queries as waiting
from tests.abdm.consents import GREEN_ID, SAMPLES, shape
from tests.abdm.stand_in import settle

SUNITA = "sunita.devi87@sbx"


class Paying:
    """Sunita's app at a counter of Green, whose slip costs 5 rupees."""

    def __init__(self, cast, stand_in, capture):
        self.cast, self.stand_in, self.capture, self.world = cast, stand_in, capture, stand_in.world

    def in_green(self):
        connection.set_tenant(self.cast.green)

    def costs(self, rupees, **more):
        row = Facility.objects.get(pk=self.cast.green.pk)
        row.config = {**row.config, "fee_rupees": rupees, **more}
        row.save(update_fields=["config"])

    def carry(self, wrong=None, times=1):
        (self.letter,) = self.stand_in.held()
        if wrong:
            wrong(self.letter["body"])
        for _ in range(times):
            with self.capture(execute=True):
                assert self.stand_in.carry(self.letter).status_code == 202
        self.in_green()

    def call(self, path, body):
        at = f"scan-gateway/v3/patient/{path}"
        return self.stand_in.gate("POST", at, body, **{"X-AUTH-TOKEN": SUNITA})

    def share(self):
        self.stand_in.phr(SUNITA, GREEN_ID, "OPD1")
        self.carry()

    def ask(self, wrong=None, times=1):
        made = self.call("share/open-order", {"metaData": {"hipId": GREEN_ID, "context": "PAY1"}})
        assert made.status_code == 202, made.text
        self.carry(wrong, times)
        return self.world.pays[made.json()["requestId"]]

    def choose(self, made, wrong=None, times=1):
        told = self.call("selection", {"openOrderRequestId": made.request_id})
        assert told.status_code == 202, told.text
        self.carry(wrong, times)

    def bank(self, made, how="pay"):
        number = made.bundle["orderNumber"]
        assert self.stand_in.call("POST", f"/sandbox/orders/{number}/{how}").status_code == 200

    def sweep(self):
        with self.capture(execute=True):
            actions.sweep()
        settle(self.stand_in, self.capture)
        self.in_green()

    def sent(self, ending):
        return self.stand_in.asked(ending)["body"]


@pytest.fixture
def paying(cast, stand_in, django_capture_on_commit_callbacks, settings):
    settings.ABDM_PAYMENT_ADAPTER = "demo"
    made = Paying(cast, stand_in, django_capture_on_commit_callbacks)
    made.costs(5)
    made.in_green()
    return made


def test_it_works(paying, cast, caplog):
    paying.share()
    made = paying.ask()
    (service,) = made.procedures[0]["services"]
    assert (service["amount"], made.uid, made.error) == (5.0, "LIST-1", "")
    paying.choose(made)
    assert made.bundle["amount"] == 5.0
    assert made.bundle["paymentUrl"].startswith(paying.stand_in.url)
    paying.sweep()
    assert made.ended == []  # nobody has paid yet
    paying.bank(made)
    paying.sweep()
    assert [one["status"] for one in made.ended] == ["SUCCESS"]
    (row,) = waiting.arrivals()
    assert (row.profile.paid, row.profile.order) == (5, made.bundle["orderNumber"])
    page = cast.ravi.client().get("/reg/").content.decode()
    assert made.bundle["orderNumber"] in page
    form = cast.ravi.client().get(f"/reg/?arrival={row.id}").content.decode()
    assert form.count(made.bundle["orderNumber"]) == 2  # on the list, and beside the button
    paying.in_green()
    paid = AuditEvent.objects.get(event="arrival.paid")
    assert paid.detail == {"rupees": 5, "order": made.bundle["orderNumber"]}
    paying.sweep()
    assert len(made.ended) == 1  # told once
    assert "unita" not in caplog.text


def test_the_messages_are_those_of_the_samples(paying):
    """scan-pay: the question, our offer, the choice, where it is paid, and the end."""
    paying.share()
    made = paying.ask()
    assert shape(paying.letter["body"]) == shape(SAMPLES["scan-pay.open-order-callback"])
    offer = paying.sent("on-share/open-order")
    sample = SAMPLES["scan-pay.on-open-order-request"]
    assert shape(offer) == shape(sample)
    assert offer["procedures"] == sample["procedures"]
    assert offer["response"] == {"requestId": made.request_id}
    paying.choose(made)
    assert paying.letter["body"] == {
        **SAMPLES["scan-pay.selection-callback"], "openOrderRequestId": made.request_id,
    }  # fmt: skip
    where = paying.sent("/on-selection")
    sample = SAMPLES["scan-pay.on-selection-request"]
    assert shape(where) == shape(sample)
    for key in ("intent", "abhaAddress", "procedures"):
        assert where[key] == sample[key]
    same = ("paymentMode", "amount", "merchantId", "description")
    assert [where["paymentBundle"][key] for key in same] == [
        sample["paymentBundle"][key] for key in same
    ]
    paying.bank(made)
    paying.sweep()
    end = paying.sent("scan-pay/notify")
    sample = SAMPLES["scan-pay.notify-request"]
    assert shape(end) == shape(sample)
    told = end["acknowledgement"]
    assert (told["status"], told["abhaAddress"]) == ("SUCCESS", SUNITA)
    assert told["openOrderRequestId"] == made.request_id
    heard = OutboundMessage.objects.get(purpose="pay.done")
    assert heard.status == "answered"


def test_the_samples_own_question_is_answered(paying):
    paying.share()

    def as_in_the_sample(body):
        told = json.loads(json.dumps(SAMPLES["scan-pay.open-order-callback"]))
        told["metaData"]["hipId"] = GREEN_ID
        body.clear()
        body.update(told)

    made = paying.ask(as_in_the_sample)
    assert len(made.procedures) == 1


def test_a_free_hospital_answers_with_an_empty_list(paying, settings):
    paying.costs(0)
    settings.ABDM_PAYMENT_ADAPTER = "none"
    made = paying.ask()
    assert (made.answered, made.procedures, made.error) == (True, [], "")
    assert paying.call("selection", {"openOrderRequestId": made.request_id}).status_code == 400


def test_where_nobody_takes_payments_the_window_does(paying, settings):
    settings.ABDM_PAYMENT_ADAPTER = "none"
    paying.share()
    assert paying.ask().error == "ABDM-9007"
    paying.sweep()


def test_who_is_not_on_the_list_is_told_so(paying):
    assert paying.ask().error == "ABDM-9002"


def test_whom_nothing_is_taken_from_owes_nothing(paying):
    paying.world.accounts[SUNITA].year = 1950
    paying.share()
    assert paying.ask().procedures == []


def test_who_has_paid_or_has_a_slip_owes_nothing(paying, cast):
    paying.share()
    made = paying.ask()
    paying.choose(made)
    paying.bank(made)
    paying.sweep()
    assert paying.ask().procedures == []
    cast.ravi.client().post(f"/reg/arrivals/{waiting.arrivals()[0].id}/token")
    paying.in_green()
    assert Encounter.objects.get().fee_rupees == 5
    again = paying.ask()
    assert (again.procedures, again.uid) == ([], Encounter.objects.get().patient.mrn)


def test_an_older_slip_that_may_hold_is_left_to_the_window(paying, cast):
    paying.costs(5, slip_valid_days=7)
    paying.share()
    assert len(paying.ask().procedures) == 1
    cast.ravi.client().post(f"/reg/arrivals/{waiting.arrivals()[0].id}/token")
    paying.in_green()
    paying.share()
    assert paying.ask().procedures == []


def test_the_window_was_faster_and_the_money_goes_back(paying, cast):
    paying.share()
    made = paying.ask()
    paying.choose(made)
    cast.ravi.client().post(f"/reg/arrivals/{waiting.arrivals()[0].id}/token")
    paying.in_green()
    paying.bank(made)
    paying.sweep()
    assert [one["status"] for one in made.ended] == ["REFUND_INITIATED"]
    assert paying.world.orders[made.bundle["orderNumber"]]["status"] == "refunded"


@pytest.mark.parametrize(("how", "status"), [("fail", "FAIL"), ("", "CANCELED")])
def test_what_is_not_paid_ends(paying, how, status):
    paying.share()
    made = paying.ask()
    paying.choose(made)
    if how:
        paying.bank(made, how)
    else:
        OutboundMessage.objects.filter(purpose="pay.bundle").update(
            created_at=timezone.now() - timedelta(minutes=31)
        )
    paying.sweep()
    assert [one["status"] for one in made.ended] == [status]
    assert waiting.arrivals()[0].profile.paid == 0


def test_twice_is_one_order(paying):
    paying.share()
    made = paying.ask(times=3)
    paying.choose(made, times=2)
    assert len(paying.world.orders) == 1
    assert OutboundMessage.objects.filter(purpose="pay.order").count() == 1
    paying.choose(made)  # pressed again in the app
    assert len(paying.world.orders) == 1
    paying.bank(made)
    paying.sweep()
    assert len(made.ended) == 1


def put(*way, value):
    def wrong(body):
        for step in way[:-1]:
            body = body[step]
        body[way[-1]] = value

    return wrong


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (put("intent", value="PROFILE_SHARE"), "1149"),
        (put("metaData", "hipId", value="IN1010009992"), "1035"),
        (put("metaData", value=7), "1035"),
        (put("profile", value={"patient": {"abhaAddress": "no"}}), "1170"),
    ],
)
def test_a_question_that_is_wrong(paying, wrong, code):
    paying.share()
    assert paying.ask(wrong).error == f"ABDM-{code}"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (put("openOrderRequestId", value="01a210a2-a634-7dd3-b5b6-3b4e2264f63d"), "9001"),
        (put("openOrderRequestId", value=None), "9001"),
        (put("abhaAddress", value="irfan45@sbx"), "9001"),
        (put("intent", value=""), "1149"),
        (put("procedures", value=[]), "9006"),
        (put("procedures", 0, "services", 0, "amount", value=1.0), "9006"),
        (put("procedures", 0, "services", 0, "amount", value="5"), "9006"),
        (put("procedures", 0, "services", value=None), "9006"),
    ],
)
def test_a_choice_that_is_wrong(paying, wrong, code):
    paying.share()
    made = paying.ask()
    paying.choose(made, wrong)
    assert (made.error, made.bundle) == (f"ABDM-{code}", {})
    assert not paying.world.orders


def test_a_payment_service_that_is_down(paying, monkeypatch):
    paying.share()
    made = paying.ask()
    paying.choose(made)
    del paying.world.orders[made.bundle["orderNumber"]]  # it answers 404: nothing is concluded
    paying.sweep()
    assert made.ended == []
