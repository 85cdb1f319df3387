"""What each setting may be: one function from the operator's text to its value, or to a sentence that says why not.

The sentences follow the variable's name and never repeat what was typed. Nothing here reads the environment.
"""

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import LiteralString, Never
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic_core import PydanticCustomError

from bot.rules import is_domain

SHORTEST_KEY = 32
"""Characters in each part of SECRET_KEY, at least."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LONGEST_HOLD = 3650
MOST_MEMBERS = 100_000
"""Days, ten years."""
LONGEST_KEPT = 365
"""Days, a year."""
SHORTEST_JITSI_SECRET = 32
"""Characters, at least: whoever joins a meeting holds a token, from which a short secret could be guessed."""
DATABASE_SCHEMES = ("sqlite", "postgresql", "postgres")

_HIGHEST_PORT = 65535
_MOST_DIGITS = 5
_PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*")
_THIS_MACHINE = re.compile(r"localhost|.+\.localhost|127(?:\.[0-9]{1,3}){3}|::1")
_NO_SPACE = re.compile(r"\A[\x21-\x7e]+\Z")
_CLIENT_ID = re.compile(r"\A[0-9]+\.[0-9]+\Z")


def signing_secret(text: str) -> str:
    """Slack shows it as 32 hexadecimal digits; only its being another secret by mistake is refused."""
    if text.startswith(("xox", "xapp-")):
        _refuse("is a token: the Signing Secret stands under Basic Information of your Slack app.")
    return _one_word(text)


def bot_token(text: str) -> str:
    """Begins with `xoxb-`."""
    if not text.startswith("xoxb-"):
        _refuse(
            "is not a bot token: it must begin with xoxb- "
            "(the Bot User OAuth Token under OAuth & Permissions of your Slack app)."
        )
    return _one_word(text)


def app_token(text: str) -> str:
    """Begins with `xapp-`."""
    if not text.startswith("xapp-"):
        _refuse(
            "is not an app-level token: it must begin with xapp- "
            "(App-Level Tokens under Basic Information of your Slack app, scope connections:write)."
        )
    return _one_word(text)


def client_id(text: str) -> str:
    """Digits, a period, digits: no secret has that form."""
    if not _CLIENT_ID.match(text):
        _refuse(
            "is not a Client ID: it must be digits, a period and digits, as Slack shows it "
            "(Basic Information of your Slack app)."
        )
    return text


def client_secret(text: str) -> str:
    """Slack shows it as 32 hexadecimal digits; only its being something else by mistake is refused."""
    if text.startswith(("xox", "xapp-")) or _CLIENT_ID.match(text):
        _refuse("is a token or an id: the Client Secret stands under Basic Information of your Slack app.")
    return _one_word(text)


def api_url(text: str) -> str:
    """With the slash at its end that the Web API's method names follow."""
    return _address(text) + "/"


def public_url(text: str) -> str:
    """Without a slash at its end: what is handed out is this and a path."""
    return _address(text)


def jitsi_url(text: str) -> str:
    """Without a slash at its end: a room's address is this and the room's name."""
    url = _address(text)
    parts = urlsplit(url)
    if parts.scheme != "https" and not _THIS_MACHINE.fullmatch(parts.hostname or ""):
        _refuse("must begin with https://: browsers give no camera and no microphone to other pages.")
    if not url.isascii() or not _PLAIN_PATH.fullmatch(parts.path):
        _refuse("must be in plain letters: write others as xn-- in the host, and with % in the path.")
    return url


def jitsi_app_id(text: str) -> str:
    """Whatever the server was told, in one word."""
    if not _NO_SPACE.match(text):
        _refuse("holds a space or a character that no app id has: copy it from the Jitsi server's settings.")
    return text


def jitsi_app_secret(text: str) -> str:
    """Long enough that nobody guesses it from a token."""
    if len(_one_word(text)) < SHORTEST_JITSI_SECRET:
        _refuse(
            "must be 32 characters or more, here and at the Jitsi server: whoever joins a meeting could guess "
            "a shorter one."
        )
    return text


