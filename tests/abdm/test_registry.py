"""The national registers: our bridge, hospitals, professionals; asked by jobs, kept, shown."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts import actions as accounts
from apps.accounts import registers
from apps.accounts.models import User
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.facilities import actions as facilities
from apps.facilities import registry
from apps.facilities.models import Facility, RegistryNote
from apps.gateway import actions
from apps.gateway import registry as wire
from apps.gateway.models import Service
from apps.notices.models import Notice
from tests.abdm.consents import GREEN_ID, shape
from tests.abdm.samples import IDENTITY

HFR = "IN1010009991"
STATE = "bhavya.urls_public"
TODAY = timezone.localdate


@pytest.fixture
def keeper(cast):
    return cast.member("keeper", Role.MRD, cast.green)


@pytest.fixture
def state(cast):
    return cast.member("state", Role.SHQ, None)


@pytest.fixture
def fresh(cast, stand_in):
    """ABDM is on, and no hospital is tied yet."""
    Service.objects.all().delete()
    RegistryNote.objects.all().delete()
    stand_in.world.services.clear()
    return stand_in


def url(name, *, host="bhavya.urls", **kwargs):
    return reverse(f"gateway:{name}", kwargs=kwargs, urlconf=host)


def press(client, capture, address, **told):
    """Post a form and let its job run."""
    with capture(execute=True):
        return client.post(address, told)


def test_a_hospital_is_found_tied_and_known(cast, fresh, keeper, capture):
    """As an office does it: search, "this is ours", tie; the service id comes by itself."""
    client, at = keeper.client(), url("link")
    press(client, capture, at, do="find", text="demo sadar")
    page = client.get(at).content.decode()
    assert "Demo Sadar Hospital Patna" in page and "Demo Sadar Hospital Gaya" in page
    assert press(client, capture, at, do="hfr", hfr_id=HFR).status_code == 302
    assert registry.note("hfr", HFR).detail["name"] == "Demo Sadar Hospital Patna"
    press(client, capture, at, do="tie", name="SadarPatna")
    service = Service.objects.get(facility_id=cast.green.pk)
    assert (service.service_id, service.name) == (GREEN_ID, "SadarPatna")
    press(client, capture, at, do="bridge")
    known = registry.note("service", GREEN_ID)
    assert (known.state, known.detail["types"]) == ("found", ["HIP", "HIU"])
    page = client.get(at).content.decode()
    assert GREEN_ID in page and "HIP + HIU" in page
    assert AuditEvent.objects.filter(event="service.linked", system="gateway").count() == 1
    history = client.get(at).context["history"]
    assert [one["event"] for one in history] == ["service.linked", "facility.identified"]


def test_the_questions_are_those_of_the_samples(cast, fresh, keeper, state, capture, settings):
    """bridge.facility-search-request, bridge.software-linkage-request, bridge.set-url-request."""
    settings.ABDM_CLIENT_ID = "SBXID_009999"
    wire.hospitals("Demo Sadar", district_lgd="212")
    _same(fresh, "bridge.facility-search-request")
    wire.link_software(HFR, hospital_name="Demo Sadar Hospital Patna", shown_name="SadarPatna")
    _same(fresh, "bridge.software-linkage-request")
    wire.set_bridge_url("https://abdm.bhavya.example.in/cb")
    _same(fresh, "bridge.set-url-request")
    wire.set_capabilities(GREEN_ID)
    _same(fresh, "bridge.capabilities-request")


def _same(stand_in, name):
    sample = IDENTITY[name]
    asked = stand_in.asked(sample["at"].rpartition("/")[2])
    assert asked["method"] == sample["method"]
    assert asked["at"].endswith(sample["at"])
    assert asked["body"] == sample["body"]


@pytest.mark.parametrize(
    ("name", "at", "method"),
    [
        ("bridge.services-response", "/api/hiecm/gateway/v3/bridge-services", "GET"),
        ("bridge.service-by-id-response",
         f"/api/hiecm/gateway/v3/bridge-service/serviceId/{GREEN_ID}", "GET"),
        ("bridge.hpr-search-response", "/registry/v1/search/searchByHprId/71000000000001", "GET"),
        ("bridge.registry-error", "/registry/FacilityManagement/v1.5/facility/search", "POST"),
    ],
)  # fmt: skip
def test_the_stand_in_answers_as_the_samples(stand_in, name, at, method):
    sample, body = IDENTITY[name], {"resultsPerPage": 50} if method == "POST" else None
    answer = wire.client.call(method, f"{stand_in.url}{at}", body=body)
    assert answer.status == sample["status"]
    assert shape(answer.body) == shape(sample["body"])


def test_hospitals_as_in_the_sample_are_read(stand_in):
    """bridge.facility-search-response"""
    sample = IDENTITY["bridge.facility-search-response"]["body"]
    (found,) = wire.hospitals(hfr_id=HFR)
    answer = stand_in.asked("facility/search")["answer"]
    assert set(answer) == set(sample)
    assert set(answer["facilities"][0]) <= set(sample["facilities"][0])
    (row,) = sample["facilities"]
    assert (found.hfr_id, found.name) == (row["facilityId"], row["facilityName"])
    assert (found.district, found.status) == (row["districtName"], row["facilityStatus"])


def test_answers_as_in_the_samples_are_read():
    """bridge.software-linkage-response, -already, -error; bridge.services-empty-response."""
    ended = IDENTITY["bridge.software-linkage-error"]
    told = wire.client.understood(ended["status"], _raw(ended))
    assert (told.code, told.kind) == ("2500", wire.Class.FINAL)
    already = IDENTITY["bridge.software-linkage-already"]
    told = wire.client.understood(200, _raw(already))
    assert wire.ALREADY.search(told.message)[1] == GREEN_ID
    linked = IDENTITY["bridge.software-linkage-response"]["body"]
    assert linked[0]["servicesLinked"]["id"] == GREEN_ID
    empty = IDENTITY["bridge.services-empty-response"]
    for raw in (b"", _raw(empty)):
        told = wire.client.understood(empty["status"], raw)
        assert wire._body(told) is None
    assert IDENTITY["bridge.set-url-response"]["body"] is None
    assert wire._body(wire.client.understood(202, b"")) is None


def _raw(sample):
    return json.dumps(sample["body"]).encode()


def test_tied_before_is_tied(fresh, keeper, cast, capture):
    """The register says no with HTTP 200, and in its sentence stands the service id."""
    facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    told = {"hospital_name": "Demo Sadar Hospital Patna", "shown_name": "SadarPatna"}
    assert wire.link_software(HFR, **told) == GREEN_ID
    assert wire.link_software(HFR, **told) == GREEN_ID
    with pytest.raises(wire.Denied, match="2500"):
        wire.link_software(HFR, hospital_name="Another name", shown_name="SadarPatna")


def test_a_no_of_the_register_is_shown(fresh, keeper, cast, capture):
    facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    facilities.note_told("hfr", HFR, "found", name="Renamed since")
    press(keeper.client(), capture, url("link"), do="tie", name="SadarPatna")
    page = keeper.client().get(url("link")).content.decode()
    assert "2500 Facility name does not match" in page
    assert not Service.objects.exists()


def test_a_silent_register_changes_nothing(fresh, keeper, cast, capture):
    facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    press(keeper.client(), capture, url("link"), do="check")
    fresh.world.faults.down = True
    press(keeper.client(), capture, url("link"), do="check")
    note = registry.note("hfr", HFR)
    assert (note.state, note.detail["name"]) == ("silent", "Demo Sadar Hospital Patna")


def test_pressing_twice_asks_once(fresh, keeper, cast, capture):
    facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    for _ in range(2):
        keeper.client().post(url("link"), {"do": "check"})
    assert AuditEvent.objects.filter(event="register.asked").count() == 1
    RegistryNote.objects.update(asked_at=timezone.now() - registry.STALE)
    keeper.client().post(url("link"), {"do": "check"})  # the job was lost: it may be asked again
    assert AuditEvent.objects.filter(event="register.asked").count() == 2


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"do": "hfr", "hfr_id": "10100"}, "facility.hfr_bad"),
        ({"do": "hfr", "hfr_id": HFR, "until": "yesterday"}, "gateway.day_form"),
        ({"do": "service", "service_id": "BR-1", "name": "Green"}, "gateway.service_form"),
        ({"do": "service", "service_id": HFR, "name": "A name that is too long"},
         "gateway.name_form"),
        ({"do": "service", "service_id": HFR, "name": "हरित"}, "gateway.name_form"),
        ({"do": "find", "text": "ab"}, "gateway.search_short"),
        ({"do": "check"}, "gateway.no_hfr"),
        ({"do": "tie", "name": "Green"}, "gateway.no_hfr"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(fresh, keeper, told, code):
    answer = keeper.client().post(url("link"), told)
    assert answer.status_code == 422
    assert answer.context["refused"].code == code
    assert escape(answer.context["refused"].sentence) in answer.content.decode()


def test_two_hospitals_never_share_an_id(fresh, keeper, cast, state):
    facilities.set_hfr(cast.blue.pk, hfr_id=HFR, until=None, actor=state.actor)
    with pytest.raises(Refused, match=r"facility\.hfr_taken"):
        facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    with pytest.raises(Unseen):
        facilities.set_hfr(cast.blue.pk, hfr_id="", until=None, actor=keeper.actor)
    with pytest.raises(Unseen):
        actions.link_service(cast.blue.pk, service_id=HFR, name="x", actor=keeper.actor)
    with pytest.raises(Forbidden):
        facilities.set_hfr(cast.green.pk, hfr_id="", until=None, actor=cast.ravi.actor)


def test_only_the_state_writes_the_bridge(cast, stand_in, state, capture):
    district = cast.member("district", Role.DPM, None, "203")
    answer = district.client().post(url("bridge", host=STATE), {"do": "send"})
    assert answer.status_code == 422
    assert stand_in.world.bridge_url == ""
    press(state.client(), capture, url("bridge", host=STATE), do="send")
    ours = f"{settings.PUBLIC_SCHEME}://{settings.PARENT_DOMAIN}:{settings.PUBLIC_PORT}/abdm"
    assert stand_in.world.bridge_url == ours
    page = state.client().get(url("links", host=STATE))
    assert page.context["bridge"]["right"]
    stand_in.world.bridge_url = "https://laptop.example.in"  # whoever writes last gets all
    press(state.client(), capture, url("bridge", host=STATE), do="ask")
    page = state.client().get(url("links", host=STATE))
    assert not page.context["bridge"]["right"]
    assert "laptop.example.in" in page.content.decode()


def test_an_address_that_abdm_would_not_take_is_not_sent(cast, state, settings):
    settings.ABDM_ENVIRONMENT, settings.ABDM_CLIENT_ID = "abdm-sandbox", "x"
    with pytest.raises(Refused, match=r"gateway\.bridge_https"):
        actions.send_bridge_url(actor=state.actor)


def test_a_district_sees_its_own_links(cast, stand_in):
    district = cast.member("district", Role.DPM, None, "203").client()
    page = district.get(url("links", host=STATE))
    assert [line["hospital"].pk for line in page.context["lines"]] == [cast.green.pk]
    at = {"host": STATE, "facility_id": cast.blue.pk}
    assert district.get(url("link_of", **at)).status_code == 404


# --- people -------------------------------------------------------------------------------


def written(cast, keeper, **told):
    return accounts.set_registers(
        cast.dr_rao.user.pk, accounts.Registers(**told), actor=keeper.actor
    )


def test_a_persons_hpr_id_is_written_and_asked_about(cast, stand_in, keeper, capture):
    at = url("registers", user_id=cast.dr_rao.user.pk)
    told = {"registration_no": "BR-1", "registration_council": "Bihar Council of Medical "
            "Registration", "hpr_id": "71-0000-0000-0002", "hpr_until": "31-03-2027"}  # fmt: skip
    client = keeper.client()
    assert client.post(at, told).status_code == 302
    row = User.objects.get(pk=cast.dr_rao.user.pk)
    assert (row.hpr_id, str(row.hpr_until)) == ("71000000000002", "2027-03-31")
    press(client, capture, at, do="ask")
    page = client.get(at).content.decode()
    assert "Dr Rao · ACTIVE" in page
    assert client.post(at, told).status_code == 302  # twice is once
    assert AuditEvent.objects.filter(event="user.changed").count() == 1


def test_an_hpr_id_that_is_nobodys(cast, stand_in, keeper, capture):
    written(cast, keeper, hpr_id="71000000000999")
    press(keeper.client(), capture, url("registers", user_id=cast.dr_rao.user.pk), do="ask")
    assert registry.note("hpr", "71000000000999").state == "none"
    rows = keeper.client().get(url("care")).context["rows"]
    assert [row["note"].state for row in rows if row["note"]] == ["none"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"hpr_id": "7100"}, "user.hpr_bad"),
        ({"hpr_until": TODAY()}, "user.until_alone"),
        ({"registration_until": TODAY()}, "user.until_alone"),
    ],
)
def test_a_malformed_number_is_refused(cast, keeper, told, code):
    with pytest.raises(Refused, match=code):
        written(cast, keeper, **told)


def test_who_may_write_numbers(cast, keeper):
    dr_khan = accounts.Registers(hpr_id="71000000000003")
    with pytest.raises(Forbidden):
        accounts.set_registers(cast.dr_rao.user.pk, dr_khan, actor=cast.ravi.actor)
    with pytest.raises(Unseen):
        accounts.set_registers(cast.dr_khan.user.pk, dr_khan, actor=keeper.actor)
    with pytest.raises(Refused, match=r"user\.self"):
        accounts.set_registers(keeper.user.pk, dr_khan, actor=keeper.actor)
    written(cast, keeper, hpr_id="71000000000003")
    nurse = cast.member("dr_two", Role.MO, cast.green)
    with pytest.raises(Refused, match=r"user\.hpr_taken"):
        accounts.set_registers(nurse.user.pk, dr_khan, actor=keeper.actor)


@pytest.mark.parametrize(
    ("days", "standing"),
    [(91, ""), (90, "90"), (30, "30"), (8, "30"), (7, "7"), (0, "7"), (-1, "ended")],
)
def test_how_an_end_stands(days, standing):
    today = TODAY()
    assert registry.standing(today + timedelta(days=days), today) == standing


def test_a_person_is_warned_once_at_each_distance(cast, keeper):
    user = cast.dr_rao.user
    user.mobile = "6000012345"
    user.save()
    for days, sent in ((91, 0), (60, 1), (59, 1), (30, 2), (5, 3), (-1, 4), (-2, 4)):
        until = TODAY() + timedelta(days=days)
        User.objects.filter(pk=user.pk).update(registration_no="BR-1", registration_until=until)
        # The day moves, not the end: as if so many nights had gone by.
        RegistryNote.objects.filter(kind="warned").update(
            detail=_with_end(RegistryNote.objects.filter(kind="warned").first(), until)
        )
        actions.registers.warn_of_ends()
        actions.registers.warn_of_ends()
        assert Notice.objects.filter(template="registration-ends").count() == sent
    assert AuditEvent.objects.filter(event="register.warned").count() == 4


def _with_end(note, until):
    return {**note.detail, "until": str(until)} if note else {}


def test_the_list_of_ids_that_need_care(cast, keeper, state):
    client, today = keeper.client(), TODAY()
    written(cast, keeper, registration_no="BR-1", registration_until=today - timedelta(days=3),
            hpr_id="71000000000002", hpr_until=today + timedelta(days=20))  # fmt: skip
    page = client.get(url("care"))
    assert {row["user"].pk for row in page.context["rows"]} == {cast.dr_rao.user.pk}
    assert page.context["counts"] == {"all": 1, "ended": 1, "soon": 1, "missing": 0}
    assert [row["standing"] for row in page.context["hospitals"]] == ["missing"]
    for what in ("ended", "soon", "missing"):
        assert client.get(url("care"), {"what": what}).status_code == 200
    assert client.get(url("care"), {"what": "other"}).status_code == 404
    Facility.objects.filter(pk=cast.green.pk).update(hfr_id=HFR, hfr_until=today)
    wide = state.client().get(url("care", host=STATE))
    assert len(wide.context["hospitals"]) == 2


def test_the_staff_page_tells_of_it(cast, keeper):
    written(cast, keeper, registration_no="BR-1", registration_until=TODAY() - timedelta(days=1))
    manager = cast.manager.client()
    page = manager.get(f"/staff/{cast.dr_rao.user.pk}/").content.decode()
    assert url("registers", user_id=cast.dr_rao.user.pk) in page
    (number, _) = registers.numbers(User.objects.get(pk=cast.dr_rao.user.pk))
    assert number.standing == "ended"
    assert f"{TODAY() - timedelta(days=1):%d-%m-%Y}" in page


def test_the_night_asks_about_all(cast, stand_in, keeper, capture):
    facilities.set_hfr(cast.green.pk, hfr_id=HFR, until=None, actor=keeper.actor)
    written(cast, keeper, hpr_id="71000000000002")
    with capture(execute=True):
        actions.registers.check_registers()
    assert registry.note("hfr", HFR).state == "found"
    assert registry.note("hpr", "71000000000002").state == "found"
    assert registry.note("service", GREEN_ID).state == "found"
