"""Rooms of Jitsi Meet: secret names, and doors that the server and its page read as they were meant."""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import OctKey

from bot.providers import MeetingProvider, Participant, ProviderUnavailable, SessionWish
from bot.providers.jitsi import EARLY_SECONDS, LATE_SECONDS, LETTERS, AppKey, Jitsi

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
END = NOW + timedelta(hours=2)
SECRET = "a secret of the tests that is long enough"
KEY = AppKey("rooms", SECRET)
ROOM = "abcd-efgh-ijkm-npqr-stuv-wxyz-2345"
HOST, GUEST = Participant("Anna Larsson", is_host=True), Participant("Gus", is_host=False)
ODD = (
    'Anna "the host" & co. #1 100 % <b>=+?/;:@ $',
    "Zoë \u201cquoted\u201d \u2018too\u2019 \\& \\\\& \\",
    "\U0001f469\u200d\U0001f680 rocket \U0001f600",
    "\u0645\u0631\u062d\u0628\u0627 \u202eabc",
    "undefined",
    "null",
    "{}",
    "__proto__",
    "config.subject=x&jwt=y#z",
    "会議室",
    "é e\u0301 \u00a0",
)


def wish(
    topic: str = "Weekly",
    *,
    host_video: bool = True,
    participant_video: bool = False,
    mute_on_entry: bool = True,
    ends_at: datetime = END,
) -> SessionWish:
    return SessionWish(topic, host_video, participant_video, mute_on_entry, ends_at)


def jitsi(url: str = "https://meet.example", key: AppKey | None = None, now: datetime = NOW) -> Jitsi:
    """A provider that asks nobody anything: only `problem` needs a session."""
    nobody: Any = None
    return Jitsi(url, nobody, key, clock=now.timestamp)


def read_as_jitsi_does(url: str) -> dict[str, Any]:
    """The values in the fragment, read with the liberties that Jitsi Meet takes before it parses one."""
    values = {}
    for part in urlsplit(url).fragment.split("&"):
        name, value = part.split("=")
        text = unquote(value, errors="strict").replace("\\&", "&", 1)
        text = re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))
        values[name] = json.loads(text)
    return values


def token_in(url: str, secret: str = SECRET) -> dict[str, Any]:
    """The claims of the token in a door, read and checked by another library than the one that wrote it."""
    (token,) = parse_qs(urlsplit(url).query, strict_parsing=True)["jwt"]
    read = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"])

    assert {"alg": "HS256", "typ": "JWT"} == read.header
    return read.claims


# Rooms


async def test_jitsi_is_a_provider_and_has_the_name_that_people_know() -> None:
    provider: MeetingProvider = jitsi()

    assert "Jitsi Meet" == provider.name


async def test_a_room_has_a_name_of_140_bits_in_letters_that_are_not_taken_for_each_other() -> None:
    rooms = [await jitsi().open_session(wish()) for _ in range(500)]
    letters = Counter("".join(rooms).replace("-", ""))

    assert 500 == len(set(rooms))
    assert all(re.fullmatch(r"(?:[a-z2-9]{4}-){6}[a-z2-9]{4}", room) for room in rooms)
    assert 32 == len(LETTERS) == len(set(LETTERS)) == len(letters)
    assert not set("lo01") & set(LETTERS)
    assert 140 == 28 * math.log2(len(LETTERS))
    # 14,000 letters, 437 of each expected, 21 the standard deviation: six of those are no chance.
    assert all(300 < count < 575 for count in letters.values())


async def test_a_name_comes_from_the_secure_source_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.providers.jitsi.secrets.choice", lambda letters: letters[0])

    assert "aaaa-" * 6 + "aaaa" == await jitsi().open_session(wish("Another topic"))


async def test_what_was_opened_has_a_door() -> None:
    provider = jitsi()
    room = await provider.open_session(wish())

    assert provider.door(room, wish(), GUEST).startswith(f"https://meet.example/{room}#")


