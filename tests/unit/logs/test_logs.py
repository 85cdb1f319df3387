"""One pipeline for all logs: lines for machines or people, and no secret in any of them, tracebacks included."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import ABOUT, STARS, Redaction, configure
from tests.overheard import logging_as_it_was

CANARY = 'canary"töken\\'
SIGNATURE = "v0=" + "a1" * 32
FORMS = [
    "xoxb-1234567890-canary",
    "xoxp-1-canary",
    "xoxe.xoxb-1-canary",
    "xapp-1-A0-canary",
    SIGNATURE,
    "https://hooks.slack.com/commands/T0/1/canary",
    "https://hooks.slack.com/actions/T0/1/canary",
    "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    "ticket=canary-1",
    "canaryuser:canarypw@",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    with logging_as_it_was():
        yield


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(message: str) -> None:
    raise ValueError(message)


def test_our_lines_and_those_of_libraries_look_alike() -> None:
    stream = io.StringIO()
    configure("INFO", stream)
    about = ABOUT.set({"request_id": "r1"})
    structlog.get_logger("bot").info("request", command="/pmi", outcome="done")
    logging.getLogger("library").warning("it %s", "happened")
    ABOUT.reset(about)
    ours, theirs = lines(stream)

    assert {"event": "request", "level": "info", "command": "/pmi", "outcome": "done", "request_id": "r1"} == {
        name: value for name, value in ours.items() if name != "timestamp"
    }
    assert {"event": "it happened", "level": "warning", "logger": "library", "request_id": "r1"} == {
        name: value for name, value in theirs.items() if name != "timestamp"
    }
    assert ours["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    configure("WARNING", stream)
    structlog.get_logger().info("quiet")
    logging.getLogger("library").info("quiet")

    assert "" == stream.getvalue()


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("aiohttp.access", logging.INFO, 0),
        ("aiohttp.server", logging.ERROR, 1),
        ("slack_bolt.AsyncApp", logging.WARNING, 0),
        ("slack_bolt.AsyncApp", logging.ERROR, 1),
        ("slack_sdk.web.async_client", logging.DEBUG, 0),
        ("slack_sdk.socket_mode.aiohttp", logging.INFO, 1),
        ("sqlalchemy.engine.Engine", logging.INFO, 0),
        ("alembic.runtime.migration", logging.INFO, 1),
        ("slack_boltless", logging.DEBUG, 1),
    ],
)
def test_libraries_that_talk_of_what_people_do_are_hushed_even_at_debug(name: str, level: int, written: int) -> None:
    stream = io.StringIO()
    configure("DEBUG", stream)
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    logger.log(level, "said")
    logger.setLevel(logging.NOTSET)

    assert written == len(lines(stream))


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("secret", [*FORMS, CANARY])
def test_no_secret_is_written_wherever_it_stands(secret: str, *, terminal: bool) -> None:
    stream = Terminal() if terminal else io.StringIO()
    configure("DEBUG", stream, secrets=[CANARY])
    log = structlog.get_logger()
    address = f"https://host/?{secret}" if secret.startswith("ticket") else f"postgresql://{secret}host/d"
    shown = address if secret[-1] == "@" or secret.startswith("ticket") else secret
    log.info("event " + shown, value=shown, deep={"list": [shown], shown: 1}, raw=shown.encode())  # noqa: G003 - the event too
    logging.getLogger("library").warning("argument %r and %s", shown, [shown])
    try:
        fail(shown)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed")
    text = stream.getvalue()

    assert "ValueError" in text
    assert STARS in text
    assert "canary" not in text
    assert SIGNATURE not in text
    assert "803a0bc887a14d10d2c447fce8b6703c" not in text


def test_ordinary_words_stay_as_they_are() -> None:
    text = "xoxb- tokens, v0 of 582 904 7316, 10.20.30, postgresql://host/d, https://slack.com/api/ and me@host"

    assert text == Redaction(["abc", ""])(text)


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    assert f"a {STARS} b" == Redaction(["secret", "secret-and-more"])("a secret-and-more b")


def test_a_terminal_gets_lines_for_people_and_plain_tracebacks_without_values() -> None:
    stream = Terminal()
    configure("INFO", stream)
    hidden = "a value of the caller"
    try:
        fail(str(len(hidden)))
    except ValueError:
        structlog.get_logger().exception("failed")

    assert "ValueError: 21" in stream.getvalue()
    assert hidden not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_line_breaks_cannot_forge_a_line() -> None:
    stream = io.StringIO()
    configure("INFO", stream)
    structlog.get_logger().info('x\n{"event": "forged"}', text="\r\n{}")

    assert 1 == len(lines(stream))


def test_configured_twice_writes_once() -> None:
    stream = io.StringIO()
    configure("INFO", io.StringIO())
    configure("INFO", stream)
    logging.getLogger("library").warning("once")

    assert 1 == len(lines(stream))


def test_warnings_go_the_same_way() -> None:
    stream = io.StringIO()
    configure("INFO", stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", UserWarning, stacklevel=1)

    assert "py.warnings" == lines(stream)[0]["logger"]
