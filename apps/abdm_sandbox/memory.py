"""What the stand-in remembers when it is started again: people, links, consents, records, and its
own keys, without which nothing that it signed before would be believed any more.

One JSON file beside the demo's other data. Everything in it is invented.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from apps.abdm_sandbox import fidelius, tokens, world
from apps.abdm_sandbox.world import World

KEPT = ("bridge_url", "accounts", "services", "contexts", "asked", "shares", "consents", "askings",
        "transfers", "foreign", "enrolled")  # fmt: skip
TOLD_AT_START = ("bridge_url", "services")  # the command line says it: it wins over what was so
EVERY_S = 2.0
SHAPES = {
    one.__name__: one
    for module in (world, fidelius)
    for one in vars(module).values()
    if isinstance(one, type) and is_dataclass(one)
}
log = logging.getLogger(__name__)


def dumped(kept: World) -> str:
    """The whole memory as text; the same memory gives the same text."""
    told = {name: _plain(getattr(kept, name)) for name in KEPT}
    return json.dumps({"world": told, "keys": tokens.keys_as_text()}, ensure_ascii=False)


def load(kept: World, text: str) -> None:
    """The other way, onto a world that has just begun."""
    told = json.loads(text)
    made = {name: _made(told["world"][name]) for name in KEPT if name in told["world"]}
    tokens.use_keys(told["keys"])
    for name, old in made.items():
        new = getattr(kept, name)
        if isinstance(new, dict):
            setattr(kept, name, {**old, **new} if name in TOLD_AT_START else {**new, **old})
        elif not new or name not in TOLD_AT_START:
            setattr(kept, name, old)
    kept.go_on_counting()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        inside = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, "of": inside}
    if isinstance(value, datetime):
        return {"is": "datetime", "of": value.isoformat()}
    if isinstance(value, dict):  # keys may be numbers and tuples
        return {"is": "dict", "of": [[_plain(k), _plain(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"is": "set", "of": sorted(_plain(one) for one in value)}
    if isinstance(value, tuple):
        return {"is": "tuple", "of": [_plain(one) for one in value]}
    return [_plain(one) for one in value] if isinstance(value, list) else value


PARTS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "dict": lambda rows: {_made(key): _made(value) for key, value in rows},
    "set": set,
    "tuple": lambda rows: tuple(_made(one) for one in rows),
}


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return [_made(one) for one in value]
    if not isinstance(value, dict):
        return value
    kind, inside = value["is"], value["of"]
    if kind in PARTS:
        return PARTS[kind](inside)
    shape = SHAPES[kind]
    known = {one.name for one in fields(shape)}
    return shape(**{name: _made(one) for name, one in inside.items() if name in known})


def kept_in(file: Path) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """The application's life with its memory in `file`: read at the start, written when it has
    changed and at the end. A file that cannot be read is put aside, not a reason not to start."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        kept: World = app.state.world
        last = _remembered(kept, file)
        task = asyncio.get_running_loop().create_task(_keep(kept, file, last))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            _write(file, dumped(kept))

    return life


def _remembered(kept: World, file: Path) -> str:
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    try:
        load(kept, text)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("memory put aside: %s", type(error).__name__)
        file.replace(file.with_suffix(".unreadable"))
        return ""
    return text


async def _keep(kept: World, file: Path, last: str) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        text = dumped(kept)
        if text != last:
            _write(file, text)
            last = text


def _write(file: Path, text: str) -> None:
    """Beside and renamed: a kill in between leaves the old file or the new one."""
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(text, "utf-8")
    beside.replace(file)
