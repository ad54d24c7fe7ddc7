"""Ordering tests."""

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.labs import actions, queries
from tests.workflows.visits import asha_at_the_doctor


@pytest.fixture
def visit(cast):
    return asha_at_the_doctor(cast)


def ordered(rows):
    return AuditEvent.objects.filter(event="test.ordered", subject_id__in=[r.pk for r in rows])


def test_it_works(cast, visit):
    actions.order(visit.pk, tests=[{"code": "T-CBC"}, {"code": "T-HB"}], actor=cast.dr_rao.actor)
    rows = list(queries.of_encounter(visit.pk))
    assert {row.test_code for row in rows} == {"T-CBC", "T-HB"}
    assert {row.display_hi for row in rows} == {"खून की जाँच", "हीमोग्लोबिन"}
    assert ordered(rows).count() == 1


def test_it_is_safe_to_send_twice(cast, visit):
    for _ in range(2):
        actions.order(visit.pk, tests=[{"code": "T-CBC"}] * 2, actor=cast.dr_rao.actor)
    rows = list(queries.of_encounter(visit.pk))
    assert len(rows) == 1
    assert ordered(rows).count() == 1


def test_it_refuses_a_test_nobody_knows(cast, visit):
    with pytest.raises(Refused, match="unknown_test"):
        actions.order(visit.pk, tests=[{"code": "NOPE"}], actor=cast.dr_rao.actor)
    assert not queries.of_encounter(visit.pk).exists()


def test_a_clerk_may_not(cast, visit):
    with pytest.raises(Forbidden):
        actions.order(visit.pk, tests=[{"code": "T-CBC"}], actor=cast.ravi.actor)
