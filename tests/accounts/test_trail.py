"""Who did what: by person and kind, within the own places, never a patient."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts import trail
from apps.accounts.permissions import Role
from apps.audit.queries import told
from apps.core.ids import uuid7
from apps.facilities import actions as facilities
from apps.facilities import queries as places
from tests.encounters import people


@pytest.fixture
def worked(cast):
    """Asha came: Ravi registered her, Rita skipped her vitals."""
    return people.at_the_doctor(cast)


@pytest.fixture
def auditor(cast):
    return cast.member("auditor", Role.AUD, None)


def test_it_works(cast, worked, auditor):
    html = auditor.client().get("/admin/audit?lang=en").content.decode()
    assert "Ravi" in html and "encounter.started" in html and "Green PHC" in html
    for personal in (str(worked.patient_id), str(worked.pk), worked.number, "आशा", "9835022714"):
        assert personal not in html
    only = auditor.client().get("/admin/audit?kind=vitals&lang=en").content.decode()
    assert "vitals.skipped" in only and "encounter.started" not in only
    mine = auditor.client().get(f"/admin/audit?who={cast.rita.user.pk}").content.decode()
    assert "patient.registered" not in mine.split('id="rows"')[1]


def test_a_masked_role_sees_sums_of_its_own_place_alone(cast, worked):
    html = cast.ds.client().get("/admin/audit?lang=en").content.decode()
    assert "encounter.started" in html and 'id="rows"' not in html
    surgeon = cast.member("cs_other", Role.CS, None, "212")
    other = surgeon.client().get("/admin/audit?lang=en").content.decode()
    assert "Ravi" not in other and "encounter.started" not in other
    near = cast.member("cs_near", Role.CS, None, cast.green.district_code)
    assert "encounter.started" in near.client().get("/admin/audit?lang=en").content.decode()


def test_days_are_turned_round_and_cut_to_a_month():
    today = date(2026, 11, 29)
    assert trail.days(None, None, today=today) == (today, today)
    early = today - timedelta(days=5)
    assert trail.days(today, early, today=today) == (early, today)
    first, last = trail.days(date(1990, 1, 1), date(2050, 1, 1), today=today)
    assert (last - first).days == 30 and last == today
    first, last = trail.days(date(1990, 1, 1), today, today=today, wide=True)
    assert (last - first).days == 1  # over many hospitals


@pytest.mark.parametrize("query", ["from=rubbish&to=1", "who=1", "kind=%27--", "from=2030-01-01"])
def test_rubbish_in_the_address_is_no_error(cast, worked, auditor, query):
    assert auditor.client().get(f"/admin/audit?{query}").status_code == 200


def test_codes_are_told_and_ids_are_not():
    detail = {"user": str(uuid7()), "role": "MO", "number": "GRN-20261129-00017",
              "day": "2026-11-29", "list": ["a", str(uuid7())]}  # fmt: skip
    assert told(detail) == "day 2026-11-29 · list a · role MO"


def test_settings_keep_their_history_with_old_and_new(cast):
    config = places.config(cast.green)
    changed = replace(config, fee_rupees=5, vitals_first=False)
    facilities.configure(cast.green.pk, config=changed, actor=cast.manager.actor)
    (row,) = trail.changes_of(cast.green.pk, today=timezone.localdate())
    assert "fee_rupees: [0, 5]" in row["deed"].told and "vitals_first: [1, 0]" in row["deed"].told
    html = cast.manager.client().get("/settings/history?lang=en").content.decode()
    assert "fee_rupees" in html and "Manager" in html
    assert trail.changes_of(cast.blue.pk, today=timezone.localdate()) == []
