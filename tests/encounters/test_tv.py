"""The screen in the hall: one machine, no person, small and cheap polls."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions, queries
from apps.facilities import actions as facilities
from apps.facilities import devices
from apps.facilities.models import Device
from tests.encounters import people

HOST = "green-phc.bhavya.localhost"


@pytest.fixture(autouse=True)
def _fresh():
    devices.forget()
    yield
    devices.forget()


def screen(cast, **config):
    made = facilities.add_device(
        cast.green.pk, id=uuid7(), kind="tv", name="Hall", config=config, actor=cast.manager.actor
    )
    devices.forget()
    return made


def machine():
    return Client(headers={"host": HOST})


def test_it_works(cast):
    people.at_the_doctor(cast)
    people.at_the_doctor(cast, age=70)
    token = actions.call_next("doctor", queue="MED", room="7", actor=cast.dr_rao.actor)
    label = queries.token_label(token)
    device, code = screen(cast, voice=True)
    tv = machine()
    page = tv.get(f"/tv/{code}")
    assert page.status_code == 200
    assert "आशा" not in page.content.decode()
    now = tv.get(f"/tv/{code}/now").json()
    assert now["rooms"][0]["now"] == label == "M-002"
    assert now["rooms"][0]["next"] == ["M-001"]
    assert [(call["t"], call["r"]) for call in now["calls"]] == [("M-002", "7")]
    assert set(now["rooms"][0]) == {"r", "hi", "en", "now", "next", "off"}
    assert AuditEvent.objects.filter(event="device.bound").count() == 1
    assert Device.objects.get(pk=device.pk).code_hash != code


def test_the_second_machine_is_refused(cast):
    _, code = screen(cast)
    first, second = machine(), machine()
    assert first.get(f"/tv/{code}").status_code == 200
    devices.forget()
    assert second.get(f"/tv/{code}").status_code == 403
    assert second.get(f"/tv/{code}/now").status_code == 409
    assert first.get(f"/tv/{code}").status_code == 200


def test_switched_off_and_bound_anew(cast):
    device, code = screen(cast)
    tv, other = machine(), machine()
    tv.get(f"/tv/{code}")
    connection.set_tenant(cast.green)
    facilities.revoke_device(device.pk, actor=cast.manager.actor)
    devices.forget()
    assert (tv.get(f"/tv/{code}").status_code, tv.get(f"/tv/{code}/now").status_code) == (410, 410)
    connection.set_tenant(cast.green)
    fresh = facilities.release_device(device.pk, actor=cast.manager.actor)
    devices.forget()
    assert tv.get(f"/tv/{code}").status_code == 404
    assert other.get(f"/tv/{fresh}").status_code == 200
    assert tv.get(f"/tv/{fresh}").status_code == 403


def test_who_may_and_where(cast):
    device, code = screen(cast)
    with pytest.raises(Forbidden):
        facilities.revoke_device(device.pk, actor=cast.ravi.actor)
    with facility_context(cast.blue.pk):
        other = cast.member("blue_manager", "HM", cast.blue)
        with pytest.raises(Refused, match=r"screen\.unknown"):
            facilities.revoke_device(device.pk, actor=other.actor)
    blue = Client(headers={"host": "blue-chc.bhavya.localhost"})
    assert blue.get(f"/tv/{code}").status_code == 404


def test_the_page_of_screens_shows_the_address_once(cast):
    client = cast.manager.client()
    assert client.post("/admin/tv", {"id": uuid7(), "language": "hi"}).status_code == 422
    told = {"id": uuid7(), "name": "हॉल", "language": "both", "voice": "on", "rooms": ["7"]}
    assert "/tv/" in client.post("/admin/tv", told).content.decode()
    assert client.post("/admin/tv", told).status_code == 302
    assert Device.objects.count() == 1
    page = client.get("/admin/tv").content.decode()
    assert "हॉल" in page
    change = f"/admin/tv/{Device.objects.get().pk}"
    assert "/tv/" in client.post(change, {"what": "release"}).content.decode()
    assert client.post(change, {"what": "revoke"}).status_code == 302


def test_nothing_new_costs_no_query_and_few_bytes(cast):
    """304 from the mark in the cache; a call changes it; a lost cache forgets nothing."""
    for _ in range(12):
        people.at_the_doctor(cast)
    _, code = screen(cast)
    tv = machine()
    tv.get(f"/tv/{code}")
    for _ in range(2):  # a minute may end between two questions, and then the mark is another
        first = tv.get(f"/tv/{code}/now")
        known = {"if-none-match": first["ETag"]}
        with CaptureQueriesContext(connection) as asked:
            same = tv.get(f"/tv/{code}/now", headers=known)
        if same.status_code == 304:
            break
    assert len(first.content) <= 2048
    assert len(asked) == 0
    head = sum(len(f"{name}: {value}\r\n") for name, value in same.items())
    assert (same.status_code, same.content) == (304, b"")
    assert head <= 300
    connection.set_tenant(cast.green)
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.call_next("doctor", queue="MED", room="7", actor=cast.dr_rao.actor)
    changed = tv.get(f"/tv/{code}/now", headers=known)
    assert json.loads(changed.content)["calls"]
    cache.clear()
    assert tv.get(f"/tv/{code}/now", headers=known).status_code == 200


def test_guessing_addresses_is_slowed_down(cast):
    tv = machine()
    codes = [tv.get("/tv/ABCDEFGH/now").status_code for _ in range(22)]
    assert codes[:20] == [404] * 20
    assert codes[21] == 409


def test_the_managers_pages(cast):
    for _ in range(3):
        people.at_the_doctor(cast)
    client = cast.manager.client()
    page = client.get("/queue/")
    assert "M-001" in page.content.decode()
    assert client.get("/queue/", headers={"if-none-match": page["ETag"]}).status_code == 304
    assert "M-002" in client.get("/queue/room/7/").content.decode()
    assert client.get("/queue/room/99/").status_code == 404
    assert client.get("/queue/room/7/share").status_code == 200
    assert client.post("/queue/room/7/share", {}).status_code == 422
    assert client.post("/queue/room/7/share", {"to": "3"}).status_code == 302
    connection.set_tenant(cast.green)
    rows = queries.queue("doctor", queue="GYN", room="3")
    assert [row["token"] for row in rows] == ["M-001", "M-002", "M-003"]
    press = f"/queue/token/{rows[0]['token_id']}"
    for what in ({"what": "skip"}, {"what": "back"}, {"what": "hold", "minutes": "30"}):
        assert client.post(press, {**what, "line": "3"}).status_code == 302
    assert client.post(press, {"what": "hold", "minutes": "x"}).status_code == 409


def test_the_phone_follows(cast):
    first, visit = people.at_the_doctor(cast), people.at_the_doctor(cast)
    assert first
    phone = Client(headers={"host": HOST})
    phone.cookies["lang"] = "en"
    page = phone.get(f"/s/{visit.code}")
    assert len(page.content) < 25_000
    assert "1 person before you" in page.content.decode()
    place = phone.get(f"/s/{visit.code}/place")
    assert "about 6 minutes" in place.content.decode()
    again = phone.get(f"/s/{visit.code}/place", headers={"if-none-match": place["ETag"]})
    assert again.status_code == 304
    connection.set_tenant(cast.green)
    token = queries.visit(visit.pk).token
    actions.call(token.pk, room="7", actor=cast.dr_rao.actor)
    cache.clear()
    assert "Your turn now: room 7" in phone.get(f"/s/{visit.code}/place").content.decode()
    connection.set_tenant(cast.green)
    actions.finish(visit.pk, then="pharmacy", actor=cast.dr_rao.actor)
    cache.clear()
    place = phone.get(f"/s/{visit.code}/place").content.decode()
    assert "Medicine counter, with the same token." in place
