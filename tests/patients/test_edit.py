"""Mending what was written wrong."""

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.patients import actions, queries
from apps.persons.queries import links_of_mobile
from tests.encounters import people


def test_it_works(cast):
    asha = people.asha(cast)
    actions.edit(asha.pk, age=36, name_hi="उषा देवी", name_en="Usha Devi", mobile="9934000001",
                 actor=cast.ravi.actor)  # fmt: skip
    assert [row["age_number"] for row in queries.search("usha")] == [36]
    assert links_of_mobile("9835022714") == []
    assert len(links_of_mobile("9934000001")) == 1
    changed = AuditEvent.objects.get(event="patient.identity_changed").detail["fields"]
    assert set(changed) == {"name_hi", "name_en", "birth_date", "mobile"}


def test_saving_unchanged_writes_nothing(cast):
    asha = people.asha(cast)
    actions.edit(asha.pk, age=34, actor=cast.ravi.actor)
    assert not AuditEvent.objects.filter(event="patient.identity_changed").exists()


def test_taking_the_mobile_away_ends_the_link(cast):
    asha = people.asha(cast)
    actions.edit(asha.pk, mobile="", actor=cast.ravi.actor)
    assert links_of_mobile("9835022714") == []


def test_it_refuses_a_stranger_and_a_wrong_age(cast):
    with pytest.raises(Refused, match=r"patient\.not_found"):
        actions.edit(uuid7(), actor=cast.ravi.actor)
    with pytest.raises(Refused, match="age"):
        actions.edit(people.asha(cast).pk, age=200, actor=cast.ravi.actor)


def test_a_pharmacist_may_not(cast):
    with pytest.raises(Forbidden):
        actions.edit(people.asha(cast).pk, village="x", actor=cast.meena.actor)
