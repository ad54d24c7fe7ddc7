"""Schedule H1 and controlled drugs: who got what, and the running balance; as page and as PDF."""

from decimal import Decimal

import pytest
from django.utils import timezone

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import storage
from apps.pharmacy import actions, queries
from apps.pharmacy.actions import Give, registers
from apps.terminology.models import Catalogue, Medication
from tests.pharmacy.shelf import give, lot, signed


@pytest.fixture
def controlled(cast):
    """Ten of a controlled drug and ten of Schedule H1 handed to Asha."""
    prescription, lines = signed(cast, "T-PARA", "T-IBU")
    for code, detail in (
        ("T-PARA", {"ndps_class": "narcotic"}),
        ("T-IBU", {"drug_schedule": "H1"}),
    ):
        Medication.objects.filter(code=code).update(detail=detail)
    Catalogue.objects.update(stamp=uuid7())  # lists in memory are old now
    lot(cast)
    lot(cast, "T-IBU")
    give(cast, prescription, *(Give(line.pk, Decimal(10)) for line in lines))


def test_the_balance_runs(cast, controlled):
    today = timezone.localdate()
    (drug,) = queries.register("ndps", today, today)["drugs"]
    assert (drug["opening"], drug["closing"]) == ("0", "90")
    assert [(row["in"], row["out"], row["balance"]) for row in drug["rows"]] == [
        ("100", "", "100"), ("", "10", "90"),
    ]  # fmt: skip
    assert drug["rows"][1]["to"]["patient"]["name_en"]


def test_h1_names_patient_prescriber_and_quantity(cast, controlled):
    today = timezone.localdate()
    (row,) = queries.register("h1", today, today)["rows"]
    assert (row["drug"], row["quantity"]) == ("Ibuprofen 400 mg", "10")
    assert row["doctor"]["registration_no"] == "DEMO-0001"


def test_the_pdf_is_made_by_a_job(cast, controlled, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    today, job_id = timezone.localdate(), uuid7()
    asked = actions.ask_register(
        "ndps", id=job_id, first=today, last=today, language="en", actor=cast.meena.actor
    )
    assert asked["percent"] == 0
    actions.draw_register(job_id)
    assert registers.state(job_id)["percent"] == 100
    data = storage.read(registers.file_key(job_id))
    assert data is not None and data[:5] == b"%PDF-"
    client = cast.meena.client()
    assert client.get(f"/stock/registers/{job_id}.pdf").status_code == 200
    assert cast.dr_khan.client().get(f"/stock/registers/{job_id}.pdf").status_code in (403, 404)


@pytest.mark.parametrize(
    "kind, days, code", [("x", 0, "kind"), ("h1", 400, "days"), ("h1", -1, "days")]
)
def test_it_refuses(cast, kind, days, code):
    today = timezone.localdate()
    with pytest.raises(Refused, match=code):
        actions.ask_register(kind, id=uuid7(), first=today, last=today + timezone.timedelta(days),
                             language="hi", actor=cast.meena.actor)  # fmt: skip


def test_a_doctor_may_not(cast):
    today = timezone.localdate()
    with pytest.raises(Forbidden):
        actions.ask_register("h1", id=uuid7(), first=today, last=today, language="hi",
                             actor=cast.dr_rao.actor)  # fmt: skip
