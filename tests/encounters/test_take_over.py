"""A half-finished consultation passes to another doctor; nothing typed is lost."""

import pytest

from apps.accounts.models import PractitionerRole
from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions
from apps.encounters import queries as visits
from apps.workflows import actions as workflows
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


@pytest.fixture
def visit(cast):
    return write(cast, call(cast, asha_at_the_doctor(cast)))


@pytest.fixture
def two(cast):
    return cast.member("dr_two", Role.MO, cast.green)


def test_it_works(cast, visit, two):
    actions.take_over(visit.pk, actor=two.actor)
    taken = visits.visit(visit.pk)
    assert taken.doctor_id == two.user.pk
    assert taken.token.called_by_id == two.user.pk
    assert taken.draft["medicines"] == visit.draft["medicines"]
    assert taken.draft_version == visit.draft_version + 1
    hand = taken.draft["hands"][0]
    assert hand["by"] == str(cast.dr_rao.user.pk)
    assert hand["wrote"]["medicines"] == ["T-PARA"]


def test_it_is_safe_to_send_twice(cast, visit, two):
    actions.take_over(visit.pk, actor=two.actor)
    actions.take_over(visit.pk, actor=two.actor)
    assert len(visits.visit(visit.pk).draft["hands"]) == 1


def test_who_lost_it_reads_a_sentence_and_may_take_it_back(cast, visit, two):
    actions.take_over(visit.pk, actor=two.actor)
    version = visits.visit(visit.pk).draft_version

    def note(by, version):
        return workflows.edit(
            visit.pk, what="text", version=version, field="notes", text="x", actor=by.actor
        )

    with pytest.raises(Refused, match=r"consult\.taken_over"):
        note(cast.dr_rao, version)
    with pytest.raises(Refused, match=r"consult\.taken_over"):
        workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    version = note(two, version)
    actions.take_over(visit.pk, actor=cast.dr_rao.actor)
    assert note(cast.dr_rao, version + 1)
    with pytest.raises(Refused, match=r"consult\.taken_over"):
        note(two, version + 2)
    page = cast.dr_rao.client().get(f"/opd/{visit.number}/").content.decode()
    assert "dr_two" in page


def test_another_department_may_not_and_the_glass_is_not_enough(cast, visit):
    other = cast.member("dr_gyn", Role.MO, cast.green)
    PractitionerRole.objects.filter(user=other.user).update(department="GYN", room="3")
    with pytest.raises(Refused, match=r"chart\.no_relation"):
        actions.take_over(visit.pk, actor=other.actor)
    actions.open_chart(visit.patient_id, reason="emergency", actor=other.actor)
    with pytest.raises(Refused, match=r"visit\.not_yours"):
        actions.take_over(visit.pk, actor=other.actor)


def test_it_refuses_what_has_not_begun_and_what_is_signed(cast, visit, two):
    workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"visit\.closed"):
        actions.take_over(visit.pk, actor=two.actor)
    fresh = asha_at_the_doctor(cast, mobile="9835000000")
    with pytest.raises(Refused, match=r"visit\.not_begun"):
        actions.take_over(fresh.pk, actor=two.actor)


def test_a_nurse_may_not(cast, visit):
    with pytest.raises(Forbidden):
        actions.take_over(visit.pk, actor=cast.rita.actor)
