"""The stand-in as a process: its memory over a kill, and whom it never calls."""

import json
import os
import subprocess
import sys

import httpx
import pytest

from apps.abdm_sandbox import memory, tokens
from apps.abdm_sandbox.world import Consent, Context, Share, World, now
from tests.abdm.stand_in import free_port, until
from tests.house.tree import ROOT

SERVICES = [{"service_id": "IN1010009991_1", "name": "Demo"}]


@pytest.fixture
def start(tmp_path):
    """Starts the process; what is left of it is ended afterwards."""
    made, port = [], free_port()
    (tmp_path / "services.json").write_text(json.dumps(SERVICES))
    words = ["--port", str(port), "--services", str(tmp_path / "services.json"),
             "--keep", str(tmp_path / "memory.json")]  # fmt: skip
    url = f"http://127.0.0.1:{port}"

    def answers():
        try:
            return httpx.get(f"{url}/sandbox/state", timeout=2).status_code == 200
        except httpx.HTTPError:
            assert made[-1].poll() is None, "the stand-in ended"
            return False

    def go(*more):
        command = [sys.executable, "-m", "apps.abdm_sandbox", *words, *more]
        # Nothing of our settings: it is a program of its own.
        made.append(subprocess.Popen(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}))
        until(answers)
        return made[-1], url

    yield go
    for process in made:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_it_remembers_over_a_kill(start, tmp_path):
    process, url = start("--bridge", "http://127.0.0.1:9/abdm")
    told = {"address": "irfan45@sbx", "serviceId": "IN1010009991_1"}
    made = httpx.post(f"{url}/sandbox/consents", json=told).json()["id"]
    keep = tmp_path / "memory.json"
    until(lambda: keep.exists() and made in keep.read_text("utf-8"))
    assert keep.stat().st_mode & 0o077 == 0
    process.kill()
    process.wait(10)
    again, url = start("--bridge", "http://127.0.0.1:9/abdm")
    (known,) = httpx.get(f"{url}/sandbox/consents").json()["consents"]
    assert known["id"] == made
    again.terminate()
    assert again.wait(15) in (0, -15)


def test_it_never_calls_the_real_one(tmp_path):
    words = ["--bridge", "https://dev.ABDM.gov.in/abdm", "--port", "1"]
    done = subprocess.run([sys.executable, "-m", "apps.abdm_sandbox", *words], cwd=ROOT,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 2 and "never calls the real ABDM" in done.stderr


def test_everything_comes_back_as_it_was():
    before = World()
    person = before.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
    where = (person.address, "IN1", "V-1")
    before.contexts[where] = Context(*where[:2], "P-1", "V-1", "Visit", {"Prescription", "Invoice"})
    before.shares["s"] = Share("s", person.address, "IN1", "OPD1", now(), "7")
    before.consents["c"] = Consent("c", person.address, "IN1", detail={"x": [1, {"y": None}]})
    after = World()
    memory.load(after, memory.dumped(before))
    assert after.contexts == before.contexts and after.accounts == before.accounts
    assert after.shares == before.shares and after.consents == before.consents
    assert memory.dumped(after) == memory.dumped(before)
    assert after.add_account("x1", "X", "F", 1990, 1, 1).abha_number not in {
        one.abha_number for one in before.accounts.values()
    }


def test_a_token_of_the_life_before_is_still_believed():
    text, session = memory.dumped(World()), tokens.session("http://here", "bhavya")
    tokens.KEYS.pop("session")
    assert not tokens.is_session(f"Bearer {session}")
    memory.load(World(), text)
    assert tokens.is_session(f"Bearer {session}")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"world": {"shares": {"is": "Nobody"}}}'])
def test_a_broken_memory_is_put_aside(tmp_path, text):
    file = tmp_path / "memory.json"
    file.write_text(text)
    assert memory._remembered(World(), file) == ""
    assert not file.exists() and (tmp_path / "memory.unreadable").read_text() == text
