"""The Celery application. Jobs live in each app's jobs.py and are declared with `@job`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhavya.settings")

app = Celery("bhavya")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
