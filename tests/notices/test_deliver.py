"""Messages: queued, delivered once, tried again, given up."""

from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.notices import actions, adapters
from apps.notices.models import Notice

DESK = Actor.of_system("test")
GATEWAY = "https://sms.example/send"


def queue(language="hi", **more):
    values = {"code": "123456", "minutes": 10}
    return actions.queue_notice(
        "password-code", mobile="6000000001", language=language, values=values, actor=DESK, **more
    )


class Gateway:
    """The State's SMS gateway: answers what the test says, keeps what it was sent."""

    def __init__(self, monkeypatch):
        self.answers, self.seen = [], []
        monkeypatch.setattr(httpx, "post", self.post)

    def post(self, url, *, json, headers, timeout):
        self.seen.append((url, json, headers["Authorization"]))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


@pytest.fixture
def gateway(monkeypatch, settings):
    settings.SMS_ADAPTER = "apps.notices.adapters.Http"
    settings.SMS_URL, settings.SMS_TOKEN = GATEWAY, "secret"
    settings.SMS_DLT = {"password-code": "1107"}
    return Gateway(monkeypatch)


def later(notice, minutes=120):
    """Time passes: what waits is due again."""
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk).update(next_attempt_at=now - timedelta(minutes=minutes))


def test_it_works_in_the_reader_s_language(db):
    hindi, english = queue(), queue("en")
    assert hindi.body.startswith("123456 नए पासवर्ड")
    assert english.body.startswith("123456 is your Bhavya code")
    actions.deliver(hindi.pk)
    hindi.refresh_from_db()
    assert (hindi.status, hindi.to_mobile) == ("sent", "6000000001")  # the demo keeps it


def test_number_and_text_are_ciphertext_in_the_table(db):
    notice = queue()
    raw = Notice.objects.raw("SELECT id, body AS raw_body, to_mobile AS raw_mobile FROM "
                             "notices_notice WHERE id = %s", [notice.pk])[0]  # fmt: skip
    assert "123456" not in raw.raw_body and "6000000001" not in raw.raw_mobile


def test_it_is_sent_after_commit(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notice = queue()
    notice.refresh_from_db()
    assert notice.status == "sent"
    events = AuditEvent.objects.order_by("at").values_list("event", flat=True)
    assert list(events) == ["notice.queued", "notice.sent"]


def test_an_unknown_template_is_an_error_of_ours(db):
    with pytest.raises(KeyError):
        actions.queue_notice("no-such", mobile="6", language="hi", values={}, actor=DESK)


def test_the_gateway_gets_the_registered_template_and_the_table_is_emptied(db, gateway):
    notice = queue()
    actions.deliver(notice.pk)
    url, body, token = gateway.seen[0]
    assert (url, token, body["to"]) == (GATEWAY, "Bearer secret", "916000000001")
    assert (body["template_id"], body["key"]) == ("1107", str(notice.pk))
    notice.refresh_from_db()
    assert (notice.status, notice.body, notice.to_mobile) == ("sent", "", "")


def test_asked_twice_it_goes_out_once(db, gateway):
    notice = queue()
    actions.deliver(notice.pk)
    actions.deliver(notice.pk)
    assert len(gateway.seen) == 1


def test_the_wait_doubles_to_an_hour_and_then_it_fails(db, gateway):
    notice, waits = queue(), []
    gateway.answers = [httpx.ConnectTimeout("slow"), *[503] * 20]
    for _ in range(actions.TRIES):
        actions.deliver(notice.pk)
        actions.deliver(notice.pk)  # not due yet: nothing happens
        notice.refresh_from_db()
        waits.append(round((notice.next_attempt_at - timezone.now()).total_seconds() / 30))
        later(notice)
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits[:-1]) == 120
    assert (notice.status, notice.body, len(gateway.seen)) == ("failed", "", actions.TRIES)
    assert AuditEvent.objects.filter(event="notice.failed").count() == 1


def test_a_no_for_good_is_not_tried_again(db, gateway):
    notice = queue()
    gateway.answers = [400]
    actions.deliver(notice.pk)
    notice.refresh_from_db()
    assert notice.status == "failed"


def test_the_sweep_finds_what_was_missed(db, gateway, django_capture_on_commit_callbacks):
    waiting = queue()
    resting = queue()
    Notice.objects.filter(pk=resting.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep()
    assert [body["key"] for _, body, _ in gateway.seen] == [str(waiting.pk)]


def test_a_gateway_out_of_reach_is_undelivered(settings):
    settings.SMS_URL = "not an address"
    with pytest.raises(adapters.Undelivered):
        adapters.Http().send("6000000001", "text", template="slip", key="k")


def test_the_demo_shows_messages_and_nothing_else_does(db, settings):
    notice = queue("en")
    browser = Client(headers={"host": "bhavya.localhost"})
    assert notice.body in browser.get("/messages/").content.decode()
    settings.DEMO = False
    assert browser.get("/messages/").status_code == 404
    assert (
        Client(headers={"host": "green-phc.bhavya.localhost"}).get("/messages/").status_code == 404
    )
