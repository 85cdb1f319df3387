"""The load: signed requests over raw connections, made before the clock starts.

Run as `python -m tests.bench.load PORT WHAT AT_ONCE SECONDS` (closed: each connection sends when it was answered), or
as `python -m tests.bench.load PORT WHAT RATE SECONDS --open` (so many a second come, whoever has been answered);
prints a line of JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.rules import draw_number
from tests.bench.target import signed

PEOPLE = 200
LINES = 256
"""Connections of an open load, as Slack keeps many."""
CHANCE = random.SystemRandom().randrange


def body(user: int, text: str, number: int) -> bytes:
    """A slash command with every field that real ones have."""
    fields = {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": "T0ACME",
        "team_domain": "acme",
        "enterprise_id": "",
        "enterprise_name": "",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": f"U0{user:05}",
        "user_name": "anna",
        "command": "/pmi",
        "text": text,
        "api_app_id": "A0ROOM",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0ACME/1/a",
        "trigger_id": f"{number}.{time.time_ns()}.a",
    }
    return urlencode(fields).encode()


@dataclass(frozen=True, slots=True)
class Sent:
    """One request on its way: its bytes, and the number that is wished in it, if any is."""

    content: bytes
    wish: str = ""


@dataclass(slots=True)
class Heard:
    """What came back."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    saved: list[str] = field(default_factory=list)

    def note(self, sent: Sent, began: float, head: bytes, content: bytes) -> None:
        """Keep one answer."""
        self.times.append(time.perf_counter() - began)
        self.statuses[head[9:12].decode()] += 1
        if sent.wish:
            said = "saved" if b"Saved" in content else "busy" if b"Nothing was changed" in content else "other"
            self.words[said] += 1
            if said == "saved":
                self.saved.append(sent.wish)

    def summary(self, seconds: float) -> dict[str, object]:
        """Requests a second, and the times of single requests in milliseconds."""
        self.times.sort()
        count = len(self.times)
        return {
            "per_second": count / seconds,
            "p50": self.times[count // 2] * 1000,
            "p99": self.times[count * 99 // 100] * 1000,
            "slowest": self.times[-1] * 1000,
            "statuses": self.statuses,
            "words": self.words,
            "saved": self.saved,
        }


def page(path: str, number: int) -> Sent:
    """One look at a page, each from elsewhere, as a trusted proxy says."""
    whence = f"198.18.{number // 256 % 256}.{number % 256}"
    return Sent(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {whence}\r\n\r\n".encode())


def request(what: str, number: int) -> Sent:
    """One request of a kind; what begins with a slash is a page."""
    if what.startswith("/"):
        return page(what, number)
    wish = draw_number(CHANCE).digits if what in ("set", "free") else ""
    texts = {"set": f"set {wish}", "free": f"check {wish}", "check": "check 555 111 2222"}
    content = body(number % PEOPLE, texts.get(what, ""), number)
    timestamp = str(int(time.time()))
    signature = "v0=" + "0" * 64 if what == "bad" else signed(timestamp, content)
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(content)}\r\nX-Slack-Request-Timestamp: {timestamp}\r\n"
        f"X-Slack-Signature: {signature}\r\n\r\n"
    )
    return Sent(head.encode() + content, wish if what == "set" else "")


class Line:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, sent: Sent, began: float, heard: Heard) -> None:
        """Send a request and wait for its answer."""
        self._writer.write(sent.content)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        heard.note(sent, began, head, await self._reader.readexactly(int(length or b"0")))

    def close(self) -> None:
        self._writer.close()


async def closed(port: int, what: str, at_once: int, seconds: float) -> dict[str, object]:
    """So many people, each of whom sends when the answer to the last one has come."""
    most = 3000 if what in ("set", "free") else 8000
    requests = [request(what, number) for number in range(int(most * seconds))]
    heard = Heard()
    lines = [await Line.open(port) for _ in range(at_once)]
    started = time.perf_counter()
    until = started + seconds

    async def keep_sending(line: Line) -> None:
        while requests and time.perf_counter() < until:
            await line.send(requests.pop(), time.perf_counter(), heard)

    await asyncio.gather(*(keep_sending(line) for line in lines))
    taken = time.perf_counter() - started
    for line in lines:
        line.close()
    return heard.summary(taken)


async def opened(port: int, what: str, rate: float, seconds: float) -> dict[str, object]:
    """So many a second, at even distances; the time of each counts from when it was due."""
    requests = deque(request(what, number) for number in range(int(rate * seconds)))
    heard = Heard()
    free = asyncio.Queue[Line]()
    for _ in range(LINES):
        free.put_nowait(await Line.open(port))
    started = time.perf_counter()
    tasks = []

    async def send(sent: Sent, due: float) -> None:
        line = await free.get()
        await line.send(sent, due, heard)
        free.put_nowait(line)

    for place, sent in enumerate(requests):
        due = started + place / rate
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(send(sent, due)))
    await asyncio.gather(*tasks)
    taken = time.perf_counter() - started
    while not free.empty():
        free.get_nowait().close()
    return heard.summary(taken)


if __name__ == "__main__":
    load = opened if "--open" in sys.argv else closed
    measured = asyncio.run(load(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
    sys.stdout.write(json.dumps(measured) + "\n")
