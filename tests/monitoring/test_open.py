"""What everybody may see: light, kept by whoever is between, in Hindi first, no person."""

import gzip
import re

import pytest
from django.test import Client
from django.utils import timezone

from apps.facilities.models import Facility
from apps.monitoring.models import FacilityDay, HospitalNow
from apps.supply.models import StockLevel
from apps.terminology.models import Medication
from tests.house.test_budget import FILE, weight
from tests.monitoring.clock import stand_at
from tests.monitoring.counted import settle_days

HOSPITAL = "/h/green-phc/"


@pytest.fixture
def morning(districts, cast, monkeypatch):
    stand_at(monkeypatch)
    config = {**cast.green.config, "sessions": [{"code": "1", "starts": "09:00", "ends": "14:00"}]}
    Facility.objects.filter(pk=cast.green.pk).update(config=config)
    HospitalNow.objects.create(
        facility_id=cast.green.pk, at=timezone.now(), waiting=23, seated=1, posted=2,
        departments=[{"code": "MED", "name_hi": "सामान्य चिकित्सा", "name_en": "General Medicine",
                      "doctors": 1, "waiting": 3}],
    )  # fmt: skip
    FacilityDay.objects.create(
        facility_id=cast.green.pk, day=timezone.localdate(), event="wait/030", n=20
    )
    settle_days()
    for code, usable, use in (("X1", 50, 5), ("X2", 0, 5), ("X3", 0, 0)):
        Medication.objects.create(
            code=code, generic_name=f"Medicine {code}", strength="5 mg", form="tablet"
        )
        StockLevel.objects.create(
            facility=cast.green, district_code="203", medication_code=code, usable=usable,
            weekly_use=use,
        )  # fmt: skip
    return cast


def read(path, **headers):
    answer = Client().get(path, headers={"host": "bhavya.localhost", **headers})
    return answer, answer.content.decode()


def test_it_works(morning):
    answer, page = read(f"{HOSPITAL}?lang=en")
    assert answer.status_code == 200
    assert "nine of ten patients: at most 35 min" in page and "Waiting now</dt><dd>23" in page
    assert "1 doctor has called patients today" in page and "waiting now: &lt;5" in page
    assert "Medicine X1 5 mg" in page and "1 medicine is out today" in page
    assert "Medicine X3" not in page  # nobody uses it here
    assert "50" not in re.sub(r"<style.*?</style>", "", page.split("<h2>Medicines")[1])


def test_hindi_first_and_english_by_address(morning):
    assert 'lang="hi"' in read("/h/")[1] and "हरित" in read("/h/in/203/")[1]
    assert "Green PHC" in read("/h/in/203/?lang=en")[1]
    assert 'lang="hi"' in read("/h/", **{"Accept-Language": "en"})[1]


def test_it_may_be_kept_by_anybody_and_is_drawn_once_a_minute(morning):
    first, page = read(HOSPITAL)
    assert first["Cache-Control"] == "public, max-age=60" and not first.cookies
    assert "cookie" not in first.get("Vary", "").lower()
    staff = morning.manager.client("bhavya.localhost").get(HOSPITAL)
    assert not staff.cookies and "cookie" not in staff.get("Vary", "").lower()
    assert staff.content.decode() == page
    HospitalNow.objects.update(waiting=99)
    assert read(HOSPITAL)[1] == page


def test_it_names_nobody(morning):
    _ = morning.dr_rao, morning.manager
    for path in ("/h/", "/h/in/203/", HOSPITAL):
        for lang in ("", "?lang=en"):
            page = read(path + lang)[1]
            assert "Dr Rao" not in page and "dr_rao" not in page and "csrf" not in page


@pytest.mark.parametrize("path", ["/h/in/999/", "/h/nowhere/", "/h/in/x'--/"])
def test_what_is_not_there_is_not_found(morning, path):
    assert read(path)[0].status_code == 404


def test_a_closed_hospital_is_gone(morning):
    Facility.objects.filter(pk=morning.green.pk).update(status="retired")
    assert read(HOSPITAL)[0].status_code == 404


def test_it_weighs_less_than_fifty_kilobytes(morning):
    """Without the font, which a device that has Hindi never fetches."""
    for path in ("/h/", "/h/in/203/", HOSPITAL):
        page = read(path)[1]
        files = {file for file in FILE.findall(page) if file.startswith("/")}
        assert files and len(gzip.compress(page.encode())) + sum(map(weight, files)) < 50 * 1024
        assert "<script" not in page
