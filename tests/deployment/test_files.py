"""What servers are told: complete, without a word left open, and good in the eyes of the tools."""

import re
import shutil
import subprocess
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from bhavya import queues
from bhavya.deployment import FILES, Plan, render

UNITS = ("web@", "worker", "late", "beat", "analysers", "partitions", "wal", "backup")


def write(folder, **options):
    out = StringIO()
    call_command("deployment_files", str(folder), stdout=out, **options)
    return out.getvalue().split()


def tool(name, *words, **more):
    """What the tool says; the test is not run where the tool is not installed."""
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        pytest.skip(f"{name} is not installed: not run")
    return subprocess.run(
        [path, *map(str, words)], capture_output=True, text=True, check=False, timeout=60, **more
    )


def test_it_works(tmp_path):
    written = write(tmp_path / "out", port=8011, web_workers=3)
    assert {path.rpartition("/")[2] for path in written} == {p.name for p in FILES.iterdir()}
    text = {p.name: p.read_text() for p in (tmp_path / "out").iterdir()}
    assert not [name for name, told in text.items() if re.search(r"@[A-Z_]+@", told)]
    assert f"server_name {settings.PARENT_DOMAIN} *.{settings.PARENT_DOMAIN};" in text["nginx.conf"]
    assert text["nginx.conf"].count("proxy_pass http://127.0.0.1:8011;") == 2
    assert "ListenStream=127.0.0.1:8011\n" in text["bhavya-web.socket"]
    assert "--workers 3 " in text["bhavya-web@.service"]
    for unit in UNITS:
        assert "User=bhavya\n" in text[f"bhavya-{unit}.service"]
        assert "ProtectSystem=strict" in text[f"bhavya-{unit}.service"]


def test_the_workers_together_take_every_queue_once(tmp_path):
    write(tmp_path)
    units = [tmp_path / f"bhavya-{name}.service" for name in ("worker", "late")]
    taken = [re.search(r" -Q (\S+)", unit.read_text())[1].split(",") for unit in units]
    assert sorted(name for names in taken for name in names) == sorted(queues.NAMES)


def test_it_is_safe_to_write_twice(tmp_path):
    assert write(tmp_path) == write(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"root": "/srv/b h"}, "root"),
        ({"user": "x\nExecStart=/bin/sh"}, "user"),
        ({"env": "etc/env"}, "whole path"),
    ],
)
def test_it_refuses_what_would_mean_something_else_there(tmp_path, wrong, says):
    with pytest.raises(CommandError, match=says):
        write(tmp_path / "out", **wrong)
    assert not (tmp_path / "out").exists()


def test_it_refuses_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        write(tmp_path / "file")


def test_systemd_understands_each_unit(tmp_path):
    """systemd looks whether the programs are there, so stand-ins of their names are made."""
    root = tmp_path / "srv"
    (root / ".venv/bin").mkdir(parents=True)
    for name in ("gunicorn", "celery", "python"):
        (root / ".venv/bin" / name).write_text("#!/bin/sh\n")
        (root / ".venv/bin" / name).chmod(0o755)
    write(tmp_path / "units", root=str(root))
    (tmp_path / "units/bhavya-web@.service").rename(tmp_path / "units/bhavya-web@1.service")
    kinds = {".service", ".timer", ".socket"}
    files = [p for p in (tmp_path / "units").iterdir() if p.suffix in kinds]
    assert len(files) == len(UNITS) + 3
    for file in files:
        done = tool("systemd-analyze", "verify", "--man=no", file)
        ours = [line for line in done.stderr.splitlines() if "bhavya" in line]
        assert ours == [] and done.returncode == 0, done.stderr


def test_nginx_understands_its_file(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "full.pem"
    made = tool(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test"),
        *("-keyout", key, "-out", certificate),
    )
    assert made.returncode == 0, made.stderr
    write(tmp_path / "out", key=str(key), certificate=str(certificate))
    told = (tmp_path / "out/nginx.conf").read_text().replace("/var/log/nginx", str(tmp_path))
    told = re.sub(r"listen ((?:\[::\]:)?)(443|80)\b", r"listen \g<1>18\2", told)  # not root's ports
    (tmp_path / "bhavya").mkdir()
    (tmp_path / "site.conf").write_text(told)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "access_log off; " + "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "all.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ {own} include site.conf; }}\n"
    )
    done = tool("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "all.conf")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_logrotate_understands_its_file(tmp_path):
    write(tmp_path)
    done = tool("logrotate", "-d", "-s", tmp_path / "state", tmp_path / "logrotate.conf")
    assert done.returncode == 0 and "error" not in done.stderr.lower(), done.stderr


def test_every_word_of_a_file_is_a_field_of_the_plan():
    words = {w for p in FILES.iterdir() for w in re.findall(r"@([A-Z_]+)@", p.read_text())}
    assert words == {field.upper() for field in Plan.__dataclass_fields__}
    assert render(Plan(domain="bhavya.example"))
