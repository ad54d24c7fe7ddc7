"""The first page sends each role to its work."""

from datetime import date

import pytest

from apps.accounts.models import PractitionerRole
from apps.accounts.permissions import Role

STATE = "bhavya.localhost"


def add_posting(member, facility):
    PractitionerRole.objects.create(
        user=member.user, role="NUR", scope="facility", facility=facility,
        from_date=date(2026, 1, 1), to_date=date(2099, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.HM, Role.DS])
def test_managers_go_to_their_staff(cast, role):
    assert cast.member("m", role, cast.green).client().get("/")["Location"] == "/staff/"


def test_a_role_without_pages_yet_gets_a_calm_page(cast):
    answer = cast.member("kitchen", Role.KIT, cast.green).client().get("/")
    assert answer.status_code == 200


def test_one_place_is_gone_to_at_once_two_are_shown(cast):
    client = cast.rita.client(STATE)
    assert client.get("/")["Location"].startswith("http://green-phc.bhavya.localhost")
    add_posting(cast.rita, cast.blue)
    assert client.get("/")["Location"] == "/duty"
    page = client.get("/duty").content.decode()
    assert "http://green-phc." in page and "http://blue-chc." in page and "01-01-2099" in page


def test_a_retired_hospital_is_no_place_to_go(cast):
    type(cast.green).objects.filter(pk=cast.green.pk).update(status="retired")
    assert cast.rita.client(STATE).get("/").status_code == 403


def test_a_stranger_to_this_hospital_is_shown_the_own_one(cast):
    answer = cast.dr_khan.client("green-phc.bhavya.localhost").get("/")
    assert answer.status_code == 403
    assert "http://blue-chc." in answer.content.decode()


def test_own_work_leads_the_menu_and_the_rest_is_folded(cast):
    page = cast.dr_rao.client().get("/opd/").content.decode()
    menu = page.split('class="bh-nav"')[1].split("</nav>")[0]
    inline, folded = menu.split("<details")
    assert inline.split('href="')[1].startswith("/opd/")
    assert inline.count("<a ") == 4
    assert "<summary>" in folded and folded.count("<a ") > 2