@pytest.mark.parametrize(
    "handle", ["", "a", ROOM.upper(), ROOM + "\n", ROOM[:-1], ROOM + "-abcd", f"../{ROOM}", "lobo" + ROOM[4:]]
)
def test_what_is_no_room_of_ours_has_no_door(handle: str) -> None:
    with pytest.raises(ProviderUnavailable) as unavailable:
        jitsi().door(handle, wish(), HOST)

    assert "no_such_room" == unavailable.value.reason


# The address


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://meet.example", f"https://meet.example/{ROOM}"),
        ("https://meet.example/", f"https://meet.example/{ROOM}"),
        ("https://meet.example:8443/sub/path/", f"https://meet.example:8443/sub/path/{ROOM}"),
        ("http://[::1]:8000/r%C3%A4ume", f"http://[::1]:8000/r%C3%A4ume/{ROOM}"),
    ],
)
def test_a_door_leads_to_the_room_wherever_the_server_is(url: str, start: str) -> None:
    assert start == jitsi(url).door(ROOM, wish(), GUEST).partition("#")[0]
    assert start == jitsi(url, KEY).door(ROOM, wish(), GUEST).partition("?")[0]


@pytest.mark.parametrize(
    ("host_video", "participant_video", "mute", "for_host", "for_guest"),
    [
        (True, True, True, (False, False), (False, True)),
        (True, False, True, (False, False), (True, True)),
        (False, True, False, (True, False), (False, False)),
        (False, False, False, (True, False), (True, False)),
    ],
)
def test_video_is_each_ones_own_and_muting_is_for_those_who_come_to_the_host(
    *, host_video: bool, participant_video: bool, mute: bool, for_host: tuple[bool, bool], for_guest: tuple[bool, bool]
) -> None:
    asked = wish(host_video=host_video, participant_video=participant_video, mute_on_entry=mute)

    for who, (no_video, no_audio) in ((HOST, for_host), (GUEST, for_guest)):
        assert {
            "config.startWithVideoMuted": no_video,
            "config.startWithAudioMuted": no_audio,
            "config.disableInviteFunctions": True,
            "config.subject": "Weekly",
            "userInfo.displayName": who.name,
        } == read_as_jitsi_does(jitsi().door(ROOM, asked, who))


def test_without_a_topic_or_a_name_the_server_is_told_of_none() -> None:
    read = read_as_jitsi_does(jitsi().door(ROOM, wish(" \n"), Participant("\x00", is_host=False)))

    assert not {"config.subject", "userInfo.displayName"} & read.keys()


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_arrive_as_they_were_typed(text: str) -> None:
    url = jitsi(key=KEY).door(ROOM, wish(text), Participant(text, is_host=True))
    read = read_as_jitsi_does(url)

    assert text.strip() == read["config.subject"] == read["userInfo.displayName"]
    assert text.strip() == token_in(url)["context"]["user"]["name"]


def carried(text: str) -> str:
    """What a server can be told of a text: XML's characters, on one line."""
    lines = "".join(" " if each in "\t\n\v\f\r\x85\u2028\u2029" else each for each in text)
    no_xml = {"Cc", "Cs"}
    return "".join(
        each for each in lines if unicodedata.category(each) not in no_xml and each not in "\ufffe\uffff"
    ).strip()


anything = st.text(st.characters(exclude_categories=()), max_size=60)


@given(topic=anything, name=anything, is_host=st.booleans())
def test_whatever_is_typed_a_door_is_one_address_that_reads_back(topic: str, name: str, *, is_host: bool) -> None:
    url = jitsi("https://meet.example/sub", KEY).door(ROOM, wish(topic), Participant(name, is_host=is_host))
    read = read_as_jitsi_does(url)

    assert url.isascii()
    assert url.isprintable()
    assert not set(" \"<>'\\`{}|^") & set(url)
    assert 1 == url.count("#") == url.count("?")
    assert ("https", "meet.example", f"/sub/{ROOM}") == tuple(urlsplit(url))[:3]
    assert carried(topic) == read.get("config.subject", "")
    assert carried(name) == read.get("userInfo.displayName", "") == token_in(url)["context"]["user"]["name"]
    assert is_host is not read["config.startWithAudioMuted"]


