"""The load: signed requests over raw connections, made before the clock starts.

Run as `python -m tests.bench.load PORT WHAT AT_ONCE SECONDS`; prints a line of JSON.
"""

import asyncio
import json
import random
import sys
import time
from urllib.parse import urlencode

from bot.rules import draw_number
from tests.bench.target import signed

PEOPLE = 200


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


def texts(what: str) -> str:
    """What is typed."""
    match what:
        case "help":
            return "help"
        case "check":
            return "check 555 111 2222"
        case "set":
            return f"set {draw_number(random.SystemRandom().randrange).digits}"
        case _:
            return ""


def request(what: str, number: int) -> bytes:
    """The bytes of one request."""
    content = body(number % PEOPLE, texts(what), number)
    timestamp = str(int(time.time()))
    signature = "v0=" + "0" * 64 if what == "bad" else signed(timestamp, content)
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(content)}\r\nX-Slack-Request-Timestamp: {timestamp}\r\n"
        f"X-Slack-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + content


async def send_all(
    port: int, requests: list[bytes], until: float, times: list[float], statuses: dict[str, int]
) -> None:
    """Send one request after the other over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests and time.perf_counter() < until:
        content = requests.pop()
        started = time.perf_counter()
        writer.write(content)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or b"0"))
        times.append(time.perf_counter() - started)
        status = head[9:12].decode()
        statuses[status] = statuses.get(status, 0) + 1
    writer.close()


async def measure(port: int, what: str, at_once: int, seconds: float) -> dict[str, object]:
    """Requests a second, and the times of single requests in milliseconds."""
    requests = [request(what, number) for number in range(int(8000 * seconds) if at_once > 1 else int(5000 * seconds))]
    times: list[float] = []
    statuses: dict[str, int] = {}
    started = time.perf_counter()
    senders = [send_all(port, requests, started + seconds, times, statuses) for _ in range(at_once)]
    await asyncio.gather(*senders)
    taken = time.perf_counter() - started
    times.sort()
    return {
        "per_second": len(times) / taken,
        "p50": times[len(times) // 2] * 1000,
        "p99": times[len(times) * 99 // 100] * 1000,
        "statuses": statuses,
    }


if __name__ == "__main__":
    measured = asyncio.run(measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
    sys.stdout.write(json.dumps(measured) + "\n")
