"""The catalogues: counts, twice, newer, bad rows, provenance."""

import csv

import pytest

from apps.core.actor import NOBODY
from apps.core.errors import Forbidden
from apps.terminology import actions, lists, queries
from apps.terminology.actions import load_everything, load_list
from apps.terminology.models import Code, Medication
from tests.facilities.master import LOADER

MEDICINES, DIAGNOSES, TESTS = lists.CATALOGUES[:3]


def test_it_works(db):
    done = load_everything(actor=LOADER)
    counts = {name: summary.added for name, summary in done.items()}
    assert counts["medicines"] == 927
    assert counts["diagnoses"] == 306
    assert counts["lab_tests"] == 197
    assert counts["dose_phrases"] == 121
    assert counts["vitals"] == 23
    assert counts["complaints"] >= 60 and counts["advice"] >= 30
    assert not Medication.objects.filter(provenance="").exists()
    assert not Code.objects.filter(provenance="").exists()
    assert not Medication.objects.filter(verified=True).exists()
    assert not Medication.objects.filter(at_primary=True, name_hi="").exists()
    again = load_everything(actor=LOADER)
    assert sum(summary.added + summary.changed for summary in again.values()) == 0


def test_no_title_of_icd_10_is_carried():
    with DIAGNOSES.file.open(encoding="utf-8") as file:
        assert not any("who" in name.lower() for name in csv.DictReader(file).fieldnames)


def test_a_newer_file_is_seen_by_the_next_search(db, tmp_path):
    load_list(DIAGNOSES, actor=LOADER)
    assert queries.search_codes("diagnosis", "bukhar")[0].name_en == "Fever, unspecified (PUO)"
    newer = tmp_path / "newer.csv"
    newer.write_text(
        "term_id,icd10_code,short_name_en,short_name_hi\nDX001,R50.9,Fever,बुखार\n", "utf-8"
    )
    assert load_list(DIAGNOSES, file=newer, actor=LOADER).changed == 1
    assert queries.codes("diagnosis", ["DX001"])["DX001"].name_en == "Fever"


@pytest.mark.parametrize(
    "row, column",
    [
        ("HB,Haemoglobin,हीमोग्लोबिन,yes,718-8", "loinc_code"),
        ("HB,Haemoglobin,हीमोग्लोबिन,perhaps,718-7", "at_phc"),
        ("HB,Haemoglobin,Latin,yes,718-7", "name_hi"),
        (f"{'H' * 21},Haemoglobin,हीमोग्लोबिन,yes,718-7", "code"),
    ],
)
def test_bad_cells_are_named(db, tmp_path, row, column):
    file = tmp_path / "tests.csv"
    file.write_text(f"test_code,name_en,name_hi,at_phc,loinc_code\n{row}\n", "utf-8")
    summary = load_list(TESTS, file=file, actor=LOADER)
    assert [(bad.line, bad.column) for bad in summary.bad] == [(2, column)]
    assert summary.refused and not Code.objects.exists()


def test_nobody_else_loads(db):
    with pytest.raises(Forbidden):
        actions.load_list(MEDICINES, actor=NOBODY)


def test_every_class_of_the_allergy_rules_can_be_recorded(db):
    load_list(lists.CATALOGUES[-1], actor=LOADER)
    with (lists.DATA / "allergy_cross_reactivity.csv").open(encoding="utf-8") as file:
        classes = {row["allergen_class"] for row in csv.DictReader(file)}
    assert classes
    assert classes - queries.codes("allergy", classes).keys() == set()
