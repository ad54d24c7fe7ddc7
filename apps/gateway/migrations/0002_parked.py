"""What is parked is counted every few seconds: two small indexes, made while mail goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("gateway", "0001_initial")]
    operations = [
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
