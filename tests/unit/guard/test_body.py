"""What Slack signed must also be of a size, an encoding and a shape that can be handled; else 4xx, never 5xx."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest
from aiohttp import StreamReader
from aiohttp.test_utils import make_mocked_request

from bot import guard
from bot.payload_shape import well_shaped
from tests.corpus import Line, lines
from tests.unit.guard.conftest import Door
from tests.unit.guard.payloads import ACTION, GOOD, changed
from tests.unit.guard.signed_requests import COMMAND, FORM, form, payload, signed

JSON = "application/json"
RAW = form(COMMAND)


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
async def test_what_slack_sends_comes_through(door: Door, body: dict[str, Any]) -> None:
    as_event = body["type"] in {"event_callback", "url_verification", "app_rate_limited"}
    raw = json.dumps(body).encode() if as_event else payload(body)

    assert 200 == (await door.post(raw, signed(raw, JSON if as_event else FORM)))[0]
    assert [body] == door.came_through


COMMANDS = {
    "empty form values": {**COMMAND, "text": "", "enterprise_id": "", "enterprise_name": ""},
    "the word payload": {**COMMAND, "text": "check payload"},
    "braces": {**COMMAND, "text": '{"a": [1]}'},
    "four-byte emoji": {**COMMAND, "text": "check 🚪"},
    "an organisation": {**COMMAND, "team_id": "", "enterprise_id": "E0ORG"},
    "a typed escape": {**COMMAND, "text": "\\u0000 \\ud800"},
    "signed ssl_check": {"ssl_check": "1", "token": "x"},
}


@pytest.mark.parametrize("fields", COMMANDS.values(), ids=COMMANDS.keys())
async def test_what_people_type_comes_through(door: Door, fields: dict[str, str]) -> None:
    raw = form(fields)

    assert 200 == (await door.post(raw, signed(raw)))[0]
    assert [fields] == door.came_through


@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        f"{FORM}; charset=utf-8",
        f"{FORM};charset=UTF-8",
        f'{FORM}; charset="utf-8"',
        f"{FORM}; charset=utf8;",
        FORM.upper(),
    ],
)
async def test_utf8_may_be_named_in_any_way(door: Door, content_type: str) -> None:
    assert 200 == (await door.post(RAW, signed(RAW, content_type)))[0]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=utf-7",
        f"{FORM}; charset=nonsense",
        f"{FORM}; charset=utf-8; charset=utf-16",
        f"{FORM}; charset*=utf-8''utf-16",
        "application/json/",
    ],
)
async def test_other_types_and_charsets_are_refused(door: Door, content_type: str) -> None:
    assert (400, b"") == await door.post(RAW, signed(RAW, content_type))
    assert 1 == door.refusals("content_type")


BAD_BYTES = {
    "empty": (b"", FORM, "shape"),
    "not UTF-8": (RAW + b"&x=\xff\xfe", FORM, "not_utf8"),
    "overlong": (RAW + b"&x=\xc0\xaf", FORM, "not_utf8"),
    "escaped non-UTF-8": (RAW + b"&x=%FF%FE", FORM, "form"),
    "escaped overlong": (RAW + b"&x=%C0%AF", FORM, "form"),
    "escaped surrogate": (RAW + b"&x=%ED%A0%80", FORM, "form"),
    "NUL": (RAW + b"&x=%00", FORM, "characters"),
    "a bare NUL": (RAW + b"&x=\0", FORM, "characters"),
    "100,000 keys": (RAW + b"&x=1" * 100_000, FORM, "form"),
    "101 fields": (b"&".join(b"k%d=1" % n for n in range(101)), FORM, "form"),
    "100 fields that say nothing": (b"&".join(b"k%d=1" % n for n in range(100)), FORM, "shape"),
    "a repeated field": (RAW + b"&user_id=U0BILL", FORM, "form"),
    "payload beside fields": (RAW + b"&payload={}", FORM, "form"),
    "JSON called a form": (b'{"type":"url_verification","challenge":"x"}', FORM, "form"),
    "a form called JSON": (RAW, JSON, "json"),
    "no JSON": (b"{", JSON, "json"),
    "a byte order mark": (b'\xef\xbb\xbf{"type":"url_verification","challenge":"x"}', JSON, "json"),
    "an array": (b"[1]", JSON, "json"),
    "a string": (b'"x"', JSON, "json"),
    "null": (b"null", JSON, "json"),
    "NaN": (b'{"type":"url_verification","challenge":"x","x":NaN}', JSON, "json"),
    "5,000 digits": (b'{"x":' + b"1" * 5000 + b"}", JSON, "json"),
    "60,000 deep": (b'{"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}", JSON, "json"),
    "60,000 objects deep": (b'{"x":' * 60_000 + b"1" + b"}" * 60_000, JSON, "json"),
    "101 deep": (b'{"x":' * 101 + b"1" + b"}" * 101, JSON, "json"),
    "60,000 deep and unclosed strings": (b'{"' + b'\\"' * 30_000 + b"[" * 60_000, JSON, "json"),
    "half a pair": (b'{"type":"url_verification","challenge":"\\ud800"}', JSON, "characters"),
    "half a pair as key": (b'{"type":"url_verification","challenge":"x","\\udfff":1}', JSON, "characters"),
    "an escaped NUL": (b'{"type":"url_verification","challenge":"x","x":[{"y":"\\u0000"}]}', JSON, "characters"),
    "payload that is no JSON": (b"payload=x", FORM, "json"),
    "payload that is an array": (b"payload=[]", FORM, "json"),
    "an empty payload": (b"payload=", FORM, "json"),
}


@pytest.mark.parametrize(("raw", "content_type", "reason"), BAD_BYTES.values(), ids=BAD_BYTES.keys())
async def test_signed_bytes_that_cannot_be_read_are_refused(
    door: Door, raw: bytes, content_type: str, reason: str
) -> None:
    assert (400, b"") == await door.post(raw, signed(raw, content_type))
    assert 1 == door.refusals(reason)


async def test_braces_inside_strings_are_not_depth(door: Door) -> None:
    body = {"type": "url_verification", "challenge": '"[{' * 5000 + "\\"}
    raw = json.dumps(body).encode()

    assert 200 == (await door.post(raw, signed(raw, JSON)))[0]


@pytest.mark.parametrize(("levels", "status"), [(100, 200), (101, 400)])
async def test_a_hundred_levels_come_through_and_one_more_is_refused_whatever_stands_beside_them(
    door: Door, levels: int, status: int
) -> None:
    beside, deep = b"[]," * 200, levels - 2
    raw = b'{"type":"url_verification","challenge":"x","x":[' + beside + b"[" * deep + b"]" * deep + b"]}"

    assert status == (await door.post(raw, signed(raw, JSON)))[0]


async def test_a_pair_of_escapes_is_one_character(door: Door) -> None:
    raw = b'{"type":"url_verification","challenge":"\\ud83d\\udeaa"}'

    assert 200 == (await door.post(raw, signed(raw, JSON)))[0]
    assert "🚪" == door.came_through[0]["challenge"]


MISSHAPEN = [line for line in lines(category=18) if line.refuse]


@pytest.mark.parametrize("line", MISSHAPEN, ids=str)
def test_a_field_of_the_wrong_type_spoils_the_shape(line: Line) -> None:
    name, path = line.field.split(": ")

    assert well_shaped(GOOD[name])
    assert not well_shaped(changed(GOOD[name], path, ... if line.absent else line.value))


@pytest.mark.parametrize(
    ("name", "path", "most", "more"),
    [
        ("view_submission", "view.private_metadata", "x" * 3000, "x" * 3001),
        ("view_submission", "view.callback_id", "x" * 255, "x" * 256),
        ("block_actions", "actions", [ACTION] * 25, [ACTION] * 26),
        ("shortcut", "actions", [ACTION], []),
    ],
)
def test_a_field_may_hold_so_much_and_no_more(name: str, path: str, most: object, more: object) -> None:
    assert well_shaped(changed(GOOD[name], path, most))
    assert not well_shaped(changed(GOOD[name], path, more))


@pytest.mark.parametrize(
    "fields",
    [
        {**COMMAND, "user_id": ""},
        {**COMMAND, "user_id": "anna"},
        {**COMMAND, "team_id": ""},
        {**COMMAND, "team_id": "acme"},
        {**COMMAND, "command": "pmi"},
        {**COMMAND, "event": "x"},
        {**COMMAND, "view": "x"},
        {**COMMAND, "authorizations": "x"},
        {**COMMAND, "type": "event_callback"},
        {"ssl_check": "1", "command": "/pmi"},
        {"ssl_check": "2"},
        {"x": "y"},
    ],
)
async def test_a_form_that_is_no_command_is_refused(door: Door, fields: dict[str, str]) -> None:
    raw = form(fields)

    assert (400, b"") == await door.post(raw, signed(raw))
    assert 1 == door.refusals("shape")


async def test_slacks_unsigned_trial_of_the_certificate_gets_an_empty_200(door: Door) -> None:
    assert (200, b"") == await door.post(b"ssl_check=1&token=x", {"Content-Type": FORM})
    assert [] == door.came_through


@pytest.mark.parametrize(("size", "status"), [(512, 200), (513, 401)])
async def test_that_trial_has_512_bytes_at_most(door: Door, size: int, status: int) -> None:
    raw = b"ssl_check=1&token=".ljust(size, b"x")

    assert (status, b"") == await door.post(raw, {"Content-Type": FORM})


@pytest.mark.parametrize("raw", [RAW + b"&ssl_check=1", b"ssl_check=0", b"ssl_check=1&text="])
async def test_nothing_else_unsigned_passes_for_that_trial(door: Door, raw: bytes) -> None:
    assert (401, b"") == await door.post(raw, {"Content-Type": FORM})


async def test_one_mebibyte_comes_through_and_one_byte_more_is_413(door: Door) -> None:
    body: dict[str, Any] = {"type": "url_verification", "challenge": ""}
    body["challenge"] = "x" * (1_048_576 - len(json.dumps(body)))
    raw = json.dumps(body).encode()

    assert 1_048_576 == len(raw)
    assert 200 == (await door.post(raw, signed(raw, JSON)))[0]
    assert (413, b"") == await door.post(raw + b" ", signed(raw + b" ", JSON))
    assert 1 == door.refusals("too_large")


async def test_a_length_over_the_limit_is_413_before_a_byte_is_read(door: Door) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 10485760\r\n\r\n"
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readline(), 2)
    writer.close()
    await writer.wait_closed()

    assert b"HTTP/1.1 413 Request Entity Too Large\r\n" == answer


async def test_endless_chunks_are_413(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 64 * 1024

    async with door.client.post("/slack/events", data=chunks(), headers=signed(b"")) as response:
        assert 413 == response.status


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "GZIP"])
async def test_a_packed_body_is_415_before_it_is_unpacked(door: Door, encoding: str) -> None:
    bomb = gzip.compress(b"x" * 10_000_000)

    assert (415, b"") == await door.post(bomb, {**signed(bomb), "Content-Encoding": encoding})
    assert 1 == door.refusals("content_encoding")


async def test_a_body_that_does_not_end_is_408(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 100\r\n\r\nx"
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readline(), 2)
    writer.close()
    await writer.wait_closed()

    assert b"HTTP/1.1 408 Request Timeout\r\n" == answer
    assert 1 == door.refusals("too_slow")


async def test_a_client_that_hangs_up_is_only_counted(door: Door) -> None:
    body = StreamReader(Mock(), 2**16, loop=asyncio.get_running_loop())
    body.feed_data(b"payl")
    body.set_exception(ConnectionResetError("Connection lost"))
    request = make_mocked_request("POST", guard.PATH, headers=signed(RAW), payload=body)
    handler = AsyncMock()

    answer = await guard.Guard("secret", door.metrics, clock=lambda: 0.0).middleware(request, handler)

    assert 400 == answer.status
    assert 1 == door.refusals("broken_off")
    handler.assert_not_called()
