"""A network that misbehaves on demand: stands before a server, on a port of its own, and lets bytes through or not."""

import asyncio
from contextlib import suppress
from enum import Enum, auto
from typing import Self


class Network(Enum):
    """How the network behaves, from the next byte on."""

    PASS = auto()
    DELAY = auto()
    """Every piece arrives `delay` seconds late."""
    RESET = auto()
    """Connections break as soon as anything is said on them, new ones included."""
    BLACK_HOLE = auto()
    """Everything is accepted and nothing arrives."""


class TcpProxy:
    """Stands before a server. `break_when` names bytes of a client that turn the network to `broken`."""

    def __init__(self, target: str | tuple[str, int]) -> None:
        self._target = target
        self.network = Network.PASS
        self.delay = 0.0
        self.break_when: bytes | None = None
        self.broken = Network.RESET
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens, on the port of the last time if there was one."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections and breaks those that are there."""
        if self._server is not None:
            self._server.close()
            self.reset()
            await self._server.wait_closed()

    def reset(self) -> None:
        """Breaks every connection, now."""
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self._target, str):
            there_reader, there_writer = await asyncio.open_unix_connection(self._target)
        else:
            there_reader, there_writer = await asyncio.open_connection(*self._target)
        both = {writer, there_writer}
        self._writers |= both
        try:
            await asyncio.gather(
                self._pump(reader, there_writer, from_client=True), self._pump(there_reader, writer, from_client=False)
            )
        finally:
            self._writers -= both
            for end in both:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_client: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if from_client and self.break_when is not None and self.break_when in data:
                    self.network = self.broken
                match self.network:
                    case Network.RESET:
                        self.reset()
                    case Network.BLACK_HOLE:
                        continue
                    case Network.DELAY:
                        await asyncio.sleep(self.delay)
                if not writer.is_closing():
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()
