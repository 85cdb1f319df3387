"""One function for each reader: it takes any bytes, and raises where the reader breaks its promise.

Imported by `tests.fuzz.__main__` while the program's modules are being instrumented.
"""

import copy
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any, cast
from unittest.mock import Mock

from aiohttp import web
from multidict import CIMultiDict

from bot import errors
from bot.grammar import GRAMMARS
from bot.guard import Guard, RefusedError, parse
from bot.handlers.asks import Ask, read_action, read_command, read_submission
from bot.handlers.entrance import Entrance
from bot.handlers.front import Front
from bot.handlers.late import LateWork
from bot.handlers.slack import Slack
from bot.metrics import Metrics
from bot.rules import PMI, PersonalLink, Refusal, load_common_names, marked, parse_link, parse_pmi
from bot.texts import load_texts
from bot.views.form import with_replaced
from bot.views.link_modal import read_link_modal
from bot.views.pmi_modal import read_pmi_modal
from bot.views.refusals import sentences
from tests.unit.guard.payloads import GOOD, places

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_700_000_000
FORM = "application/x-www-form-urlencoded"
NAMES = load_common_names()
TEXTS = load_texts()
T = TEXTS.for_locale(None)
GUARD = Guard(SECRET, Metrics(()), clock=lambda: float(NOW), monotonic=lambda: 0.0)
FRONT = Front(TEXTS, Mock(spec=Slack), Mock(spec=Entrance), LateWork(), Metrics(()))
BODIES = [body for body in GOOD.values() if len(str(body)) < 10_000]
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    "T0ACME",
    "U0BEN",
    [],
    [None],
    [[]],
    {},
    {"id": 0},
    {"": {"": {}}},
]


def signature(data: bytes) -> None:
    """The guard: headers and bytes of anybody. Only the one right signature comes through, and nothing is raised."""
    headers, _, raw = data.partition(b"\n\n")
    timestamp, given, content_type = [*headers.decode("utf-8", "surrogateescape").split("\n"), "", "", ""][:3]
    right = "v0=" + hmac.new(SECRET.encode(), b"v0:%d:%b" % (NOW, raw), hashlib.sha256).hexdigest()
    if (timestamp, given) != (str(NOW), right):
        try:
            GUARD.check_signature(_request(timestamp, given), raw)
        except RefusedError as refused:
            status = refused.reason.status
        else:
            status = 200
        assert status == 401, "a forged request came through"
    GUARD.check_signature(_request(str(NOW), right), raw)
    _read(raw, content_type)


def payload(data: bytes) -> None:
    """Bodies: bytes as they are, or a real payload with some of its parts replaced. What comes through can be read."""
    if data[:1] < b"\x80":
        _read(data[1:], FORM)
        _read(data[1:], "application/json")
        return
    body = copy.deepcopy(BODIES[data[0] % len(BODIES)])
    for which, what in zip(data[1::2], data[2::2], strict=False):
        ways = places(body)[1:]
        if not ways:
            break
        *way, last = ways[which % len(ways)]
        inside: Any = body
        for step in way:
            inside = inside[step]
        inside[last] = copy.deepcopy(VALUES[what % len(VALUES)])
    _read(json.dumps(body).encode(), "application/json")


def pmi(data: bytes) -> None:
    """Numbers as people type them."""
    parsed = parse_pmi(_text(data))
    if isinstance(parsed, PMI):
        assert re.fullmatch(r"[2-9][0-9]{9,10}", parsed.digits, re.ASCII), parsed
        assert parsed == parse_pmi(parsed.digits)
    else:
        _can_be_shown(parsed)


def link(data: bytes) -> None:
    """Links as people type them."""
    parsed = parse_link(_text(data), NAMES)
    if isinstance(parsed, PersonalLink):
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9.]{4,39}", parsed.spelling, re.ASCII), parsed
        assert re.fullmatch(r"[a-z](?:[a-z0-9.]*[a-z0-9])?", parsed.key, re.ASCII), parsed
        assert parsed == parse_link(parsed.spelling, NAMES)
    else:
        _can_be_shown(parsed)


HARNESSES: dict[str, Callable[[bytes], None]] = {each.__name__: each for each in (signature, payload, pmi, link)}


def _request(timestamp: str, given: str) -> web.BaseRequest:
    headers = CIMultiDict({"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": given})
    return cast("web.BaseRequest", Mock(headers=headers))


def _read(raw: bytes, content_type: str) -> None:
    try:
        body = parse(raw, [content_type])
    except RefusedError:
        return
    if "command" in body:
        for grammar in GRAMMARS:
            _answers(read_command(grammar, body))
    for ask in (read_action(body), read_submission(body)):
        _answers(ask)
        read_pmi_modal(ask.view)
        read_link_modal(ask.view)
        with_replaced(ask.view, "pmi", "verdict", [])


def _answers(ask: Ask) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", ask.once)
    assert isinstance(ask.actor.workspace, str), ask
    assert isinstance(ask.actor.user, str), ask
    assert ask.passes_by in {True, False}
    json.dumps(dict(FRONT._explained(ask, errors.too_late(T)).ack)).encode()
    assert ask.view_id + ask.view_hash is not None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _can_be_shown(refusal: Refusal) -> None:
    assert refusal.violations
    assert len(refusal.wish) <= 100
    for violation in refusal.violations:
        assert (
            violation.text == "".join(piece.replace(" ", "") for piece, _ in marked(violation)) or " " in violation.text
        )
    assert sentences(refusal.violations, T)
