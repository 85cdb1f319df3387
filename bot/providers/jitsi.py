"""Jitsi Meet: a session is a room with a secret name on one server, and the server is told the rest in the URL.

What the token's fields mean stands in `doc/tokens.md` of lib-jitsi-meet, what the fragment may hold in the advanced
user guide of the Jitsi Meet handbook.
"""

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import aiohttp
import jwt

from bot.providers import Participant, ProviderUnavailable, SessionWish
from bot.providers.jitsi_server import JitsiServer

PUBLIC_HOST: Final = "meet.jit.si"
"""The server that everybody may use, and that has whoever comes first sign in."""

LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of which rooms' names are made: 32, none taken for another. Lower case only, since servers make all names so."""
GROUPS: Final = 7
GROUP: Final = 4
"""Seven groups of four letters, five bits each: 140 bits."""

EARLY_SECONDS: Final = 60
"""For which a token is good before it is made, since the server's clock may be behind."""
LATE_SECONDS: Final = 300
"""For which a token is good after the session's end, since the clock may be ahead, and last words take a moment."""

_ROOM = re.compile(rf"(?:[{LETTERS}]{{{GROUP}}}-){{{GROUPS - 1}}}[{LETTERS}]{{{GROUP}}}")
_LINE_ENDS = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\u2028\u2029"), " ")
_NOT_IN_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What a server may end a connection over: names and topics travel in XML."""


@dataclass(frozen=True, slots=True)
class AppKey:
    """What a server that wants a signed token knows this application by."""

    app_id: str
    secret: str = field(repr=False)


class Jitsi:
    """Rooms on one Jitsi Meet server."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        key: AppKey | None = None,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """A provider of this server's rooms.

        Args:
            url: Where the server is, with or without a path; nothing behind it.
            session: By which it is asked how it is.
            key: For a server that wants a token.
            clock: The time of day in seconds.
            monotonic: Seconds that only go forward.
        """
        self._url = url.rstrip("/")
        self._key = key
        self._clock = clock
        self._signer = jwt.PyJWT({"enforce_minimum_key_length": True})
        self._server = JitsiServer(self._url, session, monotonic)

    @property
    def name(self) -> str:
        """What people call it."""
        return "Jitsi Meet"

    async def open_session(self, wish: SessionWish) -> str:
        """The secret name of a room that nobody has been in. The server makes it when the first participant enters."""
        del wish
        groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
        return "-".join(groups)

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        """The room's URL, with a token where the server wants one, and what the session should be like.

        Raises:
            ProviderUnavailable: `handle` is no room of ours, the settings make no URL or no token, or the session is
                over, so that its token would be refused.
        """
        if not _ROOM.fullmatch(handle):
            raise ProviderUnavailable("no_such_room")
        domain = _domain(self._url)
        token = "" if self._key is None else f"?jwt={self._token(self._key, domain, handle, wish, who)}"
        return f"{self._url}/{handle}{token}#{_fragment(wish, who)}"

    async def problem(self) -> str | None:
        """What is wrong with the server, asked once a minute at most."""
        return await self._server.problem()

    def _token(self, key: AppKey, domain: str, room: str, wish: SessionWish, who: Participant) -> str:
        now, end = int(self._clock()), int(wish.ends_at.timestamp()) + LATE_SECONDS
        if end <= now:
            raise ProviderUnavailable("session_over")
        # Each is a string: with anything else the server does not know the participant.
        user = {
            "name": _carried(who.name),
            "moderator": "true" if who.is_host else "false",
            "affiliation": "owner" if who.is_host else "member",
        }
        claims = {
            "aud": key.app_id,
            "iss": key.app_id,
            "sub": domain,
            "room": room,
            "nbf": now - EARLY_SECONDS,
            "exp": end,
            "context": {"user": user},
        }
        try:
            return self._signer.encode(claims, key.secret, algorithm="HS256")
        except jwt.PyJWTError:
            raise ProviderUnavailable("token") from None


def _domain(url: str) -> str:
    """What a token is for: the part of the server that a path names, else its host."""
    parts = urlsplit(url)
    found = unquote(parts.path).strip("/") or parts.hostname
    if not found:
        raise ProviderUnavailable("address")
    return found.lower()


def _fragment(wish: SessionWish, who: Participant) -> str:
    video = wish.host_video if who.is_host else wish.participant_video
    values: dict[str, str | bool] = {
        "config.startWithVideoMuted": not video,
        # Whoever opens the meeting speaks first.
        "config.startWithAudioMuted": wish.mute_on_entry and not who.is_host,
        # It would hand out the address behind the join page.
        "config.disableInviteFunctions": True,
    }
    topic, name = _carried(wish.topic), _carried(who.name)
    if topic:
        values["config.subject"] = topic
    if name:
        values["userInfo.displayName"] = name
    return "&".join(f"{key}={quote(_json(value), safe='')}" for key, value in values.items())


def _json(value: str | bool) -> str:  # noqa: FBT001  one value among several
    r"""JSON in ASCII without an ampersand: before it reads, Jitsi Meet straightens curly quotes, and makes `\&` `&`."""
    return json.dumps(value).replace("&", "\\u0026")


def _carried(text: str) -> str:
    """The text on one line, without what XML cannot carry."""
    return _NOT_IN_XML.sub("", text.translate(_LINE_ENDS)).strip()
