"""A real listener, killed; a real database, killed: what was acknowledged is there."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import InterfaceError

from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.facilities.models import Device, Facility
from apps.labs.link.simulator import Machine, astm, oru
from apps.labs.models import AnalyserMessage
from bhavya import env
from tests.e2e.site import free_port

COUNT = {"WBC": ("8.4", "10^3/uL"), "HGB": ("9.8", "g/dL")}


@pytest.fixture
def green(bare_db):
    facility = Facility.objects.get(slug="green-phc")
    made = []

    def machine(protocol):
        port = free_port()
        device = Device.objects.create(
            id=uuid7(), facility=facility, kind="analyser", name=f"SIM-{protocol}-{port}",
            code_hash=str(uuid7()), config={"protocol": protocol, "port": port},
        )  # fmt: skip
        made.append(device)
        return port

    facility.machine = machine
    yield facility
    reconnect()
    with facility_context(facility.pk):
        AnalyserMessage.objects.all().delete()
    Device.objects.filter(pk__in=[device.pk for device in made]).delete()


def reconnect():
    """The tests' own connection died with the server: ask again until it is back."""
    until = time.monotonic() + 30
    while True:
        connection.close()
        try:
            Facility.objects.exists()
        except (OperationalError, InterfaceError):
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


@contextmanager
def listener(*ports):
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    words = [word for port in ports for word in ("--port", str(port))]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "analyser_listener", *words],
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bhavya.settings", "DATABASE_URL": url,
             "SECRET_KEY": settings.SECRET_KEY, "FIELD_KEY": settings.FIELD_KEY,
             "BROKER_URL": settings.CELERY_BROKER_URL, "CACHE_URL": env.secret("CACHE_URL")},
    )  # fmt: skip
    try:
        assert process.stdout
        assert "listening on" in process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stored(facility):
    with facility_context(facility.pk):
        return set(AnalyserMessage.objects.values_list("body", flat=True))


@pytest.mark.drill
def test_nothing_acknowledged_is_lost_when_listener_and_database_are_killed(green):
    port, hl7 = green.machine("astm"), green.machine("hl7")
    said = [astm(f"GRN-L-26{n:05d}", COUNT) for n in range(9)]
    acknowledged = []
    with listener(port, hl7) as process:
        machine = Machine(port)
        acknowledged += [m for m in said[:3] if machine.say(m)]
        assert len(acknowledged) == 3
        machine.put(b"\x05")
        machine.answer()
        os.killpg(process.pid, signal.SIGKILL)  # in the middle of a message
        machine.close()
    with listener(port, hl7):
        machine = Machine(port)
        acknowledged += [m for m in said[2:6] if machine.say(m)]  # one of them a second time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        os.kill(pid, signal.SIGKILL)  # PostgreSQL ends every session and recovers
        acknowledged += [m for m in said[6:] if machine.say(m)]
        other = Machine(hl7)
        assert other.say_hl7(oru("GRN-L-2600099", COUNT)) == "AA"
        assert other.say_hl7(b"MSX nonsense") == "AR"
        machine.put(b"\x05\x021H|half")
        machine.close()
        reconnect()
        assert len(set(acknowledged)) == 9
        bodies = stored(green)
        until = time.monotonic() + 5
        while "1H|half" not in "".join(bodies) and time.monotonic() < until:
            time.sleep(0.05)
            bodies = stored(green)
    assert {m.decode("latin-1") for m in acknowledged} <= bodies
    assert "MSX nonsense" in bodies
    assert any("half" in body for body in bodies)
