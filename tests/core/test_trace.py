"""One word leads from the page through its jobs to the calls at ABDM."""

import json
import logging
import sys
from uuid import uuid4

import pytest
from django.test import Client

from apps.core import trace
from apps.core.queue import job
from apps.gateway import actions as gateway
from bhavya.celery import app

HEARD = []
WORD = "K7Q2M9X4TR5B"


@job("tests.hears", public=True)
def hears(some_id):
    HEARD.append(trace.current())


@pytest.fixture(autouse=True)
def _fresh():
    HEARD.clear()


@pytest.fixture
def lines():
    """What is logged, as production writes it."""
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(json.loads(self.format(record)))

    keep = Keep()
    keep.addFilter(trace.AddTrace())
    keep.setFormatter(trace.AsJson())
    root = logging.getLogger()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.INFO)
    yield found
    root.removeHandler(keep)
    root.setLevel(before)


def test_each_answer_tells_its_word_and_a_visitor_may_not_choose_it(cast, settings):
    client = cast.ravi.client()
    first, second = (client.get("/", headers={"X-Request-ID": WORD}) for _ in range(2))
    words = {first["X-Request-ID"], second["X-Request-ID"]}
    assert len(words) == 2 and WORD not in words
    settings.TRUSTED_PROXIES = 1  # the one of ours has written it
    assert client.get("/", headers={"X-Request-ID": WORD})["X-Request-ID"] == WORD
    assert client.get("/", headers={"X-Request-ID": "आशा देवी <b>"})["X-Request-ID"] not in words
    assert trace.current() == ""


def test_a_job_works_under_the_word_of_its_message():
    hears.apply(kwargs={"some_id": "a"}, headers={"trace": WORD})
    with trace.traced(WORD):
        hears.run(some_id="b")  # at once
    hears.apply(kwargs={"some_id": "c"})  # of the clock: a word of its own
    assert HEARD[:2] == [WORD, WORD] and trace.FORM.match(HEARD[2]) and HEARD[2] != WORD


def test_the_word_goes_with_the_message_through_the_broker():
    queue = f"test-{uuid4().hex[:8]}"
    eager = app.conf.task_always_eager
    app.conf.task_always_eager = False
    try:
        with trace.traced(WORD):
            hears.apply_async(kwargs={"some_id": "a"}, queue=queue)
        with app.connection_for_write() as link:
            message = link.SimpleQueue(queue).get(timeout=5)
            assert message.headers["trace"] == WORD
            message.ack()
            link.default_channel.queue_delete(queue)
    finally:
        app.conf.task_always_eager = eager


def test_a_callback_is_found_by_the_word_and_by_its_request_id(cast, lines):
    told = uuid4()
    with trace.traced(WORD):
        gateway.receive(
            request_id=told, kind="hip/patient/share", body={"name": "Asha Devi"}, service_id="X1"
        )
    mine = [line for line in lines if str(told) in line["message"]]
    assert mine and {line["trace"] for line in mine} == {WORD}
    assert "Asha" not in json.dumps(lines)


def test_a_line_tells_the_kind_of_an_error_and_never_its_words(lines):
    try:
        raise ValueError("Asha Devi, 9835022714")
    except ValueError:
        logging.getLogger("apps.tests").exception("it fell over")
    (line,) = lines
    assert line["message"] == "it fell over" and line["error"] == "ValueError"
    assert any("test_trace.py" in place for place in line["where"])
    assert "Asha" not in json.dumps(line) and "9835" not in json.dumps(line)


def test_on_a_line_for_people_too_and_in_what_celery_says_of_a_failed_job():
    try:
        raise ValueError("Asha Devi")
    except ValueError:
        record = logging.LogRecord(
            "celery.app.trace", logging.ERROR, __file__, 1, "Task %(name)s raised: %(exc)s",
            ({"name": "tests.hears", "exc": "ValueError('Asha Devi')"},), sys.exc_info(),
        )  # fmt: skip
    trace.AddTrace().filter(record)
    line = trace.OnLine("%(trace)s %(message)s").format(record)
    assert line.startswith("- Task tests.hears raised: ValueError\n") and "test_trace.py" in line
    assert "Asha" not in line and "Asha" not in trace.AsJson().format(record)


def test_our_fault_shows_the_word_that_the_log_has(db, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["*"]

    def breaks(request):
        raise ValueError("x")

    monkeypatch.setattr("apps.facilities.middleware.is_state_host", breaks)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    assert answer.status_code == 500 and answer["X-Request-ID"] in answer.content.decode()
