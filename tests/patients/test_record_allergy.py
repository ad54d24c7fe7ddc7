"""Allergy: known, none, or not asked yet; never a guess."""

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.patients import actions, queries
from tests.encounters import people


def tell(cast, patient, code, words, **more):
    return actions.record_allergy(
        patient.pk, id=uuid7(), code=code, display_en=words, actor=cast.rita.actor, **more
    )


def test_it_works(cast):
    asha = people.asha(cast)
    tell(cast, asha, "none", "No known allergy")
    assert queries.allergies(asha.pk)["status"] == "none"
    tell(cast, asha, "PENICILLIN", "Penicillin", display_hi="पेनिसिलिन", reaction="rash")
    assert queries.allergies(asha.pk) == {
        "status": "known",
        "items": [{"code": "PENICILLIN", "hi": "पेनिसिलिन", "en": "Penicillin", "reaction": "rash"}],
    }


def test_none_never_wipes_a_known_one(cast):
    asha = people.asha(cast)
    tell(cast, asha, "SULFA", "Sulfa")
    tell(cast, asha, "none", "No known allergy")
    assert queries.allergies(asha.pk)["status"] == "known"


def test_it_is_safe_to_send_twice(cast):
    asha = people.asha(cast)
    assert tell(cast, asha, "SULFA", "Sulfa").pk == tell(cast, asha, "SULFA", "Sulfa").pk


def test_it_refuses_nothing_and_nobody(cast):
    with pytest.raises(Refused, match=r"allergy\.nothing"):
        tell(cast, people.asha(cast), "X", "  ")
    with pytest.raises(Refused, match=r"patient\.not_found"):
        actions.record_allergy(uuid7(), id=uuid7(), code="X", display_en="X", actor=cast.rita.actor)


def test_a_clerk_at_the_store_may_not(cast):
    with pytest.raises(Forbidden):
        actions.record_allergy(
            uuid7(), id=uuid7(), code="X", display_en="X", actor=cast.meena.actor
        )
