"""A patient comes to the window for the first time."""

import unicodedata

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.facilities.models import NumberSeries
from apps.patients import actions, queries
from apps.patients.models import Patient
from apps.persons.queries import links_of_mobile

ASHA = {"name_hi": "आशा देवी", "sex": "female", "age": 34, "mobile": "98350 22714"}


def register(cast, **told):
    return actions.register(**{"id": uuid7(), **ASHA, **told}, actor=cast.ravi.actor)


def test_it_works(cast, django_assert_max_num_queries):
    assert cast.ravi
    with django_assert_max_num_queries(14):
        asha = register(cast)
    assert asha.mrn == "GRN-P-000001"
    assert (asha.name_en, asha.name_auto, asha.mobile) == ("Asha Devi", "en", "9835022714")
    assert [link.patient_id for link in links_of_mobile("9835022714")] == [asha.pk]
    events = AuditEvent.objects.filter(patient_id=asha.pk).values_list("event", flat=True)
    assert sorted(events) == ["patient.registered", "person.linked"]


def test_it_is_safe_to_send_twice(cast):
    same = uuid7()
    assert register(cast, id=same).pk == register(cast, id=same, name_hi="दूसरा नाम").pk
    assert Patient.objects.count() == 1
    assert NumberSeries.objects.get(series="mrn", facility_id=cast.green.pk).last == 1


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"name_hi": " \u200b "}, "patient.no_name"),
        ({"name_hi": "..."}, "patient.no_name"),
        ({"mobile": "98350227"}, "patient.mobile"),
        ({"mobile": "1234567890"}, "patient.mobile_start"),
        ({"mobile": "नहीं"}, "patient.mobile"),
        ({"age": 420}, "age.out_of_range_guess"),
        ({"age": -1}, "age.out_of_range_guess"),
        ({"age_unit": "weeks"}, "age.unit"),
        ({"sex": "F"}, "patient.sex"),
    ],
)
def test_it_refuses(cast, wrong, code):
    with pytest.raises(Refused) as refused:
        register(cast, **wrong)
    assert refused.value.code == code
    assert refused.value.sentence != code
    assert not Patient.objects.exists()


def test_a_pharmacist_may_not(cast):
    with pytest.raises(Forbidden):
        actions.register(**{"id": uuid7(), **ASHA}, actor=cast.meena.actor)


@pytest.mark.parametrize("mobile", ["+91 98350 22714", "09835022714", "९८३५०२२७१४", ""])
def test_mobiles_as_people_write_them(cast, mobile):
    assert register(cast, mobile=mobile).mobile == ("9835022714" if mobile else "")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "asked",
    ["शबनम ख़ातून", "shabnam khatun", "Khatoon", "शबनम", "SHABNAMKHATUN"],
)
def test_a_name_is_found_again_however_it_is_written(cast, form, asked):
    made = register(cast, name_hi=unicodedata.normalize(form, "शबनम ख़ा\u200cतून"))
    assert [row["id"] for row in queries.search(unicodedata.normalize(form, asked))] == [made.pk]


def test_it_is_found_by_mobile_and_by_number(cast, django_assert_num_queries):
    made = register(cast)
    for asked in ("9835022714", "98350", made.mrn, made.mrn.lower(), "९८३५०"):
        with django_assert_num_queries(1):
            assert [row["id"] for row in queries.search(asked)] == [made.pk]
    for asked in ("", "a", "98", "%%", "9999999999", "GRN-P-999999"):
        assert queries.search(asked) == []


def test_the_neighbour_finds_nobody(cast):
    register(cast)
    with facility_context(cast.blue.pk):
        assert queries.search("asha") == queries.of_mobile("9835022714") == []


def test_one_mobile_holds_a_family_and_look_alikes_are_told(cast):
    mother, son = register(cast), register(cast, name_hi="अंकित कुमार", sex="male", age=9)
    assert {row["id"] for row in queries.of_mobile("9835022714")} == {mother.pk, son.pk}
    born = mother.birth_date.replace(year=mother.birth_date.year + 1)
    alike = queries.look_alikes("Aasha Devee", born=born, sex="female")
    assert [row["id"] for row in alike] == [mother.pk]
    far = mother.birth_date.replace(year=mother.birth_date.year - 9)
    assert queries.look_alikes("Aasha Devee", born=far, sex="female") == []


def test_the_banner_has_both_scripts_and_never_a_blank_allergy(cast):
    asha = register(cast, guardian_relation="husband", guardian_name="राम", village="मझेली")
    shown = queries.banner(asha.pk)
    assert (shown["age_hi"], shown["age_en"]) == ("34 वर्ष", "34 yrs")
    assert (shown["guardian_hi"], shown["guardian_en"]) == ("पति राम", "Husband राम")
    assert shown["allergies"] == {"status": "unknown", "items": []}