# The token


@pytest.mark.parametrize(
    ("url", "sub"),
    [
        ("https://Meet.Example:8443", "meet.example"),
        ("https://meet.example/Sub", "sub"),
        ("https://meet.example/sub/R%C3%A4ume", "sub/r\u00e4ume"),
        ("http://[::1]:8000/", "::1"),
    ],
)
def test_a_token_opens_one_room_of_one_server_for_as_long_as_the_session_lasts(url: str, sub: str) -> None:
    assert {
        "aud": "rooms",
        "iss": "rooms",
        "sub": sub,
        "room": ROOM,
        "nbf": int(NOW.timestamp()) - EARLY_SECONDS,
        "exp": int(END.timestamp()) + LATE_SECONDS,
        "context": {"user": {"name": "Anna Larsson", "moderator": "true", "affiliation": "owner"}},
    } == token_in(jitsi(url, KEY).door(ROOM, wish(), HOST))


def test_only_the_host_is_a_moderator() -> None:
    user = token_in(jitsi(key=KEY).door(ROOM, wish(), GUEST))["context"]["user"]

    assert {"name": "Gus", "moderator": "false", "affiliation": "member"} == user


def test_a_token_is_of_no_other_key() -> None:
    url = jitsi(key=KEY).door(ROOM, wish(), HOST)

    with pytest.raises(BadSignatureError):
        token_in(url, SECRET[::-1])


def test_the_end_is_the_same_moment_in_every_zone() -> None:
    there = END.astimezone(ZoneInfo("Asia/Tokyo"))

    assert int(END.timestamp()) + LATE_SECONDS == token_in(jitsi(key=KEY).door(ROOM, wish(ends_at=there), HOST))["exp"]


def test_a_server_that_wants_no_token_gets_none() -> None:
    assert "" == urlsplit(jitsi().door(ROOM, wish(), HOST)).query


@pytest.mark.parametrize(
    ("url", "key", "now", "reason"),
    [
        ("https://", KEY, NOW, "address"),
        ("https://", None, NOW, "address"),
        ("", None, NOW, "address"),
        ("https://meet.example", AppKey("rooms", ""), NOW, "token"),
        ("https://meet.example", AppKey("rooms", "too short to be a secret"), NOW, "token"),
        (
            "https://meet.example",
            AppKey("rooms", "-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----"),
            NOW,
            "token",
        ),
        ("https://meet.example", KEY, END + timedelta(seconds=LATE_SECONDS), "session_over"),
    ],
)
def test_where_no_address_or_no_token_can_be_made_there_is_no_door(
    url: str, key: AppKey | None, now: datetime, reason: str
) -> None:
    with pytest.raises(ProviderUnavailable) as unavailable:
        jitsi(url, key, now).door(ROOM, wish(), HOST)

    assert reason == unavailable.value.reason
    assert unavailable.value.__cause__ is None


def test_a_door_stays_until_the_session_is_over() -> None:
    last = END + timedelta(seconds=LATE_SECONDS - 1)

    assert token_in(jitsi(key=KEY, now=last).door(ROOM, wish(), GUEST))


def test_the_secret_of_the_token_does_not_show() -> None:
    assert SECRET not in repr(KEY)
    assert "rooms" in repr(KEY)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_time_of_day_is_the_machines_unless_another_is_given(session: aiohttp.ClientSession) -> None:
    ends_at = datetime.now(UTC) + timedelta(hours=1)
    claims = token_in(Jitsi("https://meet.example", session, KEY).door(ROOM, wish(ends_at=ends_at), HOST))

    assert abs(claims["nbf"] + EARLY_SECONDS - datetime.now(UTC).timestamp()) < 60
