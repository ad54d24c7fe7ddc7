"""Mail that is over leaves after its time; what waits, is parked or is young stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.ids import first_key, uuid7
from apps.core.retiring import retire
from apps.gateway import actions
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.notices import actions as notices
from apps.notices.models import TRAINING, Notice

LONG_AGO = timedelta(days=400)
GOT, SENT = InboundMessage.Status, OutboundMessage.Status


def key(n=0, ago=LONG_AGO):
    first = first_key(timezone.now() - ago)
    return type(first)(int=first.int + n)


def came(n, status, ago=LONG_AGO):
    return InboundMessage.objects.create(
        id=key(n, ago), request_id=uuid7(), kind="v3/hip/patient/share", status=status
    )


def owed(n, status, ago=LONG_AGO):
    return OutboundMessage.objects.create(id=key(n, ago), path="v3/x", purpose="t", status=status)


def test_it_works(db):
    for n, status in enumerate(GOT):
        came(n, status)
    for n, status in enumerate(SENT):
        owed(n, status)
    came(9, GOT.HANDLED, timedelta(days=364))
    owed(9, SENT.ANSWERED, timedelta(days=364))
    assert actions.retire_mail() == 4
    left = InboundMessage.objects.order_by("pk").values_list("status", flat=True)
    assert list(left) == ["waiting", "early", "parked", "handled"]
    left = OutboundMessage.objects.order_by("pk").values_list("status", flat=True)
    assert list(left) == ["waiting", "parked", "answered"]
    assert actions.retire_mail() == 0  # safe to repeat


def test_messages_to_phones_leave_too_but_none_that_waits(db):
    for n, status in enumerate([*Notice.Status, TRAINING]):
        Notice.objects.create(id=key(n), template="t", status=status)
    assert notices.retire_notices() == 3
    assert [row.status for row in Notice.objects.all()] == ["waiting"]


def test_it_goes_in_small_pieces_and_stops_in_time(db):
    newest = [came(n, GOT.HANDLED, LONG_AGO - timedelta(hours=n)) for n in range(25)][-5:]
    old = InboundMessage.objects.filter(status=GOT.HANDLED)
    assert retire(old, days=365, batch=10, batches=2) == 20
    assert set(old.values_list("pk", flat=True)) == {row.pk for row in newest}
    assert retire(old, days=365, batch=10) == 5


def test_the_oldest_is_found_by_the_key(db):
    """The plan of a piece: no walk over the whole table."""
    rows = InboundMessage.objects.filter(status=GOT.HANDLED, pk__lt=key()).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows[:5000].explain()
    assert "gateway_inboundmessage_pkey" in plan and "Index Cond: (id <" in plan


@pytest.mark.parametrize("table", ["gateway_inboundmessage", "gateway_outboundmessage"])
def test_the_tables_are_vacuumed_early(db, table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        assert "autovacuum_vacuum_scale_factor=0.02" in cursor.fetchone()[0]
