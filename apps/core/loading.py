"""What every `load_*` command shares: its switches and how it reports."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.master import MasterList, Summary, Unreadable, read_rows

SHOWN = 20


class LoadCommand(BaseCommand):
    """Subclasses name their `lists` and say in `load_one` which verb loads one of them."""

    lists: tuple[MasterList, ...] = ()
    on_request: tuple[MasterList, ...] = ()  # lists of which we carry no file: only with --file

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="a newer CSV instead of the one we carry")
        parser.add_argument("--list", choices=[one.name for one in self._all])
        parser.add_argument("--on-error", choices=["keep", "refuse"], default="refuse")
        parser.add_argument("--retire", action="store_true", help="mark vanished rows inactive")
        parser.add_argument("--json", action="store_true")

    @property
    def _all(self) -> tuple[MasterList, ...]:
        return (*self.lists, *self.on_request)

    def load_one(self, listing: MasterList, **how: Any) -> Summary:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        how = {"keep_good": options["on_error"] == "keep", "retire": options["retire"]}
        try:
            chosen = self._chosen(options["list"], options["file"])
            done = {one.name: self.load_one(one, file=options["file"], **how) for one in chosen}
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        self._report(done, as_json=options["json"])
        if any(summary.refused for summary in done.values()):
            raise CommandError("Nothing of a refused file was written. --on-error keep keeps rows.")

    def _chosen(self, name: str | None, file: Path | None) -> list[MasterList]:
        """The named list; with a file alone, the list whose headings it has; else all."""
        if name:
            return [one for one in self._all if one.name == name]
        if file is None:
            return list(self.lists)
        for one in sorted(self._all, key=lambda one: -len(one.needs)):  # the pickiest first
            try:
                next(read_rows(file, one.needs), None)
            except Unreadable:
                if not file.exists():
                    raise
                continue
            return [one]
        raise Unreadable(f"{file.name} has the headings of none of our lists. Use --list.")

    def _report(self, done: dict[str, Summary], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(total(done), ensure_ascii=False))
            return
        for name, one in done.items():
            for bad in one.bad[:SHOWN]:
                self.stdout.write(f"{name} line {bad.line}, {bad.column}: {bad.reason}")
            if len(one.bad) > SHOWN:
                self.stdout.write(f"{name}: and {len(one.bad) - SHOWN} more; --json has them all")
            fate = "refused" if one.refused else f"{one.added} added, {one.changed} changed"
            self.stdout.write(f"{name}: {fate}, {one.same} same, {one.retired} retired")


def total(done: dict[str, Summary]) -> dict[str, Any]:
    """The sums over all lists, each list by itself, and every bad row with its list."""
    sums = {
        count: sum(getattr(one, count) for one in done.values())
        for count in ("added", "changed", "same", "retired")
    }
    bad = [
        {"list": name, "line": b.line, "column": b.column, "reason": b.reason}
        for name, one in done.items()
        for b in one.bad
    ]
    return {**sums, "bad": bad, "lists": {name: one.as_json() for name, one in done.items()}}
