"""Keys of other departments' programs: given by who may, shown once, ended, counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import actions, api_keys
from apps.accounts.models import ApiKey
from apps.accounts.permissions import Role
from apps.accounts.reach import reach_of
from apps.audit.models import AuditEvent
from apps.core.actor import Permission, Scope
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7

COUNTS = ["aggregate.read"]
RECORDS = ["system/Patient.rs"]


def last_day(days=30):
    return timezone.localdate() + timedelta(days=days)


def made(actor, **fields):
    told = {"id": uuid7(), "programme": "NHA dashboard", "scopes": COUNTS, "scope": Scope.STATE,
            "last_day": last_day(), **fields}  # fmt: skip
    return actions.create_api_key(**told, actor=actor)


@pytest.fixture
def shq(cast):
    return cast.member("shq", Role.SHQ, None)


@pytest.fixture
def civil_surgeon(cast):
    return cast.member("cs", Role.CS, None, cast.green.district_code)


def test_it_works(cast, shq, django_assert_num_queries):
    row, secret = made(shq.actor, scopes=RECORDS)
    assert secret.startswith("bhv_") and secret.split("_")[2] not in row.secret_hash
    with django_assert_num_queries(1):
        key = api_keys.key_of(secret)
    assert key.id == row.pk and key.allows(api_keys.KeyScope.PATIENT)
    assert not key.allows(api_keys.KeyScope.ENCOUNTER) and key.covers(cast.blue)
    event = AuditEvent.objects.get(event="api_key.created")
    assert event.detail == {"scopes": RECORDS} and event.subject_id == row.pk


def test_it_is_safe_to_send_twice(shq):
    id = uuid7()
    first, again = made(shq.actor, id=id), made(shq.actor, id=id)
    assert first == again and ApiKey.objects.count() == 1
    actions.note_key_use(id)
    with pytest.raises(Refused, match=r"key\.shown"):
        made(shq.actor, id=id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"programme": "  "}, "key.nameless"),
        ({"scopes": []}, "key.no_scope"),
        ({"last_day": last_day(-1)}, "key.dates"),
        ({"last_day": last_day(400)}, "key.dates"),
    ],
)
def test_it_refuses_a_key_without_a_name_reads_or_end(shq, fields, code):
    with pytest.raises(Refused, match=code):
        made(shq.actor, **fields)
    assert not ApiKey.objects.exists()


def test_records_are_opened_by_who_approves(cast, civil_surgeon):
    here = {"scope": Scope.DISTRICT, "place_code": cast.green.district_code}
    dpm = cast.member("dpm", Role.DPM, None, cast.green.district_code)
    made(dpm.actor, **here)
    with pytest.raises(Refused, match=r"key\.personal"):
        made(dpm.actor, **here, scopes=RECORDS)
    _row, secret = made(civil_surgeon.actor, **here, scopes=RECORDS)
    key = api_keys.key_of(secret)
    assert key.covers(cast.green) and not key.covers(cast.blue)


def test_nobody_gives_or_takes_beyond_the_own_places(cast, shq, civil_surgeon):
    with pytest.raises(Unseen):
        made(civil_surgeon.actor)
    with pytest.raises(Unseen):
        made(civil_surgeon.actor, scope=Scope.FACILITY, facility_id=cast.blue.pk)
    row, secret = made(shq.actor)
    with pytest.raises(Unseen):
        actions.revoke_api_key(row.pk, actor=civil_surgeon.actor)
    assert api_keys.key_of(secret) and api_keys.rows(civil_surgeon.actor) == []


def test_a_clerk_may_not(cast):
    with pytest.raises(Forbidden):
        made(cast.ravi.actor, scope=Scope.FACILITY, facility_id=cast.green.pk)


def test_taken_back_or_ended_it_opens_nothing(shq):
    row, secret = made(shq.actor)
    actions.revoke_api_key(row.pk, actor=shq.actor)
    actions.revoke_api_key(row.pk, actor=shq.actor)
    assert api_keys.key_of(secret) is None
    assert AuditEvent.objects.filter(event="api_key.revoked").count() == 1
    row, secret = made(shq.actor)
    ApiKey.objects.update(expires_at=timezone.now())
    assert api_keys.key_of(secret) is None
    assert api_keys.key_of(secret[:-1]) is None and api_keys.key_of("bhv_x_y") is None


def test_a_programme_reaches_what_its_key_names(cast, shq):
    _row, secret = made(shq.actor, scope=Scope.DISTRICT, place_code=cast.green.district_code)
    actor = api_keys.key_of(secret).actor()
    assert reach_of(actor).facility_ids == {cast.green.pk}
    assert actor.sees(Permission.DASH_DISTRICT) and not actor.sees(Permission.DASH_STATE)
    assert reach_of(api_keys.key_of(secret).actor(cast.green)).facility_ids == {cast.green.pk}
    assert not actor.sees(Permission.SENSITIVE_VIEW)


def test_the_pages_show_the_key_once(cast, shq):
    client, id = shq.client(), uuid7()
    assert client.get("/keys/").status_code == client.get("/keys/new").status_code == 200
    form = {"id": id, "programme": "TB cell", "scopes": [*COUNTS, *RECORDS], "place": "s:",
            "last_day": last_day().isoformat()}  # fmt: skip
    answer = client.post("/keys/new", form)
    secret = api_keys.secret_of(id)
    assert answer.status_code == 201 and secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    shown = client.get("/keys/").content.decode()
    assert "TB cell" in shown and secret not in shown
    assert client.post(f"/keys/{id}/revoke").status_code == 302
    assert client.post("/keys/new", form).status_code == 422


def test_an_office_is_offered_its_own_places(cast, shq, civil_surgeon):
    own = {place.code for place in api_keys.places_for(civil_surgeon.actor)}
    assert f"f:{cast.green.pk}" in own and not own & {"s:", f"f:{cast.blue.pk}"}
    whole = [place.code for place in api_keys.places_for(shq.actor)]
    assert whole[0] == "s:" and {f"f:{cast.green.pk}", f"f:{cast.blue.pk}"} <= set(whole)
    assert api_keys.place_in(f"d:{cast.green.district_code}") == {
        "scope": Scope.DISTRICT, "facility_id": None, "place_code": cast.green.district_code,
    }  # fmt: skip


def test_a_bad_form_says_where(shq):
    answer = shq.client().post("/keys/new", {"id": uuid7(), "place": "f:else"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"programme", "scopes", "place", "last_day"}
