"""A Wednesday at half past ten, whatever day the tests run on."""

from datetime import datetime

from django.utils import timezone

WEDNESDAY = timezone.make_aware(datetime.fromisoformat("2026-11-25T10:30"))


def stand_at(monkeypatch, moment=WEDNESDAY):
    """Django's clock shows `moment`; the database's and Python's go on."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment
