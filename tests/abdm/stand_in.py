"""The stand-in of the gateway in a thread, and a postman that carries its callbacks to us."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import uvicorn
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.server import application
from apps.abdm_sandbox.world import Service, new_id
from apps.gateway import actions as gateway
from apps.gateway import client as wire
from apps.gateway import environment
from apps.gateway.models import InboundMessage, OutboundMessage


class Recorder:
    """What was asked of the stand-in, so that a test may compare it with a sample."""

    def __init__(self, app):
        self.app, self.calls = app, []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        told = {"method": scope["method"], "at": scope["path"], "headers": headers}
        told["body"] = json.loads(body) if body[:1] in (b"{", b"[") else None  # or a form
        self.calls.append(told)
        heard = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again():
            return next(heard, None) or await receive()

        async def answer(message):
            if message.get("body", b"")[:1] in (b"{", b"["):
                told["answer"] = json.loads(message["body"])
            await send(message)

        await self.app(scope, again, answer)


class StandIn:
    """`world` is the stand-in's own, so that a test may look and turn its switches."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.app = application(self.url)
        self.world = self.app.state.world
        self.world.hold = True
        self.recorder = Recorder(self.app)
        config = uvicorn.Config(self.recorder, host="127.0.0.1", port=port, log_level="error")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.postman = Client(headers={"host": settings.PARENT_DOMAIN})

    def start(self):
        self.thread.start()
        ends = time.monotonic() + 10
        while not self.server.started and time.monotonic() < ends:
            threading.Event().wait(0.02)
        assert self.server.started

    def stop(self):
        self.server.should_exit = True
        self.thread.join(5)

    def reset(self):
        fresh = type(self.world)()
        self.world.__dict__.update(fresh.__dict__)
        self.world.hold = True
        self.recorder.calls.clear()

    def asked(self, ending):
        """The last call to an address that ends so."""
        return next(one for one in reversed(self.recorder.calls) if one["at"].endswith(ending))

    def knows(self, facility, service_id, actor):
        self.world.services[service_id] = Service(service_id, facility.name_en)
        return gateway.link_service(
            facility.pk, service_id=service_id, name=facility.name_en, actor=actor
        )

    def held(self):
        with self.world.lock:
            letters, self.world.held = self.world.held, []
        return letters

    def carry(self, letter):
        if "url" in letter:  # a page of records for our push address
            path = urlsplit(letter["url"]).path
            content = json.dumps(letter["body"])
            return self.postman.post(path, content, content_type="application/json")
        return self.postman.post(
            f"/abdm/api/v3/{letter['path']}",
            json.dumps(letter["body"]),
            content_type="application/json",
            headers={k: v for k, v in letter["headers"].items() if k != "Content-Type"},
        )

    def phr(self, address, service_id, counter):
        """A patient presses "Share" in the app: the request id of the callback to us."""
        body = {"metaData": {"hipId": service_id, "context": counter}}
        made = self.gate("POST", "patient-share/v3/share", body, **{"X-AUTH-TOKEN": address})
        assert made.status_code == 202, made.text
        return made.json()["requestId"]

    def gate(self, method, path, body=None, **headers):
        """A call of somebody else to the gateway: a patient's app, another bridge."""
        opened = httpx.post(
            f"{self.url}/api/hiecm/gateway/v3/sessions",
            json={"clientId": "phr", "grantType": "client_credentials"},
            headers=_headers(),
        ).json()
        bearer = {"Authorization": f"Bearer {opened['accessToken']}"}
        return self.call(method, f"/api/hiecm/{path}", body, **_headers(), **bearer, **headers)

    def consent(self, account, service_id, **told):
        """A patient says yes in the app: the id of the consent; its letter is held."""
        told |= {"address": account.address, "serviceId": service_id}
        return self.call("POST", "/sandbox/consents", told).json()["id"]

    def end(self, consent_id, how="revoke"):
        assert self.call("POST", f"/sandbox/consents/{consent_id}/{how}").status_code == 200

    def ask(self, consent_id, **told):
        """Somebody asks for the records of a consent: what the asker then knows of it."""
        asked = self.call("POST", f"/sandbox/consents/{consent_id}/ask", told)
        assert asked.status_code == 202, asked.text
        return self.world.transfers[asked.json()["transactionId"]]

    def call(self, method, path, body=None, **headers):
        return httpx.request(method, f"{self.url}{path}", json=body, headers=headers)


def _headers():
    return {"REQUEST-ID": new_id(), "TIMESTAMP": stamp(), "X-CM-ID": "sbx"}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(true, within_s=30):
    """Waits for what comes in its own time; fails when it does not come."""
    ends = time.monotonic() + within_s
    while not (found := true()):
        assert time.monotonic() < ends, "it did not come"
        threading.Event().wait(0.05)
    return found


def settle(stand_in, capture, *, rounds=12, shuffle=None):
    """Deliver what is due and carry what comes back, until nothing moves."""
    for _ in range(rounds):
        OutboundMessage.objects.filter(status="waiting").update(next_attempt_at="2020-01-01T00:00Z")
        InboundMessage.objects.filter(status__in=("waiting", "early")).update(
            next_attempt_at="2020-01-01T00:00Z"
        )
        with capture(execute=True):
            gateway.sweep()
        letters = stand_in.held()
        if shuffle:
            shuffle(letters)
        for letter in letters:
            with capture(execute=True):
                stand_in.carry(letter)
        if not letters and not OutboundMessage.objects.filter(status="waiting").exists():
            return


@contextmanager
def switched_on(stand_in, settings_of_test):
    """ABDM points at the stand-in for one test."""
    settings_of_test.ABDM_ENVIRONMENT = stand_in.url
    settings_of_test.ABDM_CLIENT_ID = "bhavya-test"
    settings_of_test.ABDM_CLIENT_SECRET = "bhavya-test"
    environment.current.cache_clear()
    cache.clear()
    try:
        yield stand_in
    finally:
        environment.current.cache_clear()
        wire._client = None
