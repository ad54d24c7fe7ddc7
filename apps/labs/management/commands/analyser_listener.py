"""Listen to the analysers of all hospitals: `analyser_listener [--host 0.0.0.0] [--port 4101]`."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.labs.link.listener import Listener


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.ANALYSER_HOST)
        parser.add_argument("--port", type=int, action="append", default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._run(Listener(options["host"], only=tuple(options["port"]))))

    async def _run(self, listener: Listener) -> None:
        task = asyncio.create_task(listener.run(self._ready))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            self.stdout.write("stopped")

    def _ready(self, ports: list[int]) -> None:
        self.stdout.write(f"listening on {', '.join(map(str, ports)) or 'no port yet'}")
        self.stdout.flush()
