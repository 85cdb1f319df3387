"""What a code is worth that a browser comes back from Slack with: asked in one way, whatever it was given for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiohttp

EXCHANGE_SECONDS = 2.0
"""For all that Slack is asked for while a browser or a request waits."""
MOST_BYTES = 64 * 1024
"""In an answer of Slack's."""

_OK = 200


class Why(StrEnum):
    """Why a code came to nothing."""

    SILENT = "silent"
    """Slack did not answer in time, or not as it should."""
    OVER = "over"
    """The code is used up, too old, or none."""
    MISSET = "misset"
    """Slack does not know the client, or its secret, or its way back."""
    UNTRUSTED = "untrusted"
    """What Slack is said to have answered does not prove it."""


_MEANING = {
    **dict.fromkeys(("invalid_code", "code_already_used", "code_expired", "invalid_grant"), Why.OVER),
    **dict.fromkeys(
        ("invalid_client", "invalid_client_id", "bad_client_secret", "bad_redirect_uri", "invalid_redirect_uri"),
        Why.MISSET,
    ),
}
"""Of Slack's error codes; any other one means that Slack is unwell."""


class NotExchanged(Exception):  # noqa: N818 - says what did not happen
    """Nothing was given for a code. `reason` is a word for the log, and holds no secret."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why = why
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Client:
    """This app as Slack knows it."""

    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str


async def read_answer(response: aiohttp.ClientResponse) -> Mapping[str, Any]:
    """An answer that is an object in JSON.

    Raises:
        NotExchanged: it is none, or too long.
    """
    body = bytearray()
    async for piece in response.content.iter_chunked(MOST_BYTES):
        body += piece
        if len(body) > MOST_BYTES:
            raise NotExchanged(Why.SILENT, "too_long")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if response.status != _OK or not isinstance(answer, dict):
        raise NotExchanged(Why.SILENT, f"http_{response.status}")
    return answer


def refused(answer: Mapping[str, Any]) -> NotExchanged | None:
    """What it means that Slack says no; None where it says yes."""
    if answer.get("ok") is True:
        return None
    error = answer.get("error")
    # A word of Slack's that is known here, since anything may stand in an answer.
    why = _MEANING.get(error, Why.SILENT) if isinstance(error, str) else Why.SILENT
    return NotExchanged(why, str(error) if why is not Why.SILENT else "not_ok")
