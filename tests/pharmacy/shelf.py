"""What the tests of the counter start from: a signed prescription, and lots on the counter."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from apps.core.fold import fold
from apps.core.ids import uuid7
from apps.pharmacy import actions
from apps.prescriptions import actions as prescriptions
from apps.terminology.models import Catalogue, Medication
from apps.workflows.actions import finish_consultation
from tests.workflows import visits

COUNTER = "counter-1"


def drug(code, name, *, form="Tablet", strength="500 mg", schedule="H", ndps="", route="Oral"):
    """A medicine of the catalogue, with the columns that the registers read."""
    Catalogue.objects.update(stamp=uuid7())  # lists in memory are old now
    return Medication.objects.create(
        code=code, generic_name=name, name_hi=name, form=form, strength=strength, route=route,
        search_key=fold(name), provenance="test", at_primary=True,
        detail={"drug_schedule": schedule, "ndps_class": ndps},
    )  # fmt: skip


def lot(cast, code="T-PARA", *, quantity=100, days=90, batch="B-1", store=COUNTER, **more):
    return actions.receive(
        id=uuid7(), medication_code=code, batch_no=batch, unit="tab", store=store,
        expiry=timezone.localdate() + timedelta(days=days), quantity=Decimal(quantity),
        actor=cast.arun.actor, **more,
    )  # fmt: skip


def signed(cast, *codes, dose="1-0-1", days=5, tests=(), mobile="9835022714"):
    """Asha's prescription, signed by Dr Rao: two a day for five days, ten tablets each."""
    visit = visits.call(cast, visits.asha_at_the_doctor(cast, mobile=mobile))
    medicines = [
        {"code": code, "dose": dose, "when": "after", "days": days, "quantity": None, "note": "",
         "reason": ""}
        for code in codes or ("T-PARA",)
    ]  # fmt: skip
    visit = visits.write(cast, visit, medicines=medicines, tests=list(tests))
    form_id = uuid7()
    finish_consultation(
        visit.pk, id=form_id, pin=visits.PIN, version=visit.draft_version, actor=cast.dr_rao.actor
    )
    with transaction.atomic():
        prescription, held = prescriptions.hold(form_id)
    return prescription, list(held.values())


def give(cast, prescription, *gives, id=None, store=COUNTER, actor=None):
    return actions.hand_over(
        prescription.pk, id=id or uuid7(), store=store, gives=gives,
        actor=actor or cast.meena.actor,
    )  # fmt: skip
