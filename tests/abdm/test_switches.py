"""Each switch of the stand-in does what it says, over real HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.abdm_sandbox import courier
from apps.gateway import client
from apps.gateway.client import Class
from tests.abdm.conftest import GREEN_ID
from tests.abdm.stand_in import until


@pytest.fixture
def bridge(stand_in):
    """Somebody who takes callbacks: what came, in its order."""
    came = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, dict(self.headers)))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_in.world.bridge_url = f"http://127.0.0.1:{server.server_port}/abdm"
    stand_in.world.hold = False
    yield came
    server.shutdown()
    server.server_close()
    thread.join(5)


def call(stand_in):
    return client.call("GET", f"{stand_in.url}/api/hiecm/gateway/v3/bridge-services")


def test_without_a_switch_a_callback_comes_once(stand_in, bridge):
    request_id = stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    ((path, headers),) = until(lambda: list(bridge))
    assert path == "/abdm/api/v3/hip/patient/share" and headers["X-HIP-ID"] == GREEN_ID
    assert headers["REQUEST-ID"] == request_id
    assert not any(stand_in.world.counts.values())


def test_lost_is_never_sent(stand_in, bridge):
    stand_in.world.faults.lose = 1
    stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    until(lambda: stand_in.world.counts["lost"])
    assert not bridge


def test_repeated_comes_twice_with_one_number(stand_in, bridge):
    stand_in.world.faults.repeat = 1
    stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    until(lambda: len(bridge) == 2)
    assert bridge[0][1]["REQUEST-ID"] == bridge[1][1]["REQUEST-ID"]
    assert stand_in.world.counts["repeated"] == 1


def test_reordered_is_overtaken(stand_in, bridge, monkeypatch):
    monkeypatch.setattr(courier, "REORDER_S", 4)
    stand_in.world.faults.reorder = 1
    first = stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    until(lambda: stand_in.world.counts["reordered"])
    stand_in.world.faults.reorder = 0
    second = stand_in.phr("pooja.k22@sbx", GREEN_ID, "OPD1")
    until(lambda: len(bridge) == 2)
    assert [headers["REQUEST-ID"] for _, headers in bridge] == [second, first]


def test_in_an_outage_nothing_goes_either_way_and_then_everything(stand_in, bridge):
    stand_in.world.faults.latency_s = 0.2  # the letter is written before the line goes
    request_id = stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    stand_in.world.faults.down = True
    answer = call(stand_in)
    assert answer.kind is Class.TRANSPORT and not bridge
    stand_in.world.faults.down = False
    ((_, headers),) = until(lambda: list(bridge))
    assert headers["REQUEST-ID"] == request_id


@pytest.mark.parametrize(
    ("switch", "kind", "status"),
    [("error", Class.TRANSPORT, 503), ("throttle", Class.THROTTLED, 429),
     ("session_over", Class.TRANSPORT, 401)],
)  # fmt: skip
def test_a_call_is_refused_as_the_switch_says(stand_in, switch, kind, status):
    client.session_token()
    setattr(stand_in.world.faults, switch, 1)
    answer = call(stand_in)
    assert answer.kind is kind and answer.status in (status, None)
    assert sum(stand_in.world.counts.values()) >= 1
    setattr(stand_in.world.faults, switch, 0)
    assert call(stand_in).kind is Class.DONE


def test_an_unknown_switch_is_named(stand_in):
    answer = stand_in.call("POST", "/sandbox/faults", {"loose": 1})
    assert (answer.status_code, answer.json()) == (422, {"unknown": ["loose"]})


def test_a_crowd_shares_at_its_pace(stand_in, bridge):
    people = [{"stem": f"many{n}", "name": "Rina Kumari", "gender": "F", "year": 1992}
              for n in range(5)]  # fmt: skip
    made = stand_in.call("POST", "/sandbox/people", people).json()
    told = {"serviceId": GREEN_ID, "counter": "OPD1", "perSecond": 50,
            "addresses": [one["address"] for one in made]}  # fmt: skip
    assert stand_in.call("POST", "/sandbox/shares", told).status_code == 202
    until(lambda: len(bridge) == 5)
    assert len(stand_in.call("GET", "/sandbox/state").json()["shares"]) == 5
