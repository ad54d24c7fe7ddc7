"""What is parked is counted every few seconds: two small indexes, made while mail goes on.

And rows are retired every hour: the tables are vacuumed when two in a hundred rows have gone.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

SWEPT = "SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05)"
USUAL = "RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)"


def swept(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"ALTER TABLE {table} {SWEPT}", f"ALTER TABLE {table} {USUAL}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("gateway", "0001_initial")]
    operations = [
        swept("gateway_inboundmessage"),
        swept("gateway_outboundmessage"),
        AddIndexConcurrently(
            "inboundmessage",
            models.Index(
                fields=["received_at"],
                name="inbound_parked",
                condition=models.Q(status="parked"),
            ),
        ),
        AddIndexConcurrently(
            "outboundmessage",
            models.Index(
                fields=["created_at"],
                name="outbound_parked",
                condition=models.Q(status="parked"),
            ),
        ),
    ]
