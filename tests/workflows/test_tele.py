"""Tele-consultation: one link a visit for both sides; one list over all hospitals."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from apps.accounts.models import PractitionerRole
from apps.encounters import queries as visits
from apps.facilities.config import Room
from apps.portal import queries as portal
from apps.workflows import tele
from tests.cast import CONFIG
from tests.workflows.visits import asha_at_the_doctor, call

LINK = "https://video.example.in/r/{visit}?lang=hi"


@pytest.fixture
def tele_room(cast):
    rooms = (*CONFIG.rooms[1:], Room("7", "MED", "टेली", "Tele", "tele"))
    cast.green.config = replace(CONFIG, rooms=rooms, tele_link=LINK).as_json()
    cast.green.save()
    connection.set_tenant(cast.green)


def test_it_works(cast, tele_room):
    visit = call(cast, asha_at_the_doctor(cast))
    link = visits.tele_link(visit)
    part = link.removeprefix("https://video.example.in/r/").removesuffix("?lang=hi")
    assert len(part) == 32
    assert str(visit.pk) not in link and visit.code not in link
    other = call(cast, asha_at_the_doctor(cast, mobile="9835000000"))
    assert visits.tele_link(other) != link
    assert portal.place_in_queue(visit)["tele"] == link
    page = cast.dr_rao.client().get(f"/opd/{visit.number}/").content.decode()
    assert link.replace("&", "&amp;") in page


def test_no_link_without_a_tele_room(cast):
    visit = call(cast, asha_at_the_doctor(cast))
    assert visits.tele_link(visit) == ""


def test_one_list_over_all_hospitals(cast, tele_room):
    asha_at_the_doctor(cast)
    connection.set_schema_to_public()
    rows = tele.everywhere(cast.dr_rao.user.pk)
    assert [(r["place"].slug, r["waiting"], r["called"]) for r in rows] == [("green-phc", 1, 0)]
    assert tele.everywhere(cast.dr_khan.user.pk) == []
    PractitionerRole.objects.create(
        user=cast.dr_khan.user, role="SPC", scope="facility", facility=cast.green,
        from_date=date(2026, 1, 1), kind="deputation",
    )  # fmt: skip
    assert len(tele.everywhere(cast.dr_khan.user.pk)) == 1
    page = cast.dr_khan.client("bhavya.localhost").get("/tele/").content.decode()
    assert "green-phc.bhavya.localhost" in page
    assert "आशा" not in page
