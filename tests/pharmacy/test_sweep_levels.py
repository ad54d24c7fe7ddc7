"""The sweep of shelf levels follows the trail, which outlives a hospital that has gone."""

from apps.audit.actions import record
from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.core.tenancy import connection
from apps.facilities.models import Facility
from apps.pharmacy.actions.checking import CHANGES, sweep_levels

CLERK = Actor.of_system("test")


def moved(facility_id):
    """Something on that hospital's shelf changed just now."""
    connection.set_schema_to_public()
    record(next(iter(CHANGES)), facility_id=facility_id, actor=CLERK)


def test_it_works(cast):
    moved(cast.green.pk)
    assert sweep_levels() == 1


def test_a_hospital_that_is_gone_or_closed_holds_up_nobody(cast):
    moved(uuid7())
    moved(cast.blue.pk)
    moved(cast.green.pk)
    Facility.objects.filter(pk=cast.blue.pk).update(status=Facility.Status.RETIRED)
    assert sweep_levels() == 1
