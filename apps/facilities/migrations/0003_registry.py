import apps.core.fields
import apps.core.ids
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0002_outpatient_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='facility',
            name='hfr_until',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='RegistryNote',
            fields=[
                ('id', apps.core.fields.UUID7Field(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('hfr', 'Hfr'), ('hpr', 'Hpr'), ('bridge', 'Bridge'), ('service', 'Service'), ('linkage', 'Linkage'), ('search', 'Search'), ('warned', 'Warned'), ('history', 'History')], max_length=8)),
                ('key', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('found', 'Found'), ('none', 'None'), ('refused', 'Refused'), ('silent', 'Silent')], default='asked', max_length=8)),
                ('detail', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='registry_note')],
            },
        ),
    ]
