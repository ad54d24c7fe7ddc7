"""/metrics tells a monitor what waits and what is late, and nobody else anything."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from apps.core import exposition, health, poison, traffic
from apps.core.exposition import Metric
from apps.facilities import schema
from apps.facilities.models import Facility
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.monitoring import actions, measures

LINE = re.compile(r'^[a-z_]+(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? -?[0-9.e+-]+$')


@pytest.fixture
def ask(settings):
    """`ask(token)` is the answer; the right token is "monitor"."""
    settings.METRICS_TOKEN = "monitor"
    traffic._sums.clear()

    def asked(token="monitor"):
        # A monitor names the machine: no hospital's host.
        return Client(SERVER_NAME="127.0.0.1").get(
            "/metrics", headers={"authorization": f"Bearer {token}"}
        )

    return asked


def read(answer):
    rows = [row for row in answer.content.decode().splitlines() if row[0] != "#"]
    return {name: float(value) for name, value in (row.rsplit(" ", 1) for row in rows)}


def test_it_works(cast, ask):
    Facility.objects.update(schema_version=schema.version())
    Facility.objects.filter(pk=cast.green.pk).update(schema_version="0" * 12, failure="lock")
    old = timezone.now() - timedelta(minutes=5)
    OutboundMessage.objects.create(path="v3/x", purpose="t", created_at=old)
    InboundMessage.objects.create(request_id=cast.green.pk, kind="v3/y", status="parked")
    health.beat("worker")
    actions.count()
    cast.ravi.client().get("/")
    answer = ask()
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    told = read(answer)
    assert told['bhavya_mail_waiting{box="outbox"}'] == 1
    assert 299 < told['bhavya_mail_oldest_seconds{box="outbox"}'] < 400
    assert told['bhavya_mail_parked{box="inbox"}'] == 1
    assert (
        told['bhavya_hospitals{state="current"}'] == told['bhavya_hospitals{state="parked"}'] == 1
    )
    assert told['bhavya_seen_seconds{part="worker"}'] < 30
    assert 'bhavya_seen_seconds{part="beat"}' not in told  # nothing is known, nothing is said
    assert told['bhavya_jobs_waiting{queue="papers"}'] >= 0 and "bhavya_workers" in told
    assert told["bhavya_counting_lag_seconds"] < 60
    assert 0 < told["bhavya_database_connections"] < told["bhavya_database_connections_max"]
    assert all(told[f'bhavya_up{{part="{part}"}}'] == 1 for part in measures.PARTS)


def test_every_line_is_in_the_format_and_names_nobody(cast, ask):
    cast.ravi.client().get("/queue/")
    body = ask().content.decode()
    rows = [row for row in body.splitlines() if row[0] != "#"]
    assert [row for row in rows if not LINE.match(row)] == []
    types = re.findall(r"^# TYPE (\S+) ", body, re.M)
    assert len(types) == len(set(types)) == len(re.findall(r"^# HELP ", body, re.M))
    for word in (str(cast.green.pk), cast.green.schema_name, cast.ravi.user.username):
        assert word not in body
    labels = set(re.findall(r'([a-z]+)="', body))
    assert labels <= {"app", "status", "le", "part", "queue", "box", "state"}  # all of few values


def test_requests_are_counted_by_app_with_a_histogram(cast, ask):
    before = read(ask())
    for _ in range(3):
        cast.ravi.client().get("/no/such/page")
    traffic.note("labs", 200, 0.2)
    traffic.note("labs", 503, 9.0)
    told = read(ask())

    def more(name):
        return told[name] - before.get(name, 0)

    assert more('bhavya_http_requests_total{app="other",status="4xx"}') == 3
    assert more('bhavya_http_requests_total{app="labs",status="5xx"}') == 1
    assert more('bhavya_http_request_seconds_bucket{app="labs",le="0.1"}') == 0
    assert more('bhavya_http_request_seconds_bucket{app="labs",le="0.25"}') == 1
    assert more('bhavya_http_request_seconds_bucket{app="labs",le="+Inf"}') == 2
    assert more('bhavya_http_request_seconds_count{app="labs"}') == 2
    assert more('bhavya_http_request_seconds_sum{app="labs"}') == pytest.approx(9.2)


@pytest.mark.parametrize("token", ["", "monito", "monitor2", "मॉनिटर"])
def test_it_refuses_a_wrong_token_like_an_address_that_is_not_there(db, ask, token):
    assert ask(token).status_code == 404 and ask(token).content == b""


def test_without_a_token_there_is_no_such_address(db, ask, settings):
    settings.METRICS_TOKEN = ""
    assert ask("").status_code == 404


def test_a_part_that_is_down_is_told_and_the_others_go_on(db, ask, monkeypatch):
    def falls():
        raise OperationalError("gone")
        yield

    monkeypatch.setitem(measures.PARTS, "mail", falls)
    told = read(ask())
    assert told['bhavya_up{part="mail"}'] == 0 and told['bhavya_up{part="database"}'] == 1
    assert not any(name.startswith("bhavya_mail") for name in told)


def test_a_parked_job_shows(db, ask):
    for _ in range(poison.STARTS + 1):
        poison.is_poison("m-9", "tests.count")
    assert read(ask())["bhavya_jobs_parked"] == 1
    cache.delete(poison.PARKED)


def test_a_sign_in_a_label_is_escaped():
    metric = Metric("bhavya_x", "gauge", "X.")
    metric.add(1.5, part='a"b\\c')
    assert exposition.text([metric]).splitlines()[2] == r'bhavya_x{part="a\"b\\c"} 1.5'
