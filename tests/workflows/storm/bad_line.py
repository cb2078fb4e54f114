"""The line between two installations, as bad as lines get: `python -m tests.workflows.storm.bad_line <folder> <seed> <port>:<behind> ...`.

Each call that passes may be lost before or after it arrived, doubled, delivered late after its caller gave up (and so
after later calls), delayed, cut in the middle or changed in one bit, both ways. What happened to how many calls lies in
the file ``line.json`` of the folder. While there is a file ``calm`` in it, nothing happens to any call.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
LONGEST_DELAY: Final = 0.4  # seconds
LATEST: Final = 3.0
WEATHER_SECONDS: Final = 6.0
FAULTS: Final = (
    "lost", "answer lost", "doubled", "late", "delayed", "cut", "answer cut", "changed", "answer changed",
)  # fmt: skip
BAD, FAIR = 0.22, 0.03


class Broken(Exception):
    """Nothing more passes on this connection."""


@dataclass(frozen=True)
class Message:
    """A request or an answer: its head and its body."""

    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        """All of it."""
        return self.head + self.body


async def read(stream: asyncio.StreamReader) -> Message:
    """Read one request or answer; everybody here says how long theirs is."""
    head = await stream.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    found = [line for line in lines if line.startswith(b"content-length:")]
    size = int(found[0].partition(b":")[2]) if found else 0
    return Message(head, await stream.readexactly(size))


class BadLine:
    """One way into one installation."""

    def __init__(self, behind: int, folder: Path, chance: random.Random, met: Counter[str]) -> None:
        self.behind, self.folder, self.chance, self.met = behind, folder, chance, met
        self._waiting: set[asyncio.Task[bytes]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass the calls of one connection on, until it breaks or ends."""
        with suppress(Broken, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                request = await read(reader)
                fault = self._fault()
                self.met[fault] += 1
                act: Callable[[Message, asyncio.StreamWriter], Awaitable[None]]
                act = getattr(self, "_" + fault.replace(" ", "_"))
                await act(request, writer)
        writer.close()

    def _fault(self) -> str:
        if (self.folder / "calm").exists():
            return "passed"
        weather = int(asyncio.get_running_loop().time() / WEATHER_SECONDS) % 2
        return (
            self.chance.choice(FAULTS)
            if self.chance.random() < (BAD if weather else FAIR)
            else "passed"
        )

    async def _call(self, data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.behind, limit=2**23)
        try:
            writer.write(data)
            await writer.drain()
            return (await read(reader)).whole
        finally:
            writer.close()

    async def _passed(self, request: Message, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._call(request.whole))
        await writer.drain()

    async def _delayed(self, request: Message, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.chance.random() * LONGEST_DELAY)
        await self._passed(request, writer)

    async def _lost(self, _request: Message, _writer: asyncio.StreamWriter) -> None:
        raise Broken

    async def _answer_lost(self, request: Message, _writer: asyncio.StreamWriter) -> None:
        await self._call(request.whole)
        raise Broken

    async def _doubled(self, request: Message, writer: asyncio.StreamWriter) -> None:
        answers = [await self._call(request.whole) for _ in range(2)]
        writer.write(self.chance.choice(answers))
        await writer.drain()

    async def _late(self, request: Message, _writer: asyncio.StreamWriter) -> None:
        """Let the caller believe it was lost, and deliver it when it has gone on."""

        async def deliver() -> bytes:
            await asyncio.sleep(self.chance.random() * LATEST)
            with suppress(OSError, asyncio.IncompleteReadError):
                return await self._call(request.whole)
            return b""

        task = asyncio.create_task(deliver())
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        raise Broken

    async def _cut(self, request: Message, _writer: asyncio.StreamWriter) -> None:
        data = request.whole
        _, there = await asyncio.open_connection(LOOPBACK, self.behind)
        there.write(data[: self.chance.randrange(1, len(data))])
        await there.drain()
        there.close()
        raise Broken

    async def _answer_cut(self, request: Message, writer: asyncio.StreamWriter) -> None:
        answer = await self._call(request.whole)
        writer.write(answer[: self.chance.randrange(1, len(answer))])
        await writer.drain()
        raise Broken

    async def _changed(self, request: Message, writer: asyncio.StreamWriter) -> None:
        """Change a bit of what is said, or of the token that says who says it."""
        if request.body:
            writer.write(await self._call(request.head + self._flipped(request.body)))
            await writer.drain()
            return
        at = request.head.lower().find(b"authorization: bidx ") + 60
        await self._passed(Message(request.head[:at] + b"0" + request.head[at + 1 :], b""), writer)

    async def _answer_changed(self, request: Message, writer: asyncio.StreamWriter) -> None:
        head, _, body = (await self._call(request.whole)).partition(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n" + self._flipped(body))
        await writer.drain()

    def _flipped(self, data: bytes) -> bytes:
        if not data:
            return data
        changed = bytearray(data)
        changed[self.chance.randrange(len(changed))] ^= 1 << self.chance.randrange(7)
        return bytes(changed)


async def main(folder: Path, seed: int, ways: list[str]) -> None:
    """Carry calls until the process is ended."""
    chance, met = random.Random(seed), Counter[str]()
    for way in ways:
        port, _, behind = way.partition(":")
        line = BadLine(int(behind), folder, chance, met)
        await asyncio.start_server(line.serve, LOOPBACK, int(port), limit=2**23)
    while True:
        await asyncio.sleep(0.5)
        partial = folder / "line.json.partial"
        partial.write_text(json.dumps(met))
        partial.replace(folder / "line.json")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
