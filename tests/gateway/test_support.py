"""Staff see how the mail moves, and set a stuck message going again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.gateway import actions, breaker, queries
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.gateway.sealed import seal
from tests.gateway.routes import parked

STATE = "bhavya.urls_public"


@pytest.fixture
def keeper(cast):
    return cast.member("keeper", Role.MRD, cast.green)


def url(name, message=None, way="sent"):
    kwargs = {"way": way, "message_id": message.pk} if message else {}
    return reverse(f"gateway:{name}", kwargs=kwargs, urlconf="bhavya.urls")


def came(cast, **fields):
    told = {
        "request_id": "11111111-1111-4111-8111-111111111111",
        "kind": "hip/link/care-context/init",
        "facility_id": cast.green.pk,
        "status": "parked",
        "error": "unknown path",
        **fields,
    }
    told["body"] = seal({"name": "Asha Devi"}, told["facility_id"])
    return InboundMessage.objects.create(**told)


def test_it_works(cast, keeper, django_assert_max_num_queries):
    message = parked(cast, error_code="1024", http_status=503, error="Asha Devi is not known")
    came(cast)
    client = keeper.client()
    page = client.get(url("messages")).content.decode()
    assert page.count("<tr>") == 3 and "1024" in page
    with django_assert_max_num_queries(20):
        client.get(url("messages"))
    one = client.get(url("message", message)).content.decode()
    assert "ABDM-1024" in one and "HTTP 503" in one
    assert "Asha" not in page + one  # the gateway's prose may repeat what was sent
    answer = client.post(url("retry", message))
    assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("waiting", 0)
    assert AuditEvent.objects.filter(event="message.resent").count() == 1
    assert client.post(url("retry", message)).status_code == 302  # twice is once
    assert AuditEvent.objects.filter(event="message.resent").count() == 1


def test_a_callback_is_handled_again(cast, keeper):
    message = came(cast)
    page = keeper.client().get(url("message", message, "got")).content.decode()
    assert message.error not in page  # its reason is told in words
    keeper.client().post(url("retry", message, "got"))
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("waiting", 0, "")


@pytest.mark.parametrize("state", ["parked", "failed", "waiting", "done"])
def test_each_state_has_its_list(cast, keeper, state):
    now = timezone.now()
    for status in ("waiting", "accepted", "answered", "refused"):
        parked(cast, status=status, sent_at=now)
    parked(cast)
    counts = {"parked": 1, "failed": 1, "waiting": 1, "done": 2}
    answer = keeper.client().get(url("messages"), {"state": state})
    assert answer.context["counts"] == counts
    assert len(answer.context["lines"]) == counts[state]
    assert keeper.client().get(url("messages"), {"state": "other"}).status_code == 404


def test_nothing_stands_there_yet(keeper):
    answer = keeper.client().get(url("messages"))
    assert answer.status_code == 200 and answer.context["lines"] == []


def test_what_is_refused_for_good_is_not_tried_again(cast, keeper):
    message = parked(cast, status="refused")
    answer = keeper.client().post(url("retry", message))
    assert answer.status_code == 422
    with pytest.raises(Refused):
        actions.handle_again(came(cast, status="handled").pk, actor=keeper.actor)


def test_another_hospitals_mail_is_not_there(cast, keeper):
    message = parked(cast, facility_id=cast.blue.pk)
    client = keeper.client()
    assert client.get(url("messages")).context["counts"]["parked"] == 0
    assert client.get(url("message", message)).status_code == 404
    assert client.post(url("retry", message)).status_code == 404
    with pytest.raises(Unseen):
        actions.resend(message.pk, actor=keeper.actor)
    with pytest.raises(Unseen):
        actions.handle_again(came(cast, facility_id=cast.blue.pk).pk, actor=keeper.actor)


def test_a_district_sees_its_hospitals_and_the_state_all(cast):
    green, blue = parked(cast), parked(cast, facility_id=cast.blue.pk)
    lost = parked(cast, facility_id=None)
    district = cast.member("district", Role.DPM, None, "203").client()
    state = cast.member("state", Role.SHQ, None).client()
    page, one = reverse("gateway:messages", urlconf=STATE), url("message", blue)
    assert {line.id for line in district.get(page).context["lines"]} == {green.pk}
    assert district.get(one).status_code == 404
    assert {line.id for line in state.get(page).context["lines"]} == {green.pk, blue.pk, lost.pk}


def test_a_clerk_and_a_reader_may_not_try_again(cast):
    message = parked(cast)
    with pytest.raises(Forbidden):
        actions.handle_again(came(cast).pk, actor=cast.ravi.actor)
    manager = cast.member("manager", Role.HM, cast.green)
    assert manager.client().post(url("retry", message)).status_code == 403
    assert "<form method=\"post\" action=\"/abdm" not in manager.client().get(
        url("messages")).content.decode()  # fmt: skip


def test_an_outage_is_told(cast, keeper, settings):
    settings.ABDM_ENVIRONMENT, settings.ABDM_CLIENT_ID = "http://127.0.0.1:1", "bhavya-test"
    for _ in range(breaker.IN_A_ROW):
        breaker.note(reached=False)
    assert queries.down_since()
    assert keeper.client().get(url("messages")).context["down_since"]
    breaker.note(reached=True)
    assert queries.down_since() is None


def test_what_was_taken_long_ago_is_emptied(cast):
    old = timezone.now() - timedelta(days=2)
    parked(cast, status="accepted", sent_at=old, created_at=old)
    fresh = parked(cast, status="accepted", sent_at=timezone.now())
    assert actions.forget() == 1
    assert list(OutboundMessage.objects.exclude(body="")) == [fresh]
