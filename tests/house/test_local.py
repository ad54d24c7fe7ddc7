"""The parts of `make run` and `make test` that can be tried without installing anything."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.management import get_commands

from apps.demo import bridge, world
from bhavya.local import checks, envfile, messages, places, ports, processes, run, static, steps
from bhavya.local.postgres import Cluster
from bhavya.local.problem import Problem, cause
from bhavya.local.redis import Broker
from bhavya.local.servers import Servers
from bhavya.local.supervisor import Child, Restarts, end_leftovers

SLEEP = "import time; time.sleep(600)"
# Starts a process of its own and says so, then waits: like a worker with its pool.
WITH_A_CHILD = (
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('ready', flush=True); time.sleep(600)"
)


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


@pytest.fixture
def child(tmp_path):
    """Makes a supervised Python one-liner; whatever is left of it is ended afterwards."""
    made = []

    def make(code, restarts=None):
        made.append(
            Child(
                name="web",
                title="The web server",
                command=[sys.executable, "-c", code],
                cwd=tmp_path,
                environment=os.environ,
                log=tmp_path / "web.log",
                pid_file=tmp_path / "run" / "web.pid",
                restarts=restarts or Restarts(),
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.stop(0)


@pytest.fixture
def orphans(tmp_path):
    """A process group whose leader was killed with -9, as after a kill of `make run`."""
    leader = subprocess.Popen(
        [sys.executable, "-c", WITH_A_CHILD],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        start_new_session=True,
    )
    assert leader.stdout is not None
    leader.stdout.readline()
    file = tmp_path / "worker.pid"
    processes.remember(file, leader.pid)
    leader.kill()
    leader.wait()
    yield leader.pid, file
    processes.end_group(leader.pid, 0)


# --- ports


def test_a_taken_port_is_seen(taken):
    assert not ports.is_free(taken)
    assert ports.answers(taken)


def test_the_web_port_asked_for_is_used():
    free = ports.private("a test")
    assert ports.web(str(free)) == free


def test_the_web_port_asked_for_is_refused_in_one_sentence_when_taken(taken):
    with pytest.raises(Problem) as caught:
        ports.web(str(taken))
    assert str(caught.value).startswith(f"Port {taken} is in use by another program")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("word", ["eighty", "-1", "0", "65536"])
def test_a_web_port_that_is_none_is_refused(word):
    with pytest.raises(Problem, match=f"WEB_PORT={word} is not a port number"):
        ports.web(word)


def test_without_a_wish_the_web_port_is_free():
    assert ports.is_free(ports.web(None))


def test_private_ports_differ_from_those_taken():
    first = ports.private("a checkout")
    second = ports.private("a checkout", frozenset({first}))
    assert first != second
    assert {first, second} <= set(ports.PRIVATE)


# --- the env file


def test_the_env_file_is_read_as_written_and_closed_to_others(tmp_path):
    file = tmp_path / "env"
    values = {"DATABASE_URL": "postgres://a:b=@127.0.0.1:1/x", "WEB_PORT": "8000"}
    envfile.write(file, values)
    assert envfile.read(file) == values
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_missing_env_file_has_no_values(tmp_path):
    assert envfile.read(tmp_path / "env") == {}


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\0"])
def test_a_broken_memory_counts_as_none(tmp_path, text):
    file = tmp_path / "servers.json"
    file.write_text(text)
    assert envfile.read_state(file) == {}


def test_shell_can_read_the_env_file(tmp_path):
    envfile.write(tmp_path / "env", {"FIELD_KEY": "a-b_c="})
    done = subprocess.run(
        ["sh", "-c", ". ./env; echo $FIELD_KEY"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "a-b_c=\n"


# --- sentences


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOTFOUND", "the package server cannot be reached"),
        ("W: Temporary failure resolving 'deb'", "the package server cannot be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "a downloaded package is not the one"),
        ("E: Unable to locate package redis-server", "Debian's package list does not have it"),
        ("something nobody foresaw", ""),
    ],
)
def test_a_tools_output_becomes_a_reason(output, reason):
    assert cause(output).startswith(reason)
    assert bool(cause(output)) == bool(reason)


def test_a_failing_command_is_one_sentence_with_its_log(tmp_path):
    log = tmp_path / "install.log"
    with pytest.raises(Problem) as caught:
        processes.call(["sh", "-c", "echo ENOSPC; exit 3"], log, "The fonts could not be built")
    assert str(caught.value) == f"The fonts could not be built: the disk is full. (details: {log})"


def test_the_reason_comes_from_the_last_command_only(tmp_path):
    log = tmp_path / "install.log"
    log.write_text("No space left on device\n")
    with pytest.raises(Problem, match=r"It failed\. \(details"):
        processes.call(["false"], log, "It failed")


def test_a_missing_program_is_a_sentence_too(tmp_path):
    with pytest.raises(Problem, match="It failed: No such file or directory"):
        processes.call([tmp_path / "nothing"], tmp_path / "log", "It failed")


# --- the supervisor


def test_restarts_are_allowed_up_to_the_limit_within_the_window():
    restarts = Restarts(limit=2, window=60)
    assert [restarts.allow(now) for now in (0, 10, 20)] == [True, True, False]


def test_old_deaths_are_forgotten():
    restarts = Restarts(limit=2, window=60)
    assert all(restarts.allow(now) for now in (0, 40, 80, 120, 160))


def test_the_pause_grows():
    restarts = Restarts(limit=9)
    pauses = [restarts.pause() for now in range(9) if restarts.allow(now)]
    assert pauses[0] == 0
    assert pauses == sorted(pauses)
    assert pauses[-1] == 4


def test_a_killed_program_is_started_again(child, capsys):
    web = child(SLEEP)
    web.start()
    first = web.process.pid
    web.process.kill()
    web.process.wait()
    web.watch(now=0)
    assert "The web server was killed (signal 9); starting it again." in capsys.readouterr().out
    web.watch(now=0)
    assert web.process.pid != first
    assert processes.recall(web.pid_file) == web.process.pid


def test_a_program_that_keeps_dying_is_given_up_with_its_log(child):
    web = child("raise SystemExit(3)", Restarts(limit=2))
    with pytest.raises(Problem) as caught:
        for now in range(0, 60, 10):
            web.watch(now=now)
            if web.process is not None:
                web.process.wait()
    assert str(caught.value).startswith("The web server stopped 3 times within 60 seconds.")
    assert str(web.log) in str(caught.value)


def test_stopping_ends_what_the_program_had_started(child):
    web = child(WITH_A_CHILD)
    web.start()
    group = web.process.pid
    assert processes.wait_until(lambda: len(processes.group_members(group)) == 2, 20)
    web.ask_to_stop()
    web.stop(5)
    assert processes.group_members(group) == []
    assert not web.pid_file.exists()


# --- after a kill -9


def test_a_pid_file_of_a_dead_process_is_stale(tmp_path):
    done = subprocess.Popen(["true"])
    file = tmp_path / "web.pid"
    processes.remember(file, done.pid)
    done.wait()
    assert processes.recall(file) is None
    assert not file.exists()


def test_a_number_used_again_by_another_process_is_not_ours(tmp_path):
    file = tmp_path / "web.pid"
    file.write_text(f"{os.getpid()} 12345\n")
    assert processes.recall(file) is None
    file.write_text(f"{os.getpid()} 12345\n")
    assert not processes.end_remembered_group(file, Path.cwd())


@pytest.mark.parametrize("text", ["", "word", "1 2 3", "-5 1"])
def test_a_broken_pid_file_is_stale(tmp_path, text):
    file = tmp_path / "web.pid"
    file.write_text(text)
    assert processes.recall(file) is None
    file.write_text(text)
    assert not processes.end_remembered_group(file, tmp_path)


def test_what_a_killed_run_left_is_found_and_ended(orphans, tmp_path):
    group, file = orphans
    assert processes.group_members(group)
    assert end_leftovers(tmp_path, tmp_path) == ["worker"]
    assert processes.group_members(group) == []
    assert not file.exists()


def test_a_group_that_works_elsewhere_is_left_alone(orphans, tmp_path):
    group, _file = orphans
    assert end_leftovers(tmp_path, tmp_path / "another") == []
    assert processes.group_members(group)


def test_a_postmaster_file_of_another_process_does_not_count(tmp_path):
    cluster = Cluster(tmp_path, "pg", "nobody", 1, "secret", "secret")
    cluster.data.mkdir()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert cluster.pid() is None
    assert not cluster.running()


def test_a_brokers_file_of_another_process_does_not_count(tmp_path):
    broker = Broker(tmp_path, "redis", "nobody", 1, "secret")
    broker.data.mkdir()
    broker.pid_file.write_text(f"{os.getpid()}\n")
    assert broker.pid() is None
    assert not broker.running()


def test_ending_waits_for_the_process_to_go():
    process = subprocess.Popen([sys.executable, "-c", SLEEP])
    assert processes.end(process.pid, signal.SIGTERM, 10)
    assert process.wait() == -signal.SIGTERM


def test_a_second_run_from_the_same_folder_is_told_where_the_first_is(tmp_path):
    lock = tmp_path / "run.lock"
    with (
        processes.only_one(lock, "Runs as {pid}."),
        pytest.raises(Problem, match=f"^Runs as {os.getpid()}\\.$"),
        processes.only_one(lock, "Runs as {pid}."),
    ):
        pass
    with processes.only_one(lock, "free again"):
        assert lock.read_text() == str(os.getpid())


# --- translations


PO = """\
msgid ""
msgstr "Language: hi\\n"

