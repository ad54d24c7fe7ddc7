"""The process that analysers talk to: a port for each, every message in the database before the
analyser hears that it arrived."""

import asyncio
import logging
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.utils import InterfaceError

from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.facilities import analysers
from apps.labs import actions
from apps.labs.link.frames import NAK, Astm, Mllp, Step
from apps.labs.link.messages import ENCODING, Unreadable, control_id

log = logging.getLogger(__name__)
LOOK_AGAIN_S = 15
QUIET_S = 300  # an open line with nothing on it
TRIES, PAUSE_S = 20, 0.5  # a database that restarts is waited for; the analyser waits with us
BATCH = 50


class Listener:
    """Serves every analyser of every hospital; looks for new ones every few seconds."""

    def __init__(self, host: str, *, only: tuple[int, ...] = ()) -> None:
        self.host, self.only = host, only
        self.servers: dict[int, asyncio.Server] = {}
        self.devices: dict[int, analysers.Analyser] = {}
        self.waiting: set[UUID] = set()
        self.work = asyncio.Event()

    async def run(self, ready: Callable[[list[int]], None] | None = None) -> None:
        matcher = asyncio.create_task(self._match_forever())
        try:
            while True:
                await self._look_around()
                if ready:
                    ready(sorted(self.servers))
                    ready = None
                await asyncio.sleep(LOOK_AGAIN_S)
        finally:
            matcher.cancel()

    async def _look_around(self) -> None:
        """Open the ports of new analysers, close those of revoked ones."""
        try:
            found = {a.port: a for a in await sync_to_async(_analysers)()}
        except (OperationalError, InterfaceError):
            return  # the database restarts: keep what we have
        if self.only:
            found = {port: a for port, a in found.items() if port in self.only}
        for port in set(self.servers) - set(found):
            self.servers.pop(port).close()
        for port, analyser in found.items():
            self.devices[port] = analyser
            if port not in self.servers:
                self.waiting.add(analyser.facility_id)
                await self._open(port)
        self.work.set()

    async def _open(self, port: int) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(port, reader, writer)

        try:
            self.servers[port] = await asyncio.start_server(serve, self.host, port)
        except OSError as error:
            log.warning("port %s of an analyser cannot be opened: %s", port, error.strerror)

    async def _serve(
        self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        analyser = self.devices[port]
        peer = writer.get_extra_info("peername")[0]
        try:
            if not allowed(peer, analyser.allow):
                log.warning("analyser port %s: a stranger was turned away", port)
                return
            line: Astm | Mllp = Astm() if analyser.protocol == "astm" else Mllp()
            await self._talk(analyser, line, reader, writer)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()

    async def _talk(
        self,
        analyser: analysers.Analyser,
        line: Astm | Mllp,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        try:
            while data := await asyncio.wait_for(reader.read(65536), QUIET_S):
                for step in line.feed(data):
                    answer = await self._do(analyser, step)
                    if answer:
                        writer.write(answer)
                        await writer.drain()
        finally:
            if half := line.lost():
                await self._keep(analyser, half, "half")

    async def _do(self, analyser: analysers.Analyser, step: Step) -> bytes:
        """Keep, then answer. What cannot be kept is not acknowledged: the analyser sends again."""
        if step.half:
            await self._keep(analyser, step.half, "half")
        if not step.message:
            return step.answer
        hl7 = analyser.protocol == "hl7"
        reason, told = "", ""
        if hl7:
            try:
                told = control_id(step.message.decode(ENCODING))
            except Unreadable as no:
                reason = no.reason
        kept = await self._keep(analyser, step.message, reason)
        if not hl7:
            return step.answer if kept else NAK
        return _acknowledge(told, "AR" if reason else "AA" if kept else "AE")

    async def _keep(self, analyser: analysers.Analyser, body: bytes, reason: str) -> bool:
        text = body.decode(ENCODING).strip("\x00")
        for _ in range(TRIES):
            try:
                await sync_to_async(_store)(analyser, text, reason)
            except (OperationalError, InterfaceError):
                await asyncio.sleep(PAUSE_S)
                continue
            self.waiting.add(analyser.facility_id)
            self.work.set()
            return True
        return False

    async def _match_forever(self) -> None:
        """Matching never holds up an analyser: it runs behind, one hospital after the other."""
        while True:
            await self.work.wait()
            self.work.clear()
            for facility_id in list(self.waiting):
                try:
                    more = await sync_to_async(_match)(facility_id)
                except Exception as error:
                    log.warning("matching stopped: %s", type(error).__name__)
                    await asyncio.sleep(PAUSE_S)
                    self.work.set()
                    continue
                if more:
                    self.work.set()
                else:
                    self.waiting.discard(facility_id)


def allowed(peer: str, networks: tuple[str, ...]) -> bool:
    """Whether this address may speak for the analyser; an empty list lets only this machine."""
    address = ip_address(peer.removeprefix("::ffff:"))
    if not networks:
        return address.is_loopback
    return any(address in ip_network(network, strict=False) for network in networks)


def _acknowledge(told: str, code: str) -> bytes:
    text = f"MSH|^~\\&|BHAVYA|LAB|||||ACK^R01|{told}|P|2.3.1\rMSA|{code}|{told}\r"
    return b"\x0b" + text.encode(ENCODING) + b"\x1c\r"


def _analysers() -> list[analysers.Analyser]:
    close_old_connections()
    return analysers.all_listening()


def _store(analyser: analysers.Analyser, text: str, reason: str) -> None:
    """Committed when this returns."""
    close_old_connections()
    try:
        with facility_context(analyser.facility_id), transaction.atomic():
            with connection.cursor() as cursor:  # an acknowledgement is a promise: on disk first
                cursor.execute("SET LOCAL synchronous_commit TO on")
            actions.keep(analyser.name, body=text, id=uuid7(), reason=reason)
    except (OperationalError, InterfaceError):
        connection.close()
        raise


def _match(facility_id: UUID) -> bool:
    """True when there may be more."""
    close_old_connections()
    try:
        with facility_context(facility_id):
            return actions.match_waiting(limit=BATCH) == BATCH
    except (OperationalError, InterfaceError):
        connection.close()
        raise


__all__ = ["Listener", "allowed"]
