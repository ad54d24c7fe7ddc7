"""Somebody without a name, somebody just born, a birth date instead of an age."""

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.patients import actions, queries
from apps.patients.models import Patient
from tests.encounters import people


def test_it_works(cast):
    made = actions.register_unknown(id=uuid7(), sex="male", actor=cast.ravi.actor)
    assert (made.name_hi, made.name_en) == ("अज्ञात पुरुष ~40", "Unknown man ~40")
    assert made.unknown
    assert made.birth_estimated
    assert queries.banner(made.pk)["unknown"]


def test_a_name_ends_the_temporary_identity(cast):
    made = actions.register_unknown(id=uuid7(), age=8, actor=cast.ravi.actor)
    assert made.name_hi == "अज्ञात बच्चा ~8"
    still = actions.edit(made.pk, village="मझेली", actor=cast.ravi.actor)
    assert still.unknown
    named = actions.edit(made.pk, name_hi="रवि", name_en="Ravi", actor=cast.ravi.actor)
    assert not named.unknown
    fields = AuditEvent.objects.filter(event="patient.identity_changed").last().detail["fields"]
    assert {"name_hi", "name_en"} <= set(fields)


def test_it_is_safe_to_send_twice(cast):
    same = uuid7()
    for _ in range(2):
        actions.register_unknown(id=same, actor=cast.ravi.actor)
    assert Patient.objects.count() == 1


def test_a_pharmacist_may_not(cast):
    with pytest.raises(Forbidden):
        actions.register_unknown(id=uuid7(), actor=cast.meena.actor)


def test_a_newborn_carries_the_mother_while_it_matters(cast):
    mother = people.asha(cast)
    known = actions.Known(mother_id=mother.pk)
    baby = people.asha(cast, name_hi="आशा देवी का शिशु", age=0, age_unit="days", known=known)
    assert queries.banner(baby.pk)["mother"]["mrn"] == mother.mrn
    assert [row["id"] for row in queries.children(mother.pk)] == [baby.pk]
    Patient.objects.filter(pk=baby.pk).update(birth_date=mother.birth_date)
    assert queries.banner(baby.pk)["mother"] is None


def test_it_refuses_a_mother_of_another_hospital(cast):
    with pytest.raises(Refused, match=r"patient\.not_found"):
        people.asha(cast, known=actions.Known(mother_id=uuid7()))


@pytest.mark.parametrize(
    "typed, what",
    [
        ("42", (42, None)), ("४२", (42, None)), ("07-12-1990", (None, "1990-12-07")),
        ("7/12/90", (None, "1990-12-07")), ("31-02-1990", (None, None)), ("abc", (None, None)),
        ("", (None, None)), ("1e3", (None, None)),
    ],
)  # fmt: skip
def test_an_age_or_a_birth_date(typed, what):
    age, born = queries.read_age(typed)
    assert (age, born and str(born)) == what


def test_a_birth_date_is_not_an_estimate(cast):
    born = timezone.localdate().replace(year=timezone.localdate().year - 30, day=1)
    assert not people.asha(cast, age=None, born=born).birth_estimated
    told = {"id": uuid7(), "name_hi": "आशा", "sex": "female", "actor": cast.ravi.actor}
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    for wrong in ({"born": tomorrow}, {"age": None}, {"born": born.replace(year=1800)}):
        with pytest.raises(Refused, match="age"):
            actions.register(**told, **wrong)


def test_villages_are_offered_as_written_before(cast, django_assert_num_queries):
    for n, place in enumerate(("मझेली", "मझेली", "मधुबनी टोला", "Rani Patra")):
        people.asha(cast, mobile=f"983502271{n}", village=place)
    assert queries.villages("मझ") == ["मझेली"]
    with django_assert_num_queries(0):
        assert queries.villages("majhe") == ["मझेली"]
        assert queries.villages("rani") == ["Rani Patra"]
        assert queries.villages("") == queries.villages("zz") == []
    people.asha(cast, mobile="9835022719", village="नया गाँव")
    assert queries.villages("नया") == ["नया गाँव"]
