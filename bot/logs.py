"""How logs are written: one pipeline for our own lines and for those of the libraries, and no secret in any of them.

JSON lines for machines, aligned colours for a person at a terminal. What is logged is decided where it happens.
"""

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

STARS = "***"
SHORTEST_SECRET = 6
"""A shorter one would blot out ordinary words, and protects nothing."""

ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))
"""What every line says that is logged in this context: the request that it is about."""

LEAST_LEVELS = {
    "aiohttp.access": logging.WARNING,  # one line for each request is ours, without addresses; theirs costs a quarter
    "alembic": logging.INFO,  # tells which migrations ran
    "alembic.runtime.plugins": logging.WARNING,  # tells of its own parts
    "asyncio": logging.WARNING,  # tells of its selector
    "slack_bolt": logging.ERROR,  # its warnings repeat what people typed; unhandled requests are counted by us
    "slack_sdk": logging.INFO,  # its debug lines hold whole payloads
    "sqlalchemy": logging.WARNING,  # its info lines hold statements with their values
}
"""The least level at which a library's lines are written, each with its reason, however low ours is set."""

_TRIGGER_ID = re.compile(r"\d{6,}\.\d{6,}\.[0-9a-f]{16,}")
# Not held to word boundaries: the colour before a word ends in a letter.
_PATTERNS = (
    r"xox[a-z](?:[.-][A-Za-z0-9]+)+",  # tokens of people, bots and configurations
    r"xapp-[A-Za-z0-9-]+",  # app-level tokens
    r"v0=[0-9a-f]{64}",  # signatures
    r"https?://hooks\.slack(?:-gov)?\.com/[^\s\"'<>\\]+",  # response URLs: whoever has one may post
    _TRIGGER_ID.pattern,
    r"(?<=[?&]ticket=)[^&\s\"'<>\\]+",  # what opens a Socket Mode connection
    r"(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)",  # user and password in an address
)
_SIGNS = ("xox", "xapp-", "v0=", "://", "ticket=")
"""What a text holds that any of the patterns matches, but for trigger ids, which have nothing in common but digits."""


class Redaction:
    """Replaces secrets in text: known ones however Python, JSON and URLs write them, and others by their form."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {spelling for secret in secrets if len(secret) >= SHORTEST_SECRET for spelling in _spellings(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), *_PATTERNS]))
        # Nearly no line holds a secret, and a plain search for what each of them holds costs a tenth of the pattern.
        self._signs = (*longest_first, *_SIGNS)

    def __call__(self, text: str) -> str:
        """The text with stars in the place of each secret."""
        if any(sign in text for sign in self._signs) or _TRIGGER_ID.search(text) is not None:
            return self._pattern.sub(STARS, text)
        return text


def configure(level: str, stream: TextIO, secrets: Collection[str] = ()) -> None:
    """Sends everything that is logged to the stream, from this level upward. Called again, it starts over.

    Args:
        level: A level's name, as `INFO`.
        stream: A terminal gets lines for people, anything else gets JSON lines.
        secrets: Texts that may never appear, in whatever is logged, tracebacks included.
    """
    shared: list[Processor] = [
        _add_what_it_is_about,
        structlog.processors.add_log_level,
        _add_time,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    # The rendered line is what is redacted, so that no way of writing a value leads around it.
    final = _redacted(_renderer(stream), Redaction(secrets))
    structlog.configure(
        processors=[*shared, final],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
        )
    )
    handler.addFilter(_loud_enough)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)


def _spellings(secret: str) -> Iterator[str]:
    for written in (secret, repr(secret)[1:-1], repr(secret.encode())[2:-1], quote(secret, safe="")):
        yield written
        yield json.dumps(written)[1:-1]
        yield json.dumps(written, ensure_ascii=False)[1:-1]


def _add_what_it_is_about(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {**ABOUT.get(), **event}


def _add_time(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return event


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    # One encoder for all lines: making one costs as much as a line.
    encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode

    def render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
        return encode(event)

    return render


def _redacted(render: Processor, redaction: Redaction) -> Processor:
    def finish(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return redaction(str(render(logger, method, event)))

    return finish


def _loud_enough(record: logging.LogRecord) -> bool:
    # On the handler, not on the loggers: Bolt sets the levels of its own.
    return all(
        record.levelno >= least
        for name, least in LEAST_LEVELS.items()
        if record.name == name or record.name.startswith(name + ".")
    )