msgid "Patient"
msgstr "मरीज़"

#, fuzzy
msgid "Doctor"
msgstr "मरीज़"

msgid "Nurse"
msgstr ""

msgid ""
"A long "
"sentence"
msgstr ""
"लंबा "
"वाक्य"

msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s दिन"
msgstr[1] ""

#~ msgid "Old"
#~ msgstr ""
"""


def test_unfinished_translations_are_found():
    assert messages.unfinished(PO) == ["Doctor", "Nurse", "%(n)s day"]


def test_date_order_and_line_breaks_are_no_change():
    moved = (
        PO.replace('msgid "Patient"\nmsgstr "मरीज़"\n\n', "") + '\nmsgid "Patient"\nmsgstr "मरीज़"\n'
    )
    broken = moved.replace('msgstr "Language', 'msgstr ""\n"POT-Creation-Date: 1\\n"\n"Language')
    assert broken != PO
    assert messages.entries(broken) == messages.entries(PO)


@pytest.mark.parametrize(
    ("old", "new"), [("वाक्य", "शब्द"), ("#, fuzzy\n", ""), ("Nurse", "Nurses"), ("दिन", "दिवस")]
)
def test_a_changed_word_is_a_change(old, new):
    assert messages.entries(PO.replace(old, new)) != messages.entries(PO)


# --- what make needs to find


def test_every_step_is_a_command_of_manage_py():
    unknown = [step.words[0] for step in steps.MANAGE if step.words[0] not in get_commands()]
    assert unknown == []


def test_every_check_is_a_program_of_the_virtual_environment():
    bin_ = Path(sys.executable).parent
    assert [words[0] for _, words in checks.CHECKS if not (bin_ / words[0]).exists()] == []


def test_every_icon_in_the_templates_is_in_the_build():
    used = set()
    for template in (places.ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""", template.read_text()))
    listed = static.read_icons(Path(static.__file__).parent / "icons.txt")
    assert used - set(listed) == set()
    assert "check" in listed
    assert listed["check"] == '<path d="M5 12l5 5l10 -10"/>'


