"""Finding medicines and codes in either script."""

import pytest

from apps.facilities.config import FacilityConfig
from apps.terminology import queries
from apps.terminology.actions import load_list
from apps.terminology.lists import CATALOGUES
from apps.terminology.models import Code, Medication
from tests.facilities.master import LOADER


@pytest.fixture
def lists(db):
    for one in CATALOGUES:
        load_list(one, actor=LOADER)


def names(text, **how):
    return [
        f"{m.generic_name} {m.form} {m.strength}" for m in queries.search_medications(text, **how)
    ]


@pytest.mark.parametrize(
    "text, first",
    [
        ("para", "Paracetamol Tablet 500 mg"),
        ("पैरा", "Paracetamol Tablet 500 mg"),
        ("paracetamol 650", "Paracetamol Tablet 650 mg"),
        ("मेटफॉ", "Metformin Tablet 500 mg"),
        ("ORS", "Oral rehydration salts Sachet As per WHO formulation"),
        ("ओआरएस", "Oral rehydration salts Sachet As per WHO formulation"),
        ("amlodipin 5", "Amlodipine Tablet 5 mg"),
    ],
)
def test_a_medicine_is_found(lists, text, first):
    assert names(text)[0] == first


def test_five_hundred_is_not_fifty(lists):
    assert not any(" 50 mg" in name for name in names("paracetamol 500"))


def test_one_product_is_shown_once_and_twelve_at_most(lists, django_assert_num_queries):
    found = names("paracetamol", limit=100)
    assert len(found) == len(set(found))
    queries.search_medications("a")
    with django_assert_num_queries(1):
        assert len(queries.search_medications("a")) == 12


def test_only_the_hospitals_own(lists):
    own = queries.drugs_for_level("PHC")
    assert all(m.at_primary for m in queries.search_medications("ce", codes=own))
    assert names("thiopentone", codes=["MED0001"]) == []


@pytest.mark.parametrize(
    "text, code",
    [
        ("bukhar", "DX001"),
        ("बुखार", "DX001"),
        ("sugar", "DX103"),
        ("शुगर", "DX103"),
        ("loose motion", "DX058"),
        ("BP", "DX108"),
        ("I10", "DX108"),
        ("कुत्ते", "DX259"),
    ],
)
def test_a_diagnosis_is_found_as_people_say_it(lists, text, code):
    assert code in [hit.code for hit in queries.search_codes("diagnosis", text)][:4]


def test_beyond_our_list_all_of_icd_10_in_english(lists):
    hits = queries.search_codes("diagnosis", "lyme disease")
    assert hits[0].standard_code == "A69.2"
    assert queries.codes("diagnosis", ["A69.2"])["A69.2"].name_en == "Lyme disease"
    assert queries.codes("diagnosis", ["DX001", "nonsense"]).keys() == {"DX001"}
    assert not Code.objects.filter(code="A69.2").exists()
    assert not any("lyme" in key for key in Code.objects.values_list("search_key", flat=True))


def test_without_text_the_first_of_the_list(lists):
    chips = queries.search_codes("complaint", "", limit=5)
    assert [chip.name_hi for chip in chips][:3] == ["बुखार", "ठंड लगकर बुखार", "खाँसी"]


def test_levels(lists):
    sizes = [len(queries.drugs_for_level(level)) for level in ("PHC", "DH", "MCH")]
    assert sizes == sorted(sizes) and sizes[0] > 400
    assert len(queries.tests_for_level("PHC")) < len(queries.tests_for_level("DH"))
    assert queries.drugs_for(FacilityConfig(level="DH")) == queries.drugs_for_level("DH")
    assert queries.drugs_for(FacilityConfig(drug_codes=("MED0001",))) == ["MED0001"]


def test_what_left_the_list_is_not_offered_but_still_named(lists):
    load_list(CATALOGUES[0], actor=LOADER)
    Medication.objects.filter(code="MED0001").update(active=False)
    queries.catalogue._medicines = None  # as a new process would start
    assert "MED0001" not in [m.code for m in queries.search_medications("halothane")]
    assert queries.medications(["MED0001", "nope"]).keys() == {"MED0001"}


def test_rows_made_by_hand_are_seen_at_once(db):
    assert queries.search_medications("zinc") == []
    Medication.objects.create(
        code="Z1", generic_name="Zinc", form="Tablet", search_key="|jink", provenance="test"
    )
    assert [m.code for m in queries.search_medications("zinc")] == []
