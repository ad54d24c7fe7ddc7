"""A disk that fills up, a database that is killed: it is said, nothing that was acknowledged is
lost, it goes on by itself.

The disks are small ones in memory; where mounting is not allowed these are reported as not run.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from apps.documents import queries, storage
from apps.documents.actions import rendering
from apps.documents.models import DocumentReference
from apps.workflows.doctor import files
from bhavya.local import places, ports, processes
from bhavya.local.postgres import ADMIN, Cluster
from bhavya.local.problem import Problem
from tests.documents.conftest import issue, visit_of

pytestmark = pytest.mark.drill
SIZE = "260m"


@contextmanager
def small_disk(folder, size, user=None):
    """A disk of its own in memory."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not run: this user may not mount a small disk")
    try:
        if user:
            subprocess.run(["chown", user, str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder, leave=0):
    """A ballast that takes all room but `leave` bytes."""
    ballast = folder / "ballast"
    with ballast.open("ab") as file:
        for piece in (1 << 20, 1 << 12):
            try:
                while free(folder) > leave + piece:
                    file.write(b"x" * piece)
                    file.flush()
            except OSError:
                file.close()
                return ballast
    return ballast


def free(folder):
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


@pytest.fixture
def cluster(django_db_setup, django_db_blocker, tmp_path_factory):
    """A cluster on a small disk, with the test database's tables and two hospitals in it."""
    if not places.is_root():
        pytest.skip("not run: only root may mount a small disk")
    home = tmp_path_factory.mktemp("disk")
    for folder in (home, *list(home.parents)[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    user = places.server_user(home / "none")
    with small_disk(home / "disk", SIZE, user) as disk:
        made = Cluster(
            home=disk, name="pg", user=user, port=ports.private(f"{home}full"),
            password="drill", admin_password="drill",
        )  # fmt: skip
        made.fast = True  # the first start only makes tables
        made.start()
        try:
            with django_db_blocker.unblock():
                copy_database(made)
            made.stop()
            made.fast = False  # from here on COMMIT means what it says
            made.start()
            yield made
        finally:
            kill_all(made)  # it is thrown away with its disk


def copy_database(cluster):
    told = connection.settings_dict
    source = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**told)
    tools = cluster.binaries()
    dump = subprocess.run(
        [tools / "pg_dump", "--no-owner", source], capture_output=True, check=True
    )
    subprocess.run(
        [tools / "psql", "-qX", "-v", "ON_ERROR_STOP=1", cluster.url],
        input=dump.stdout, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


@contextmanager
def program(cluster, folder):
    """People at work: a list of answers that grows."""
    (folder / "go").touch()
    said, log = folder / "said", (folder / "log").open("wb")
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.people_at_work", str(folder)],
            cwd=settings.BASE_DIR, stdout=out, stderr=log,
            env={**os.environ, "DATABASE_URL": cluster.url,
                 "DJANGO_SETTINGS_MODULE": "bhavya.settings_test", "MEDIA_ROOT": str(folder)},
        )  # fmt: skip

    def answers():
        assert process.poll() is None, (folder / "log").read_text()[-2000:]
        return [json.loads(line) for line in said.read_text().split("\n")[:-1]]

    try:
        yield answers
    finally:
        (folder / "go").unlink()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def taken(rows):
    return [row for row in rows if row["status"] in (200, 302)]


def keep_up(cluster):
    """What systemd does with PostgreSQL: a server that has ended is started again."""
    if cluster.pid() is None:
        with suppress(Problem):  # a killed server holds its memory for some seconds: again, then
            cluster.call_pg_ctl("-w", "-t", "60", "-l", cluster.log, "start")
    return cluster.running()


def address(cluster):
    return f"postgres://{ADMIN}:drill@127.0.0.1:{cluster.port}/bhavya"


def fill_log(url):
    """Write log until its next file finds no room: PostgreSQL ends itself (PANIC)."""
    try:
        with psycopg.connect(url, autocommit=True) as link:
            for _ in range(400):
                link.execute("SELECT pg_logical_emit_message(false, 'x', repeat('y', 1000000))")
    except psycopg.OperationalError:
        return True
    return False


@pytest.mark.parametrize("where", ["rows", "log"])
def test_a_full_disk_under_the_database_is_told_and_loses_nothing(cluster, tmp_path, where):
    admin = address(cluster)
    with program(cluster, tmp_path) as answers:
        assert processes.wait_until(lambda: len(taken(answers())) >= 3, 60)
        ballast = fill(cluster.home)
        assert processes.wait_until(lambda: answers()[-1]["status"] == 503, 90), answers()[-3:]
        if where == "log":
            assert fill_log(admin), "the log found room"
        time.sleep(1)
        doctor = subprocess.run(
            [sys.executable, "manage.py", "doctor", "--json"], cwd=settings.BASE_DIR, text=True,
            env={**os.environ, "DATABASE_URL": cluster.url}, capture_output=True, check=False,
        )  # fmt: skip
        full = [row for row in answers() if row["status"] not in (200, 302)]
        ballast.unlink()  # somebody made room
        before = len(taken(answers()))
        assert processes.wait_until(lambda: keep_up(cluster), 180)
        assert processes.wait_until(lambda: len(taken(answers())) >= before + 3, 60), answers()[-3:]
        rows = answers()
    assert {row["status"] for row in full} == {503}
    assert [row for row in full if not (row["hi"] and row["en"] and row["again"])] == []
    found = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    told = (found["database's disk"], found["database"])
    assert any(one["state"] == "bad" and one["mend"] for one in told), told
    nothing_is_lost(admin, rows)


def nothing_is_lost(admin, rows):
    """Every registration that was answered is there, once and whole; at most one more."""
    with psycopg.connect(admin) as link:
        there = [str(pk) for (pk,) in link.execute("SELECT id FROM f_test_grn.patients_patient")]
        visits = link.execute(
            "SELECT count(*) FROM f_test_grn.encounters_encounter e"
            " JOIN f_test_grn.patients_patient p ON p.id = e.patient_id"
        ).fetchone()[0]
        trail = link.execute(
            "SELECT count(*) FROM audit_event WHERE event = 'patient.registered'"
        ).fetchone()[0]
    acknowledged = {row["id"] for row in taken(rows)}
    assert acknowledged - set(there) == set()  # nothing that was answered is missing
    assert len(there) == len(set(there)) == visits == trail  # nothing twice, nothing half
    assert len(set(there) - acknowledged) <= 1  # the one that was on its way when we stopped


def test_kill_9_of_postgresql_under_people_at_work(cluster, tmp_path):
    with program(cluster, tmp_path) as answers:
        assert processes.wait_until(lambda: len(taken(answers())) >= 5, 60)
        kill_all(cluster)
        assert processes.wait_until(lambda: answers()[-1]["status"] == 503, 60), answers()[-3:]
        down = [row for row in answers() if row["status"] not in (200, 302)]
        before = len(taken(answers()))
        assert processes.wait_until(lambda: keep_up(cluster), 60)
        assert processes.wait_until(lambda: len(taken(answers())) >= before + 3, 60), answers()[-3:]
        rows = answers()
    assert {row["status"] for row in down} == {503}
    assert all(row["hi"] and row["en"] and row["again"] for row in down)
    nothing_is_lost(address(cluster), rows)


def kill_all(cluster):
    """The server and each of its processes, at once and without a word."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve() == cluster.data.resolve():
                os.kill(int(process.name), signal.SIGKILL)


def test_a_full_disk_under_the_papers_is_tried_until_there_is_room(cast, settings, tmp_path):
    visit = visit_of(cast.ravi.actor)
    paper = issue(visit, cast.dr_rao.actor)
    with small_disk(tmp_path / "papers", "4m") as disk:
        settings.MEDIA_ROOT = disk
        ballast = fill(disk)
        for _ in range(rendering.TRIES + 2):
            with pytest.raises(OSError, match="No space left"):
                rendering.render_document(paper.pk, "hi-a5")
        state = queries.rendition(queries.document(paper.pk), "hi-a5")
        assert state.status == "waiting"  # never given up
        assert [file for file in disk.rglob("*.pdf*") if file.is_file()] == []  # no half file
        found = files.disk_of_papers()
        assert found.state == "bad" and "disk" in found.mend
        ballast.unlink()
        rendering.render_document(paper.pk, "hi-a5")
        state = queries.rendition(queries.document(paper.pk), "hi-a5")
        assert state.status == "ready" and storage.exists(
            DocumentReference.objects.get(pk=paper.pk).renditions["hi-a5"]["key"]
        )
