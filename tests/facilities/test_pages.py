"""The district admin's pages, in both languages, with good and bad input."""

import pytest
from django.urls import reverse

from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.facilities import queries
from apps.facilities.models import Facility
from apps.terminology.actions import load_list as load_terms
from apps.terminology.lists import CATALOGUES
from tests.cast import Cast
from tests.facilities.master import LOADER, entry, load_places
from tests.facilities.routes import green

STATE = "bhavya.urls_public"


def url(name, **kwargs):
    return reverse(f"facilities:{name}", urlconf=STATE, kwargs=kwargs)


@pytest.fixture
def neha(cast: Cast):
    """Green's district admin; Green is live, T1 is only listed."""
    load_places()
    green(cast)
    entry()
    return cast.neha.client()


def typed(**fields):
    return {"id": uuid7(), "level": "PHC", "slug": "phc-test", "number_prefix": "TST", **fields}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize(
    "name, code",
    [
        ("register", None),
        ("hospital", "T1"),
        ("hospital", "TEST-GRN"),
        ("onboard", "T1"),
        ("progress", "TEST-GRN"),
        ("retire", "TEST-GRN"),
        ("settings_of", "TEST-GRN"),
    ],
)
def test_every_page_answers(neha, language, name, code):
    neha.cookies["lang"] = language
    answer = neha.get(url(name, **({"code": code} if code else {})))
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    assert ("अस्पताल" in answer.content.decode()) or language == "en"


def test_the_register_is_that_of_the_own_district(neha, cast: Cast):
    entry("FAR", district_code="212")
    page = neha.get(url("register")).content.decode()
    assert "T1" in page and "FAR" not in page
    everywhere = cast.member("boss", "SHQ", None).client()
    assert "FAR" in everywhere.get(url("register")).content.decode()
    assert "FAR" not in everywhere.get(url("register") + "?district=203").content.decode()


def test_search_filter_and_pager(neha, cast: Cast):
    for n in range(60):
        entry(f"N{n:02}", name_en=f"Naya {n:02}", search_key=f"nai {n:02}")
    listing = queries.listing(cast.neha.actor)
    assert (listing.first, listing.last, listing.total) == (1, 50, 62)
    assert queries.listing(cast.neha.actor, page=2).last == 62
    assert queries.listing(cast.neha.actor, page=99).page == 2
    assert queries.listing(cast.neha.actor, text="naya 07").total == 1
    assert queries.listing(cast.neha.actor, status="active").total == 1
    assert queries.listing(cast.neha.actor, kind="DH").total == 0
    assert listing.counts["all"] == 62 and listing.counts["active"] == 1
    odd = neha.get(url("register") + "?page=x&status=nonsense&q=%00")
    assert odd.status_code == 200


def test_another_districts_hospital_is_not_there_and_leaves_a_row(neha, cast: Cast):
    entry("FAR", district_code="212")
    for name in ("hospital", "onboard", "progress", "retire", "settings_of"):
        assert neha.get(url(name, code="FAR")).status_code == 404
        assert neha.get(url(name, code="NONE")).status_code == 404
    assert neha.post(url("onboard", code="FAR"), typed()).status_code == 404
    assert AuditEvent.objects.filter(event="access.refused").count() == 6
    assert not Facility.objects.filter(register_code="FAR").exists()


def test_bringing_on_board_answers_202_with_a_card(neha, django_capture_on_commit_callbacks):
    data = typed()
    with django_capture_on_commit_callbacks(execute=True):
        answer = neha.post(url("onboard", code="T1"), data, headers={"HX-Request": "true"})
        assert answer.status_code == 202
        assert 'hx-trigger="every 2s"' in answer.content.decode()
    done = neha.get(url("progress", code="T1"), headers={"HX-Request": "true"})
    assert "every 2s" not in done.content.decode()  # the last card asks no more
    assert "phc-test.bhavya.localhost" in done.content.decode()
    assert neha.post(url("onboard", code="T1"), data).status_code == 202  # sent twice
    assert Facility.objects.filter(register_code="T1").count() == 1
    assert neha.post(url("onboard", code="T1"), typed()).status_code == 422  # another form


def test_the_preview_follows_the_level(neha):
    load_terms(CATALOGUES[0], actor=LOADER)
    neha.cookies["lang"] = "en"
    for level, eye in (("DH", True), ("PHC", False)):
        preview = neha.get(url("onboard", code="T1") + f"?level={level}")
        assert ("E · Eye" in preview.content.decode()) is eye
    lists = neha.get(reverse("terminology:level", urlconf=STATE) + "?level=PHC")
    assert lists.status_code == 200
    assert neha.get(reverse("terminology:level", urlconf=STATE) + "?level=X").status_code == 404


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("slug", "", "Enter the web address."),
        ("slug", "पता", "small English letters"),
        ("slug", "green-phc", "Another hospital has this address"),
        ("slug", "www", "Another hospital has this address"),
        ("number_prefix", "G", "3 to 5 English letters"),
        ("number_prefix", "GRN", "Another hospital has this number prefix"),
        ("level", "", "Choose the level"),
        ("level", "SPA", "SPA"),
    ],
)
def test_what_is_wrong_is_said_with_422(neha, field, value, sentence):
    neha.cookies["lang"] = "en"
    answer = neha.post(url("onboard", code="T1"), typed(**{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Facility.objects.filter(register_code="T1").exists()


def test_retiring_takes_two_steps_and_shuts_the_host(
    neha, cast: Cast, django_capture_on_commit_callbacks
):
    page = url("retire", code="TEST-GRN")
    assert neha.post(page, {"reason": "closed", "slug": "wrong"}).status_code == 422
    assert neha.post(page, {"slug": "green-phc"}).status_code == 422
    assert cast.dr_rao.client().get("/me").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert neha.post(page, {"reason": "closed", "slug": "green-phc"}).status_code == 302
    assert cast.dr_rao.client().get("/me").status_code == 410
    assert AuditEvent.objects.get(event="facility.retired").detail == {"reason": "closed"}
