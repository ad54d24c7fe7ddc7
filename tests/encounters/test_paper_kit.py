"""The paper kit: numbers put aside, a slip typed in later, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions, paper_slips, queries
from apps.encounters.models import Encounter, QueueToken
from apps.patients.models import Patient
from tests.encounters import people


def kit(cast, count=3, **told):
    return actions.reserve_slips(count, id=told.pop("id", uuid7()), actor=cast.ravi.actor)


def slip(cast, made, n=0):
    return paper_slips.slips_of(cast.green, made)[n]


def typed(cast, text, **told):
    words = {
        "id": uuid7(), "department": "MED", "happened_at": timezone.now() - timedelta(hours=3),
        "patient": {"id": uuid7(), "name_hi": "राम", "sex": "male", "age": 61},
        "actor": cast.ravi.actor, **told,
    }  # fmt: skip
    return actions.type_in(text, **words)


def test_it_works(cast):
    one = slip(cast, kit(cast))
    at = timezone.now() - timedelta(hours=3)
    visit = typed(cast, f"{one.number} {one.check}", happened_at=at)
    assert (visit.number, visit.code, visit.started_at) == (one.number, one.code, at)
    assert visit.typed_at > at
    assert (visit.status, visit.token.status, visit.token.station) == ("finished", "done", "none")
    assert queries.past_visits(visit.patient_id)[0]["number"] == one.number
    event = AuditEvent.objects.get(event="encounter.typed_in")
    assert event.detail == {"department": "MED", "minutes_late": 180}


def test_the_qr_of_the_slip_is_read_too(cast):
    one = slip(cast, kit(cast))
    address = f"http://green-phc.bhavya.localhost:8000/s/{one.code}?n={one.number}"
    assert typed(cast, address).number == one.number
    assert queries.scanned(address).number == one.number  # later: as any other slip


def test_a_patient_who_still_waits_gets_a_token_of_now(cast):
    live = people.visit(cast)
    one = slip(cast, kit(cast))
    visit = typed(cast, f"{one.number}-{one.check}", still_waiting=True)
    assert (visit.status, visit.token.status, visit.token.station) == (
        "planned", "waiting", "vitals",
    )  # fmt: skip
    assert visit.token.number == live.token.number + 1


def test_live_numbers_go_round_the_kit(cast):
    before = people.visit(cast)
    made = kit(cast, 50)
    after = people.visit(cast, name_hi="मीना", mobile="9835022715")
    assert [int(v.number[-6:]) for v in (before, after)] == [made.first - 1, made.last + 1]


def test_it_is_safe_to_send_twice(cast):
    same, form = uuid7(), uuid7()
    assert kit(cast, id=same) == kit(cast, id=same)
    one = slip(cast, kit(cast, id=same))
    first = typed(cast, f"{one.number}-{one.check}", id=form)
    assert typed(cast, f"{one.number}-{one.check}", id=form).pk == first.pk
    assert Encounter.objects.count() == QueueToken.objects.count() == Patient.objects.count() == 1


def test_each_slip_only_once(cast):
    one = slip(cast, kit(cast))
    typed(cast, f"{one.number}-{one.check}")
    with pytest.raises(Refused, match=r"paper\.used"):
        typed(cast, f"{one.number}-{one.check}")
    assert Patient.objects.count() == 1


def test_it_refuses_what_is_no_slip_of_ours(cast):
    one = slip(cast, kit(cast))
    year = timezone.localdate().year
    with facility_context(cast.blue.pk):
        foreign = paper_slips.slip_of(cast.blue, year, 1)
    live = people.visit(cast)
    for text in (
        "", "hello", one.number, f"{one.number}-0000", f"{live.number}-AAAA",
        f"{foreign.number}-{foreign.check}", f"http://x/s/{one.code}?n={live.number}",
    ):  # fmt: skip
        with pytest.raises(Refused, match=r"paper\.unknown"):
            typed(cast, text)


@pytest.mark.parametrize("ago", [timedelta(days=31), timedelta(minutes=-5)])
def test_it_refuses_a_time_that_cannot_be(cast, ago):
    one = slip(cast, kit(cast))
    with pytest.raises(Refused, match=r"paper\.time"):
        typed(cast, f"{one.number}-{one.check}", happened_at=timezone.now() - ago)


@pytest.mark.parametrize("count", [0, 301, -1])
def test_it_refuses_a_kit_of_no_sense(cast, count):
    with pytest.raises(Refused, match=r"paper\.count"):
        kit(cast, count)


def test_a_pharmacist_may_not(cast):
    with pytest.raises(Forbidden):
        actions.reserve_slips(1, id=uuid7(), actor=cast.meena.actor)
    with pytest.raises(Forbidden):
        typed(cast, "x", actor=cast.meena.actor)


def test_the_pages(cast):
    client = cast.ravi.client()
    answer = client.post("/reg/paper", {"id": uuid7(), "count": "२"})
    page = client.get(answer["Location"]).content.decode()
    assert page.count("<svg") == 2
    key = answer["Location"].split("/")[3]
    with facility_context(cast.green.pk):
        made, asha = queries.kit_with(key), people.asha(cast)
    one, two = slip(cast, made), slip(cast, made, 1)
    for paper in ("a5", "rx"):
        page = client.get(f"/reg/paper/{key}/print?paper={paper}&stay").content.decode()
        assert one.number in page
    assert client.get(f"/reg/paper/{key}/print?paper=x").status_code == 404
    assert client.post("/reg/paper", {"id": uuid7(), "count": "900"}).status_code == 422
    form = {
        "slip": f"{one.number}-{one.check}", "patient_id": uuid7(), "visit_id": uuid7(),
        "name": "Ram Kumar", "age": "६१", "sex": "male", "department": "MED",
        "day": f"{timezone.localdate():%Y-%m-%d}", "clock": "0001",
    }  # fmt: skip
    bad = client.post("/reg/paper/type", {**form, "clock": "99:99", "name": ""})
    assert bad.status_code == 422
    assert b"Ram" not in bad.content
    assert client.post("/reg/paper/type", form).status_code == 302
    again = client.get(f"/reg/paper/type?q={one.number}-{one.check}")
    assert again.status_code == 422
    known = {**form, "slip": f"{two.number}-{two.check}", "visit_id": uuid7(), "mrn": asha.mrn,
             "name": "", "age": "", "sex": ""}  # fmt: skip
    assert client.post("/reg/paper/type", {**known, "mrn": "GRN-P-9"}).status_code == 422
    assert client.post("/reg/paper/type", known).status_code == 302
    with facility_context(cast.green.pk):
        assert Encounter.objects.get(number=two.number).patient_id == asha.pk
