"""python3 -m bhavya.backup <word>: base, stream, papers, list, forget, restore, drill."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from bhavya import env
from bhavya.backup import archive, restore, take
from bhavya.local.problem import Problem
from bhavya.local.progress import say


def root_of(arguments: argparse.Namespace) -> Path:
    folder = arguments.dir or env.text("BACKUP_DIR", "")
    if not folder:
        raise Problem("Where to? Set BACKUP_DIR or give --dir.")
    return Path(folder).absolute()


def address() -> str:
    try:
        return env.secret("BACKUP_URL")
    except env.Missing as error:
        raise Problem("Set BACKUP_URL: a role with REPLICATION (docs/production.md).") from error


def word_base(arguments: argparse.Namespace) -> None:
    root = root_of(arguments)
    say(f"Base copy: {take.take_base(root, address())}")
    media = Path(env.text("MEDIA_ROOT", str(env.ROOT / ".local" / "media")))
    if media.is_dir():
        folder, fresh = take.copy_papers(root, media)
        say(f"Papers: {folder}, {fresh} new")


def word_stream(arguments: argparse.Namespace) -> None:
    take.stream(root_of(arguments), address())


def word_list(arguments: argparse.Namespace) -> None:
    root = root_of(arguments)
    for base in archive.bases(root):
        say(f"{base.name}  PostgreSQL {base.version}  whole at {base.at:%Y-%m-%d %H:%M:%S %Z}")
    say(f"log: last written {archive.last_log(root) or 'never'}")


def word_forget(arguments: argparse.Namespace) -> None:
    gone = take.forget(root_of(arguments), arguments.keep)
    say(f"Removed: {', '.join(gone) or 'nothing'}")


def word_restore(arguments: argparse.Namespace) -> None:
    until = datetime.fromisoformat(arguments.until) if arguments.until else None
    root, data = root_of(arguments), Path(arguments.data).absolute()
    base = restore.prepare(root, data, until=until, port=arguments.port)
    say(f"{data} holds {base.name}. As root: give it to PostgreSQL's user, who reads the log too,")
    say("and start it. It plays the log, then opens for writing:")
    say(f"    chown -R postgres: {data}; chgrp postgres {root}; chgrp -R postgres {root / 'wal'}")
    say(f"    chmod g+x {root}; chmod -R g+rX {root / 'wal'}")
    start = f"{take.program('pg_ctl')} -D {data} -l {data}/log.txt -w -t 86400 start"
    say(f"    runuser -u postgres -- {start}")
    if arguments.media:
        say(f"Papers from {restore.papers(root, Path(arguments.media), until=until)}")
    say("Then: manage.py roll_out, manage.py doctor, and a new base copy.")


def word_drill(arguments: argparse.Namespace) -> None:
    # The one word that needs a package: a backup host has Python and PostgreSQL, nothing else.
    try:
        drill = import_module("bhavya.backup.drill")
    except ModuleNotFoundError as error:
        raise Problem(
            f"The drill needs {error.name}: python3 -m bhavya.local install, "
            "then .venv/bin/python -m bhavya.backup drill"
        ) from error
    report = drill.run(seconds=arguments.seconds)
    root = root_of(arguments)
    file = root / "drills" / f"{archive.stamp()}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    say(f"{report['acknowledged']} rows acknowledged, {report['missing']} missing; {file}")
    if report["missing"]:
        raise Problem("Acknowledged rows are missing: the backups are not to be trusted.")


WORDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "base": word_base,
    "stream": word_stream,
    "list": word_list,
    "forget": word_forget,
    "restore": word_restore,
    "drill": word_drill,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m bhavya.backup")
    parser.add_argument("--dir", help="folder of the backups (BACKUP_DIR)")
    commands = parser.add_subparsers(dest="word", required=True)
    commands.add_parser("base", help="copy the cluster and the papers")
    commands.add_parser("stream", help="receive the log for ever")
    commands.add_parser("list", help="what there is")
    word = commands.add_parser("forget", help="remove old copies")
    word.add_argument("--keep", type=int, default=4)
    word = commands.add_parser("restore", help="make a data folder as of a moment")
    word.add_argument("data", help="new, empty folder")
    word.add_argument("--until", help="such as 2026-11-25T09:14:00+05:30; without it: the end")
    word.add_argument("--port", type=int, default=0)
    word.add_argument("--media", help="copy missing papers to this folder")
    word = commands.add_parser("drill", help="lose a private cluster and get it back")
    word.add_argument("--seconds", type=float, default=3.0)
    arguments = parser.parse_args()
    os.umask(0o077)  # copies hold what the database holds
    try:
        WORDS[arguments.word](arguments)
    except (Problem, ValueError) as problem:
        say(f"\n{problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
