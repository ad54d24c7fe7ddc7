"""A patient who has come as far as the doctor's door, made through the verbs of the desk."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from apps.accounts import actions as accounts
from apps.core.fold import fold
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.patients import actions as patients
from apps.terminology.models import Catalogue, Code, Medication

PIN = "2580"
__all__ = ["PIN", "asha_at_the_doctor", "call", "catalogue_of_the_test", "write"]


def catalogue_of_the_test():
    """A small catalogue: names as in the real one, so that the safety rules know them."""
    drugs = (
        ("T-PARA", "Paracetamol", "पैरासिटामोल", "Tablet", "500 mg"),
        ("T-AMOX", "Amoxicillin", "एमोक्सिसिलिन", "Capsule", "500 mg"),
        ("T-IBU", "Ibuprofen", "आइबुप्रोफेन", "Tablet", "400 mg"),
        ("T-WARF", "Warfarin", "वारफारिन", "Tablet", "5 mg"),
        ("T-ENAL", "Enalapril", "एनालाप्रिल", "Tablet", "5 mg"),
        ("T-SYR", "Paracetamol", "पैरासिटामोल", "Oral liquid", "125 mg/5 mL"),
    )
    for code, name, hindi, form, strength in drugs:
        Medication.objects.create(
            code=code, generic_name=name, name_hi=hindi, form=form, strength=strength,
            search_key=fold(name), provenance="test", at_primary=True,
        )  # fmt: skip
    for name in ("medicines", "diagnoses", "complaints", "lab_tests", "advice", "set", "rule"):
        Catalogue.objects.create(name=name, stamp=uuid7())
    words = (
        ("diagnosis", "T-DX1", "Fever", "बुखार", "R50.9"),
        ("diagnosis", "T-DX2", "Hypertension", "उच्च रक्तचाप", "I10"),
        ("complaint", "T-FEVER", "Fever", "बुखार", ""),
        ("test", "T-CBC", "Blood count", "खून की जाँच", ""),
        ("test", "T-HB", "Haemoglobin", "हीमोग्लोबिन", ""),
        ("advice", "T-REST", "Take rest", "आराम करें", ""),
    )
    for system, code, name, hindi, standard in words:
        Code.objects.create(
            system=system, code=code, name_en=name, name_hi=hindi, standard_code=standard,
            search_key=fold(name), provenance="test", detail={"levels": ["phc"]},
        )  # fmt: skip


def asha_at_the_doctor(cast, *, allergy="", pregnant=None, mobile="9835022714"):
    """Asha, 34, registered by Ravi, measured by Rita, waiting for Dr Rao in Medicine."""
    if not Medication.objects.filter(code="T-PARA").exists():
        catalogue_of_the_test()
    asha = patients.register(
        id=uuid7(), name_hi="आशा देवी", name_en="Asha Devi", sex="female", age=34,
        mobile=mobile, actor=cast.ravi.actor,
    )  # fmt: skip
    if allergy:
        patients.record_allergy(
            asha.pk, id=uuid7(), code=allergy, display_en="Penicillin group",
            display_hi="पेनिसिलिन वर्ग", actor=cast.rita.actor,
        )  # fmt: skip
    visit = encounters.start_visit(asha.pk, id=uuid7(), department="MED", actor=cast.ravi.actor)
    encounters.record_vitals(
        visit.pk, id=uuid7(), values={"SBP": Decimal(158), "DBP": Decimal(96)},
        pregnant=pregnant, actor=cast.rita.actor,
    )  # fmt: skip
    return visits.visit(visit.pk)


def call(cast, visit, by=None):
    """The doctor calls the visit and sets a PIN, once."""
    doctor = by or cast.dr_rao
    accounts.set_pin(doctor.user.pk, PIN, actor=doctor.actor)
    encounters.call(visit.token.pk, room="7", actor=doctor.actor)
    encounters.serve(visit.pk, actor=doctor.actor)
    return visits.visit(visit.pk)


def write(cast, visit, **parts):
    """A draft as the screen would leave it; keys of the draft replace the usual ones."""
    draft = {
        "complaints": [{"code": "T-FEVER", "hi": "बुखार", "en": "Fever", "days": 3}],
        "diagnoses": [{"code": "T-DX1", "icd": "R50.9", "hi": "बुखार", "en": "Fever"}],
        "medicines": [
            {"code": "T-PARA", "dose": "1-0-1", "when": "after", "days": 5, "quantity": None,
             "note": "", "reason": ""},
        ],
        "tests": [{"code": "T-CBC", "hi": "खून की जाँच", "en": "Blood count"}],
        "advice": [{"code": "T-REST", "hi": "आराम करें", "en": "Take rest"}],
        "advice_text": "", "notes": "",
        "follow_up": {"date": (timezone.localdate() + timedelta(days=7)).isoformat()},
    }  # fmt: skip
    version = visits.visit(visit.pk).draft_version
    encounters.save_draft(visit.pk, draft=draft | parts, version=version, actor=cast.dr_rao.actor)
    return visits.visit(visit.pk)
