from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_api_key'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='hpr_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='registration_council',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='user',
            name='registration_until',
            field=models.DateField(null=True),
        ),
    ]