def database_url(text: str) -> str:
    """Its kind is known and it names a database; whether it is there is found out by opening it."""
    parts = _split(text)
    if parts is None or parts.scheme not in DATABASE_SCHEMES:
        _refuse("must be sqlite:///path, postgresql://user:password@host/database or postgres://...")
    if parts.scheme == "sqlite" and (parts.netloc or not parts.path.strip("/")):
        _refuse("must name the file of the SQLite database after three slashes, as sqlite:///standing-room.db")
    if parts.scheme == "sqlite" and (":memory:" in parts.path or "mode=memory" in parts.query):
        _refuse("must name a file: an SQLite database in memory is gone with each connection.")
    if parts.scheme != "sqlite" and not parts.path.strip("/"):
        _refuse("must name the database at its end, as postgresql://user:password@host/database")
    return text


def passwords(url: str) -> tuple[str, ...]:
    """The password in a database's address, as written and decoded; empty when there is none."""
    parts = urlsplit(url)
    written = [parts.password or "", *(value for name, value in parse_qsl(parts.query) if name == "password")]
    return tuple(dict.fromkeys(text for password in written if password for text in (password, unquote(password))))


def host(text: str) -> str:
    """A host name or address alone."""
    if not _NO_SPACE.match(text) or "/" in text:
        _refuse("must be a host name or an address to listen on, without http:// and path, as 127.0.0.1 or 0.0.0.0")
    return text


def port(text: str) -> int:
    """0 to 65535."""
    number = _whole_number(text)
    if number is None or number > _HIGHEST_PORT:
        _refuse("must be a whole number from 1 to 65535, or 0 for any free port.")
    return number


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Comma-separated addresses or networks."""
    try:
        found = tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        _refuse("must be addresses or networks of proxies, with commas between, as 127.0.0.1, 10.0.0.0/8")
    if any(network.prefixlen == 0 for network in found):
        _refuse("names the whole internet: anybody could say to come from anywhere. Name your own proxies.")
    return found


def vanity_hosts(text: str) -> tuple[str, ...]:
    """Comma-separated host names, some of them with a star in the place of their first label."""
    found = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    if not all(is_domain(domain) for domain in found):
        _refuse(
            "must be host names, with commas between, as rooms.acme.example or, for any name below, *.rooms.example.com"
        )
    return found


def link_hold_days(text: str) -> int:
    """1 to 3650."""
    number = _whole_number(text)
    if number is None or not 1 <= number <= LONGEST_HOLD:
        _refuse("must be a whole number of days from 1 to 3650.")
    return number


def purge_after_days(text: str) -> int:
    """0 to 365."""
    number = _whole_number(text)
    if number is None or not 0 <= number <= LONGEST_KEPT:
        _refuse("must be a whole number of days from 0 to 365.")
    return number


def share_confirm_members(text: str) -> int:
    """1 to 100000."""
    number = _whole_number(text)
    if number is None or not 1 <= number <= MOST_MEMBERS:
        _refuse("must be a whole number of members from 1 to 100000.")
    return number


def secret_keys(text: str) -> tuple[str, ...]:
    """The comma-separated keys, each long enough and each once."""
    keys = tuple(part.strip() for part in text.split(","))
    if any(len(key) < SHORTEST_KEY for key in keys):
        _refuse(
            "must be 32 characters or more (each, where commas separate several): `python -m bot keys new` prints one."
        )
    if len(set(keys)) < len(keys):
        _refuse("holds the same key twice: name each key once, the current one first.")
    return keys


def log_level(text: str) -> str:
    """By name, in any case."""
    return one_of(LOG_LEVELS)(text.upper())


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """A reader that takes one of these words as they stand."""

    def read(text: str) -> str:
        if text not in choices:
            raise PydanticCustomError("setting", "must be one of: {choices}.", {"choices": ", ".join(choices)})
        return text

    return read


def _refuse(sentence: LiteralString) -> Never:
    raise PydanticCustomError("setting", sentence)


def _one_word(text: str) -> str:
    if not _NO_SPACE.match(text):
        _refuse("holds a space or a character that no such secret has: copy it again, whole and alone.")
    return text


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts if text.isprintable() and " " not in text else None


def _address(text: str) -> str:
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        _refuse("must be a whole address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        _refuse("must not hold a user name or a password.")
    if "?" in text or "#" in text:
        _refuse("must end with its host or path: no ? and no #.")
    return text.rstrip("/")