def test_the_lock_file_names_no_server():
    assert '"resolved"' not in (places.ROOT / "package-lock.json").read_text()


# --- the stand-in of ABDM


@pytest.fixture
def servers(tmp_path, monkeypatch):
    """The servers of a checkout that has none yet, with nothing given from outside."""
    monkeypatch.setattr(places, "LOCAL", tmp_path)
    monkeypatch.setattr(places, "prepare", lambda: None)
    for name in ("ABDM_ENVIRONMENT", "ABDM_CLIENT_ID", "ABDM_CLIENT_SECRET", "DEMO", "WEB_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@127.0.0.1:1/x")
    monkeypatch.setenv("BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:1/1")

    def make(*, test=False, abdm_port="8790"):
        made = Servers(test=test)
        made.state |= {"web_port": "8123", "abdm_port": abdm_port}
        return made

    return make


def started(servers):
    return {child.name: [str(word) for word in child.command] for child in run.children(servers)}


def test_a_demo_has_the_stand_in_of_abdm(servers):
    demo = servers(abdm_port="8799")
    told = demo.environment()
    assert told["ABDM_ENVIRONMENT"] == "http://127.0.0.1:8799"
    assert told["ABDM_CLIENT_ID"] and told["ABDM_CLIENT_SECRET"]
    words = started(demo)["abdm"]
    assert words[words.index("--port") + 1] == "8799"
    assert words[words.index("--bridge") + 1] == "http://bhavya.localhost:8123/abdm"
    assert (places.ROOT / words[words.index("--services") + 1]).is_file()
    assert demo.environment() == told  # a second start has the same secret


