"""All that is logged while a test runs, as the program would write it at its most talkative."""

import io
import json
import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import structlog

from bot import logs


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Whatever is set up of logging inside is undone at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config() if structlog.is_configured() else None
    try:
        yield
    finally:
        structlog.reset_defaults()
        if before is not None:
            structlog.configure(**before)
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)


@contextmanager
def everything_logged(secrets: Collection[str]) -> Iterator[io.StringIO]:
    """What the program, set to keep these secrets, writes at DEBUG. Shown with a test that fails."""
    heard = io.StringIO()
    with logging_as_it_was():
        logs.configure("DEBUG", heard, secrets)
        try:
            yield heard
        finally:
            sys.stdout.write(heard.getvalue())


def told(text: str, secrets: Collection[str]) -> list[str]:
    """Which secrets stand in a text, as they are or as JSON, Python, forms and addresses write them."""
    spelled = {
        secret: (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe="")) for secret in secrets
    }
    return sorted(secret for secret, ways in spelled.items() if any(way in text for way in ways))
