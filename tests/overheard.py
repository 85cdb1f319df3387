"""All that is logged while a test runs, as the program would write it at its most talkative."""

import io
import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import structlog

from bot import logs


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Whatever is set up of logging inside is undone at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)


@contextmanager
def everything_logged(secrets: Collection[str]) -> Iterator[io.StringIO]:
    """What the program writes at DEBUG that is to keep these secrets; shown with a test that fails."""
    heard = io.StringIO()
    root = logging.getLogger()
    others = root.handlers[:]
    with logging_as_it_was():
        logs.configure("DEBUG", heard, secrets)
        for each in others:
            root.addHandler(each)
        yield heard
    sys.stdout.write(heard.getvalue())
