"""The partitioned table. The application's own role may insert and read, nothing else."""

from django.db import migrations, models

import apps.core.fields
import django.utils.timezone

CREATE = """
CREATE TABLE audit_event (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    event varchar(40) NOT NULL,
    facility_id uuid,
    user_id uuid,
    system varchar(30) NOT NULL,
    subject_type varchar(40) NOT NULL,
    subject_id uuid,
    patient_id uuid,
    detail jsonb NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_at ON audit_event USING brin (at);
CREATE INDEX audit_event_patient ON audit_event (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_event_xid ON audit_event (xid);
CREATE TABLE audit_event_rest PARTITION OF audit_event DEFAULT;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event, audit_event_rest FROM PUBLIC, CURRENT_USER;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE audit_event"),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", apps.core.fields.UUID7Field()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("event", models.CharField(max_length=40)),
                ("facility_id", models.UUIDField(null=True)),
                ("user_id", models.UUIDField(null=True)),
                ("system", models.CharField(blank=True, default="", max_length=30)),
                ("subject_type", models.CharField(blank=True, default="", max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("patient_id", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={"db_table": "audit_event", "managed": False},
        ),
    ]