@pytest.mark.parametrize(
    ("name", "value"),
    [("ABDM_ENVIRONMENT", "production"), ("ABDM_ENVIRONMENT", ""), ("DEMO", "false")],
)
def test_no_stand_in_where_it_is_no_demo_or_another_gateway_is_named(
    servers, monkeypatch, name, value
):
    monkeypatch.setenv(name, value)
    other = servers()
    assert "abdm" not in started(other)
    assert not {key for key in other.environment() if key.startswith("ABDM_")}


def test_the_servers_of_tests_have_no_stand_in(servers):
    assert not {key for key in servers(test=True).environment() if key.startswith("ABDM_")}


def test_a_change_of_gateway_seeds_again(servers, monkeypatch):
    demo = servers()
    monkeypatch.setattr(demo, "cluster", lambda: Cluster(places.LOCAL, "pg", "nobody", 1, "x", "x"))
    seed = next(step for step in steps.MANAGE if step.daily)
    before = steps.digest(seed, demo)
    assert before == steps.digest(seed, demo)
    monkeypatch.setenv("ABDM_ENVIRONMENT", "abdm-sandbox")
    assert steps.digest(seed, demo) != before


def test_the_stand_ins_port_is_the_usual_one_or_the_next():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        assert ports.near(port) != port
    assert ports.STAND_IN <= ports.stand_in() < ports.STAND_IN + ports.WEB_TRIES


def test_the_stand_in_starts_as_the_supervisor_says(servers, monkeypatch):
    memory = places.LOCAL / "abdm-sandbox.json"
    monkeypatch.setattr(places, "STAND_IN_MEMORY", memory)
    port = ports.private("a stand-in")
    gate = next(c for c in run.children(servers(abdm_port=str(port))) if c.name == "abdm")
    gate.log, gate.pid_file = places.LOCAL / "abdm.log", places.LOCAL / "run" / "abdm.pid"
    gate.start()
    try:
        assert processes.wait_until(lambda: ports.answers(port), 60), gate.log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/phr/", timeout=10) as phone:
            assert "यह फ़ोन किसका है?" in phone.read().decode()
    finally:
        gate.ask_to_stop()
        gate.stop(20)
    told = json.loads(memory.read_text("utf-8"))["world"]
    assert told["bridge_url"] == "http://bhavya.localhost:8123/abdm"
    assert bridge.SERVICES["dh-purnia"]["service_id"] in json.dumps(told["services"])


def test_reset_forgets_what_the_stand_in_remembers(servers, monkeypatch):
    monkeypatch.setattr(places, "STAND_IN_MEMORY", places.LOCAL / "abdm-sandbox.json")
    monkeypatch.setattr(places, "data_home", lambda: places.LOCAL / "data")
    monkeypatch.setattr(run, "PIDS", places.LOCAL / "run")
    monkeypatch.setattr(steps, "forget", lambda: None)
    monkeypatch.setattr(Servers, "stop", lambda self: False)
    places.STAND_IN_MEMORY.write_text("{}")
    assert run.reset(yes=True) == 0
    assert not places.STAND_IN_MEMORY.exists()


def test_the_demo_hospitals_and_the_stand_in_know_the_same_ids():
    slugs = [hospital.slug for hospital in world.HOSPITALS]
    assert list(bridge.SERVICES) == slugs
    ids = [one["service_id"] for one in bridge.SERVICES.values()]
    assert len(set(ids)) == len(ids)
    # The range kept for demonstration; fifteen letters are what patients see.
    assert all(re.fullmatch(r"IN10100099\d\d(_1)?", one) for one in ids)
    assert all(len(one["name"]) <= 15 for one in bridge.SERVICES.values())


def test_a_stand_in_is_refused_outside_of_a_demo():
    told = os.environ | {"DEMO": "false", "ABDM_ENVIRONMENT": "http://127.0.0.1:8790"}
    done = subprocess.run(
        [sys.executable, "-c", "import bhavya.settings"], cwd=places.ROOT, env=told,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode and "a stand-in, which is for a demo only" in done.stderr
