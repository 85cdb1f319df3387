"""How logs are written: one pipeline for our own lines and for those of the libraries, and no secret in any of them.

JSON lines for machines, aligned colours for a person at a terminal. What is logged is decided where it happens.
"""

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

STARS = "***"
SHORTEST_SECRET = 6
"""A shorter one would blot out ordinary words, and protects nothing."""

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

# Not held to word boundaries: the colour before a word ends in a letter.
_PATTERNS = (
    r"xox[a-z](?:[.-][A-Za-z0-9]+)+",  # tokens of people, bots and configurations
    r"xapp-[A-Za-z0-9-]+",  # app-level tokens
    r"v0=[0-9a-f]{64}",  # signatures
    r"https?://hooks\.slack(?:-gov)?\.com/[^\s\"'<>\\]+",  # response URLs: whoever has one may post
    r"\d{6,}\.\d{6,}\.[0-9a-f]{16,}",  # trigger ids
    r"(?<=[?&]ticket=)[^&\s\"'<>\\]+",  # what opens a Socket Mode connection
    r"(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)",  # user and password in an address
)


class Redaction:
    """Replaces secrets in text: known ones however Python, JSON and URLs write them, and others by their form."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {spelling for secret in secrets if len(secret) >= SHORTEST_SECRET for spelling in _spellings(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), *_PATTERNS]))

    def __call__(self, text: str) -> str:
        """The text with stars in the place of each secret."""
        return self._pattern.sub(STARS, text)


def configure(level: str, stream: TextIO, secrets: Collection[str] = ()) -> None:
    """Sends everything that is logged to the stream, from this level upward. Called again, it starts over.

    Args:
        level: A level's name, as `INFO`.
        stream: A terminal gets lines for people, anything else gets JSON lines.
        secrets: Texts that may never appear, in whatever is logged, tracebacks included.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
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


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


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
