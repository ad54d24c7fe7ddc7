"""The folder of backups: what counts as finished, what is chosen, what is never overwritten."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhavya import backup
from bhavya.backup import restore, take
from bhavya.local.problem import Problem
from tests.house.tree import ROOT

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def base(root, name, at):
    folder = root / "base" / name
    folder.mkdir(parents=True)
    note = {"at": at.isoformat(), "postgresql": 15}
    (folder / "bhavya-backup.json").write_text(json.dumps(note))
    (folder / "postgresql.auto.conf").write_text("")
    (folder / "postgresql.conf").write_text("port = 1\n")


def test_it_works(tmp_path):
    base(tmp_path, "one", NOON)
    base(tmp_path, "two", NOON + timedelta(days=1))
    (tmp_path / "base" / "three.part").mkdir()  # cut off: does not count
    assert [b.name for b in backup.bases(tmp_path)] == ["one", "two"]
    assert backup.newest(tmp_path).name == "two"
    data = tmp_path / "data"
    chosen = restore.prepare(tmp_path, data, until=NOON + timedelta(hours=3), port=5999)
    assert chosen.name == "one"
    conf = (data / "postgresql.auto.conf").read_text()
    assert "recovery_target_time = '2026-11-25 15:00:00.000000+00'" in conf
    assert "port = 5999" in conf and "synchronous_standby_names = ''" in conf
    assert (data / "recovery.signal").exists()
    assert (data / "postgresql.conf").read_text() == "port = 1\n"  # never overwritten


def test_a_cluster_whose_settings_lie_in_etc_gets_the_least_it_needs(tmp_path, monkeypatch):
    base(tmp_path, "one", NOON)
    (tmp_path / "base/one/postgresql.conf").unlink()  # as in every copy of a Debian cluster
    told = "max_connections setting:              200\nmax_locks_per_xact setting:   512\n"
    monkeypatch.setattr(take, "call", lambda *words: told)
    restore.prepare(tmp_path, tmp_path / "data")
    conf = (tmp_path / "data/postgresql.conf").read_text()
    assert "max_connections = 200\n" in conf and "max_locks_per_transaction = 512\n" in conf
    assert "local all all peer" in (tmp_path / "data/pg_hba.conf").read_text()
    assert (tmp_path / "data/pg_ident.conf").exists()


def test_it_refuses_a_moment_before_the_first_copy_and_a_folder_in_use(tmp_path):
    base(tmp_path, "one", NOON)
    with pytest.raises(Problem, match="no finished base copy before 2026-11-25"):
        restore.prepare(tmp_path, tmp_path / "data", until=NOON - timedelta(minutes=1))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("15")
    with pytest.raises(Problem, match="not empty"):
        restore.prepare(tmp_path, tmp_path / "data")


def test_a_paper_that_did_not_change_is_kept_once(tmp_path, monkeypatch):
    media, root = tmp_path / "media", tmp_path / "backups"
    (media / "f_x").mkdir(parents=True)
    (media / "f_x" / "a.pdf").write_bytes(b"a")
    monkeypatch.setattr(take, "stamp", iter(["20261125T120000Z", "20261126T120000Z"]).__next__)
    first, fresh = take.copy_papers(root, media)
    assert fresh == 1
    (media / "f_x" / "b.pdf").write_bytes(b"b")
    second, fresh = take.copy_papers(root, media)
    assert fresh == 1
    assert (first / "f_x/a.pdf").samefile(second / "f_x/a.pdf")
    (media / "f_x" / "a.pdf").write_bytes(b"newer")
    (media / "f_x" / "b.pdf").unlink()
    restore.papers(root, media)
    assert (media / "f_x" / "a.pdf").read_bytes() == b"newer"  # never overwritten
    assert (media / "f_x" / "b.pdf").read_bytes() == b"b"


def test_the_age_of_the_log_is_that_of_its_newest_segment(tmp_path):
    assert backup.last_log(tmp_path) is None
    (tmp_path / "wal").mkdir()
    segment = tmp_path / "wal" / "000000010000000000000007.partial"
    segment.touch()
    os.utime(segment, (NOON.timestamp(), NOON.timestamp()))
    (tmp_path / "wal" / "archive_status").touch()
    assert backup.last_log(tmp_path) == NOON


def test_a_password_is_never_on_a_command_line():
    command, environment = take.stream_command(Path("/b"), "postgres://me:p%40ss@db:5433/postgres")
    assert "p%40ss" not in " ".join(command) and "p@ss" not in " ".join(command)
    assert "postgres://me@db:5433/postgres" in command
    assert environment["PGPASSWORD"] == "p@ss" and environment["PGAPPNAME"] == "bhavya_archive"


def test_a_backup_host_needs_no_package(tmp_path):
    """-S: without site-packages, as on a machine with Debian's Python alone."""

    def run(*words):
        command = [sys.executable, "-S", "-m", "bhavya.backup", "--dir", str(tmp_path), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    listed = run("list")
    assert (listed.returncode, listed.stderr) == (0, "") and "never" in listed.stdout
    drilled = run("drill")
    assert drilled.returncode == 1 and "The drill needs psycopg" in drilled.stdout
