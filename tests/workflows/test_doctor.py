"""The doctor tells what is not well, how to mend it, and never waits for ever."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from apps.core import health
from apps.facilities import schema
from apps.facilities.models import Facility
from apps.workflows.doctor import CHECKS, examine, files, hospitals, servers
from apps.workflows.doctor.finding import ok
from tests.cast import Cast


def test_it_works(bare_db):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:  # no worker runs here
        call_command("doctor", "--json", stdout=out)
    told = json.loads(out.getvalue())
    found = {check["name"]: check for check in told["checks"]}
    assert ended.value.code == 2 and told["state"] == "bad"
    assert set(found) == set(CHECKS)
    for name in ("database", "broker", "cache", "queue", "fonts", "clocks", "migrations"):
        assert found[name]["state"] == "ok", found[name]
    assert found["worker"]["state"] == "bad" and "bhavya-worker" in found["worker"]["mend"]


def test_a_check_that_hangs_or_falls_over_is_a_finding():
    end = threading.Event()

    def hangs():
        end.wait(20)
        return ok("late")

    def falls():
        raise OSError("no route to host")

    found = examine({"hangs": hangs, "falls": falls, "well": lambda: ok("fine")}, limit=0.3)
    end.set()
    assert [finding.state for finding in found] == ["bad", "bad", "ok"]
    assert "no answer within 0.3 s" in found[0].says
    assert "no route to host" in found[1].says
    assert all(finding.mend for finding in found[:2])


def test_a_worker_that_was_heard_is_well(db):
    assert servers.worker().state == "bad"
    health.beat("worker")
    assert servers.worker().state == "ok"
    cache.set("health:worker", timezone.now().timestamp() - 60)
    assert servers.worker().state == "bad"


def test_a_hospital_behind_is_named_with_the_mending_word(cast: Cast):
    Facility.objects.update(schema_version=schema.version())
    assert hospitals.versions().state == hospitals.parked().state == "ok"
    Facility.objects.filter(pk=cast.green.pk).update(schema_version="0" * 12, failure="lock")
    assert hospitals.versions().says == "1 of 2 on this release"
    assert "roll_out" in hospitals.versions().mend
    assert hospitals.parked().state == "bad"


def test_an_old_backup_is_told(settings, tmp_path):
    settings.BACKUP_DIR, settings.DEMO = "", False
    assert files.newest_backup().state == "warn"
    settings.BACKUP_DIR = str(tmp_path)
    assert files.newest_backup().state == "bad" and files.newest_log().state == "bad"
    folder = tmp_path / "base" / "x"
    folder.mkdir(parents=True)
    for hours, state in ((2, "ok"), (40, "warn"), (24 * 9, "bad")):
        at = (timezone.now() - timedelta(hours=hours)).isoformat()
        note = json.dumps({"at": at, "postgresql": 15})
        (folder / "bhavya-backup.json").write_text(note)
        assert files.newest_backup().state == state


def test_a_disk_that_is_nearly_full_is_told(tmp_path, monkeypatch):
    usage = type("Usage", (), {"total": 100 * files.GIB, "free": 4 * files.GIB})
    monkeypatch.setattr(files.shutil, "disk_usage", lambda path: usage)
    assert files._disk(tmp_path / "not" / "yet").state == "bad"
    usage.free = 10 * files.GIB
    assert files._disk(tmp_path).state == "warn"
