"""What the clock starts, and when. Every job here may be missed or come twice."""

from typing import Any

from celery.schedules import crontab

JOBS: dict[str, dict[str, Any]] = {
    "core.heartbeat": {"task": "core.heartbeat", "schedule": 5.0},
    "core.note_queues": {"task": "core.note_queues", "schedule": 15.0},
    "core.sweep": {"task": "documents.sweep", "schedule": 30.0},
    "notices.sweep": {"task": "notices.sweep", "schedule": 30.0},
    "labs.sweep": {"task": "labs.sweep", "schedule": 30.0},
    "gateway.sweep": {"task": "gateway.sweep", "schedule": 10.0},
    "gateway.forget": {"task": "gateway.forget", "schedule": 3600.0},
    # Hourly and in pieces: a day of the State at once would be a million rows.
    "gateway.retire_mail": {"task": "gateway.retire_mail", "schedule": crontab(minute=37)},
    "notices.retire_notices": {"task": "notices.retire_notices", "schedule": crontab(minute=47)},
    "gateway.check_registers": {
        "task": "gateway.check_registers",
        "schedule": crontab(hour=3, minute=5),
    },
    "gateway.warn_of_ends": {
        "task": "gateway.warn_of_ends",
        "schedule": crontab(hour=10, minute=5),
    },
    "abdm.sweep": {"task": "abdm.sweep", "schedule": 120.0},
    "facilities.sweep": {"task": "facilities.sweep", "schedule": 30.0},
    "pharmacy.sweep_levels": {"task": "pharmacy.sweep_levels", "schedule": 60.0},
    "pharmacy.check_all": {"task": "pharmacy.check_all", "schedule": crontab(hour=2, minute=20)},
    "encounters.remind": {
        "task": "encounters.remind_everywhere",
        "schedule": crontab(hour="17,18,19", minute=0),  # again: it tells nobody twice
    },
    "persons.forget_arrivals": {"task": "persons.forget_arrivals", "schedule": 3600.0},
    "monitoring.count": {"task": "monitoring.count", "schedule": 4.0},
    "monitoring.watch": {"task": "monitoring.watch", "schedule": 60.0},
    "monitoring.look_back_everywhere": {
        "task": "monitoring.look_back_everywhere",
        "schedule": crontab(hour=1, minute=40),
    },
    "monitoring.roll_up": {"task": "monitoring.roll_up", "schedule": crontab(hour=3, minute=5)},
    "monitoring.widen_past": {
        "task": "monitoring.widen_past",
        "schedule": crontab(hour=3, minute=35),
    },
    "monitoring.check": {"task": "monitoring.check", "schedule": crontab(hour=1, minute=10)},
    "reporting.collect": {"task": "reporting.collect", "schedule": 60.0},
    "reporting.judge": {"task": "reporting.judge", "schedule": crontab(hour=1, minute=40)},
    "reporting.month_begun": {
        "task": "reporting.month_begun",
        "schedule": crontab(day_of_month=1, hour=2, minute=0),
    },
    "reporting.week_begun": {
        "task": "reporting.week_begun",
        "schedule": crontab(day_of_week=1, hour=3, minute=0),
    },
    "reporting.hand_over": {
        "task": "reporting.hand_over",
        "schedule": crontab(hour=8, minute=10),
    },
    # By the clock: an interval of a day begins anew with each start of beat, and may never end.
    "audit.make_partitions": {"task": "audit.make_partitions", "schedule": crontab(minute=17)},
    "audit.retire_partitions": {
        "task": "audit.retire_partitions",
        "schedule": crontab(hour=3, minute=17),
    },
}
